"""The search finds what the model painted itself, and keeps to its latents."""

from dataclasses import replace

import numpy as np
import pytest
from painters import wild_model

from artgan.paint.invert import CANDIDATES, search
from artgan.paint.paint import paint_latents, paint_seeds


@pytest.fixture(scope="module")
def painted(model):
    """A picture of a seed that is not among the candidates."""
    return next(paint_seeds(model, [CANDIDATES + 5]))


def test_the_picture_becomes_like_the_middle_of_the_image(model, painted):
    found, distances = zip(*search(model, painted, 40), strict=True)
    assert len(distances) == 41
    assert list(distances) == sorted(distances, reverse=True)  # of the best so far
    assert distances[-1] < 0.5 * distances[0]
    latents = np.concatenate([found[-1], -found[-1]])
    near, away = (
        np.abs(picture - np.float32(painted)).mean()
        for picture in paint_latents(model, latents)
    )
    assert near < 0.5 * away
    wide = np.pad(painted, [(0, 0), (40, 40), (0, 0)])
    [(_, distance)] = search(model, wide, 0)
    assert distance == pytest.approx(distances[0], abs=1e-3)


def test_latents_stay_where_they_are_drawn_and_classes_are_shares(tiny_config, painted):
    flat = replace(tiny_config, latent_distribution="uniform", classes="a:3,b:2")
    latents = wild_model(flat).invert(painted, 20)
    assert latents.shape == (1, 8) and np.abs(latents).max() <= 1
    assert (latents[:, 6:] >= 0).all()
