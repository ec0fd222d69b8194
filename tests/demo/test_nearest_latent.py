"""The search finds what the model painted itself, and keeps to its latents."""

from dataclasses import replace

import numpy as np
import pytest
from painters import wild_model

from artgan.demo.nearest_latent import (
    CANDIDATES,
    Found,
    adam,
    better,
    keep_in_range,
    nearest_latent,
    search,
)
from artgan.paint.paint import paint_seeds


@pytest.fixture(scope="module")
def painted(wild):
    """A picture of a seed that is not among the candidates."""
    return next(paint_seeds(wild, [CANDIDATES + 5]))


@pytest.fixture(scope="module")
def found(wild, painted):
    return nearest_latent(wild, painted, steps=40)


def test_the_distance_to_a_picture_of_its_own_falls_markedly(found):
    assert found.distance < 0.5 * found.first_distance


def test_the_picture_becomes_like_it_in_its_colours_too(wild, painted, found):
    begun = next(search(wild, painted)).picture
    away, now = (np.abs(p - np.float32(painted)).mean() for p in (begun, found.picture))
    assert now < 0.8 * away


def test_what_is_found_is_what_the_model_paints_from_the_latent(wild, found):
    image = wild.generator_ema(found.latent[None], training=False)[0].numpy()
    again = np.clip(image * 127.5 + 127.5, 0, 255)
    assert np.abs(again - found.picture).max() < 2
    assert found.picture.dtype == np.uint8


def test_the_callback_hears_of_each_step_and_of_no_worse_one(wild, painted):
    heard = []
    found = nearest_latent(wild, painted, 3, lambda *news: heard.append(news))
    assert [step for step, _ in heard] == [0, 1, 2, 3]
    distances = [news.distance for _, news in heard]
    assert distances == sorted(distances, reverse=True)
    assert heard[-1][1] is found and heard[0][1].distance == found.first_distance


def test_a_callback_can_end_the_search(wild, painted):
    def stop(step, found):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        nearest_latent(wild, painted, 3, stop)


def test_the_same_photograph_gives_the_same_latent(wild, painted):
    one, other = (nearest_latent(wild, painted, 2) for _ in range(2))
    np.testing.assert_allclose(one.latent, other.latent, atol=1e-4)


def test_uniform_latents_stay_where_they_are_drawn(tiny_config, painted):
    model = wild_model(replace(tiny_config, latent_distribution="uniform"))
    assert np.abs(nearest_latent(model, painted, 5).latent).max() <= 1
    latents = np.float32([[-3, 0.5, 2]])
    assert keep_in_range(model.config, latents).tolist() == [[-1, 0.5, 1]]
    assert (keep_in_range(tiny_config, latents) == latents).all()


def test_a_worse_latent_does_not_take_the_place_of_a_better_one():
    best = Found(np.zeros(2), np.zeros([1, 1, 3]), 0.5, 0.9)
    assert better(best, np.ones([1, 2]), np.array([0.6]), None) is best


def test_adam_begins_with_the_learning_rate_and_ends_with_none():
    latents, moments = adam(np.zeros([1, 2]), np.array([[4.0, -0.1]]), (0, 0), 0, 10)
    np.testing.assert_allclose(latents, [[-0.05, 0.05]], rtol=1e-4)
    ended, _ = adam(latents, np.ones([1, 2]), moments, 10, 10)
    np.testing.assert_allclose(ended, latents, atol=1e-6)
