"""What is painted from seeds, by a model or from latents."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from artgan.paint.paint import BATCH, paint, paint_seeds, resample, seed_latents
from artgan.system.errors import ArtganError


def painted(model, seeds, truncation=1.0):
    return np.stack(list(paint_seeds(model, seeds, truncation)))


def test_a_picture_does_not_depend_on_the_others(model):
    seeds = [*range(BATCH + 3), 2**31 - 1]
    pictures = painted(model, seeds)
    assert pictures.shape == (BATCH + 4, 32, 32, 3) and pictures.dtype == np.uint8
    assert len({picture.tobytes() for picture in pictures}) == len(seeds)
    for number in (0, 5, BATCH, BATCH + 3):
        assert (painted(model, [seeds[number]])[0] == pictures[number]).all()
    assert (painted(model, seeds[::-1])[::-1] == pictures).all()
    assert np.abs(paint(model, seeds[:3]) - pictures[:3].astype(int)).max() <= 1


def test_colours_are_scaled_by_the_range_alone(model):
    half = replace(model, config=replace(model.config, pixel_range=0.5))
    whole, twice = painted(model, [3]) / 127.5 - 1, painted(half, [3]) / 127.5 - 1
    assert np.abs(np.clip(2 * whole, -1, 1) - twice).max() < 0.02


def test_truncation_leads_to_one_picture(model):
    spread = [painted(model, range(6), psi).std(axis=0).mean() for psi in (1, 0.5, 0)]
    assert spread[0] > spread[1] > spread[2] == 0


def test_latents_are_drawn_as_the_config_says(tiny_config):
    normal = seed_latents(tiny_config, range(200))
    flat = replace(tiny_config, latent_distribution="uniform")
    uniform = seed_latents(flat, range(200))
    assert normal.shape == uniform.shape == (200, 6)
    assert np.abs(normal).max() > 2 and 0.9 < np.abs(uniform).max() <= 1
    other = replace(tiny_config, seed=4)
    assert not np.isclose(seed_latents(other, [0]), normal[0]).any()


def test_only_other_sizes_are_resampled_and_keep_their_shape(model):
    picture = painted(model, [1])[0]
    assert (np.asarray(resample(picture, 32)) == picture).all()
    assert resample(picture, 50).size == (50, 50)
    assert resample(picture[:16], 8).size == (16, 8)


def test_a_painter_gives_the_pictures_of_its_seeds(model):
    pictures = model.generate([3, 9])
    np.testing.assert_array_equal(pictures, painted(model, [3, 9]))
    assert model.generate().shape == (8, 32, 32, 3)
    assert model.generate(np.arange(1), size=np.int64(50)).shape == (1, 50, 50, 3)
    assert (model.generate([3], truncation=0.2) != pictures[:1]).any()


@pytest.mark.parametrize("seeds", [count(), range(10**9), iter(int, 1)])
@pytest.mark.parametrize("size", [1, None, 4096])
def test_seeds_without_end_are_refused_before_they_are_listed(model, seeds, size):
    for paint_them in model.generate, model.walk:
        with pytest.raises(ArtganError, match="do not fit into memory"):
            paint_them(seeds, size=size)


@pytest.mark.parametrize("seeds", ["12", b"12", None, 3, [], [1.5], [-1], [True]])
def test_seeds_are_whole_numbers(model, seeds):
    with pytest.raises(ArtganError, match="must be"):
        model.generate(seeds)
