"""A GAN of twice the size that begins as the one it grew from."""

import numpy as np
import pytest
import tensorflow as tf

from artgan.gan.config import preset
from artgan.gan.growing import can_grow
from artgan.gan.training import GAN, draw_latents
from artgan.runs.warm_start import begin_with

SMALL = {"size": 32, "width": 12, "discriminator_width": 16, "most_channels": 24}
SMALL |= {"latent_size": 16, "precision": "float32", "noise_start": 0.25}
LARGE = SMALL | {"size": 64, "width": 6, "discriminator_width": 8}


@pytest.fixture(scope="module")
def pair():
    """A GAN whose pictures differ, and one of twice the size grown from it."""
    small = GAN(preset("default", **SMALL))
    draw = np.random.default_rng(0)
    for network in small.generator_ema, small.discriminator:
        for variable in network.trainable_variables:
            change = draw.normal(0, 0.1, variable.shape)
            variable.assign_add(change.astype(np.float32))
    latents = draw_latents(small.config, 64, [1, 1])
    small.generator.set_weights(small.generator_ema.get_weights())
    for _ in range(30):  # for the moving averages, which painting uses
        small.generator(latents, training=True)
    small.generator_ema.set_weights(small.generator.get_weights())
    large = GAN(preset("default", **LARGE))
    begin_with(large, small)
    return small, large


def alike(first, second):
    """The correlation of two arrays."""
    return np.corrcoef(np.ravel(first), np.ravel(second))[0, 1]


def test_it_paints_the_same_pictures(pair):
    small, large = pair
    latents = draw_latents(small.config, 16, [1, 2])
    pictures = small.generator_ema(latents)
    assert np.std(pictures) > 0.1
    shrunk = tf.image.resize(large.generator_ema(latents), [32, 32], "area")
    assert alike(pictures, shrunk) > 0.9


def test_it_judges_alike(pair):
    small, large = pair
    draw = np.random.default_rng(2)
    coarse = draw.uniform(-1, 1, [24, 8, 8, 3]) * draw.uniform(0, 1, [24, 1, 1, 3])
    pictures = tf.image.resize(coarse, [32, 32], "nearest")
    doubled = tf.image.resize(pictures, [64, 64], "nearest")
    for _ in range(20):  # for the largest singular values
        large.discriminator(doubled, training=True)
    before, now = (
        gan.discriminator(p, training=False)[0]
        for gan, p in ((small, pictures), (large, doubled))
    )
    assert alike(before, now) > 0.7


@pytest.mark.parametrize(
    "changes",
    [
        {"size": 32},
        {"size": 128},
        {"shortcut": False},
        {"upsample": "transpose"},
        {"gated": True},
        {"kernel": 5},
        {"discriminator_width": 4},
    ],
)
def test_what_is_too_different_does_not_grow(changes):
    small = preset("default", **SMALL)
    assert can_grow(preset("default", **LARGE), small)
    assert not can_grow(preset("default", **LARGE | changes), small)
