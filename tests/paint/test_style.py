"""The plan of one seed in the brushwork of another."""

from dataclasses import replace

import numpy as np
import pytest
from painters import wild_model

from artgan.system.errors import ArtganError


def plan(picture):
    """A thumbnail of 8x8 squares, as one row."""
    return picture.reshape(8, 4, 8, 4, 3).mean(axis=(1, 3)).ravel()


def test_a_style_changes_the_picture_and_its_own_does_not(model):
    before = model.generator_ema.to_json()
    seeds = [*range(12)]
    own = model.generate(seeds)
    for seed in seeds[:2]:
        assert (model.generate([seed], style=seed)[0] == own[seed]).all()
    mixed, other = model.generate(seeds, style=40), model.generate([40])[0]
    assert (mixed != own).any(axis=(1, 2, 3)).all()
    assert model.generator_ema.to_json() == before
    assert (model.generate(seeds) == own).all()
    kept = [
        np.corrcoef(plan(a), plan(b))[0, 1] for a, b in zip(own, mixed, strict=True)
    ]
    apart = [np.corrcoef(plan(a), plan(other))[0, 1] for a in own]
    assert np.mean(kept) > np.mean(apart) + 0.1


def test_a_model_without_styles_is_told(tiny_config):
    slim = wild_model(replace(tiny_config, generator="slim"))
    with pytest.raises(ArtganError, match="no styles to mix"):
        slim.generate([3], style=7)
