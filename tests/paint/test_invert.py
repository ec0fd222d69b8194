"""The search finds what the model painted itself, and keeps to its latents."""

from dataclasses import replace

import numpy as np
import pytest
from painters import wild_model

from artgan.paint.invert import CANDIDATES, invert
from artgan.paint.paint import paint_latents, paint_seeds


@pytest.fixture(scope="module")
def wild(tiny_config):
    return wild_model(tiny_config)


@pytest.fixture(scope="module")
def painted(wild):
    """A picture of a seed that is not among the candidates."""
    return next(paint_seeds(wild, [CANDIDATES + 5]))


@pytest.fixture(scope="module")
def search(wild, painted):
    """The latents that are found in 40 steps, and the distance after each."""
    heard = []
    latents = invert(wild, painted, 40, lambda *news: heard.append(news))
    assert [step for step, _ in heard] == list(range(41))
    return latents, [distance for _, distance in heard]


def test_the_picture_becomes_like_the_image(wild, painted, search):
    latents, distances = search
    assert distances == sorted(distances, reverse=True)  # of the best so far
    assert distances[-1] < 0.5 * distances[0]
    found, other = paint_latents(wild, np.concatenate([latents, -latents]))
    away, near = (np.abs(p - np.float32(painted)).mean() for p in (other, found))
    assert near < 0.5 * away


def test_the_middle_of_a_wide_image_is_looked_at(wild, painted, search):
    wide = np.pad(painted, [(0, 0), (40, 40), (0, 0)])
    heard = []
    invert(wild, wide, 0, lambda step, distance: heard.append(distance))
    assert heard[0] == pytest.approx(search[1][0], abs=1e-3)


def test_uniform_latents_stay_where_they_are_drawn(tiny_config, painted):
    uniform = wild_model(replace(tiny_config, latent_distribution="uniform"))
    assert np.abs(invert(uniform, painted, 20)).max() <= 1


def test_what_the_callback_raises_ends_the_search(wild, painted):
    def stop(step, distance):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        invert(wild, painted, 3, stop)
