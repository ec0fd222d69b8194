from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from arrays import numbers

from artgan.gan.feature_network import SCALES, feature_maps
from artgan.gan.projection import (
    Projection,
    cross_channel_mixing,
    cross_scale_mixing,
    random_mixing,
)


@pytest.fixture(scope="module")
def project(tiny_config):
    """The projection of `tiny_config`: 4 mixing channels, pictures of 32 pixels."""
    return Projection(tiny_config)


@pytest.fixture(scope="module")
def images(tiny_images):
    """Two pictures in [-1, 1]."""
    return tf.cast(tiny_images[:2], tf.float32) / 127.5 - 1


def bits(projection):
    """All that a projection draws."""
    kernels = projection.channel_mixing + projection.scale_mixing
    return [kernel.numpy() for kernel in kernels]


def test_the_mixing_follows_from_the_seed(project, tiny_config):
    tf.random.set_seed(1)
    np.random.seed(1)
    same, other = Projection(tiny_config), Projection(replace(tiny_config, seed=4))
    for one, again, another in zip(*map(bits, (project, same, other)), strict=True):
        assert (one == again).all()
        assert (one != another).mean() > 0.99
    assert len({kernel.tobytes() for kernel in bits(project)}) == 2 * len(SCALES)


def test_the_mixing_is_of_unit_gain():
    kernel = random_mixing(np.random.default_rng(0), 300, 200)
    assert kernel.shape == (1, 1, 300, 200)
    mixed = tf.nn.conv2d(numbers(4, 8, 8, 300) - 0.7, kernel, 1, "SAME")
    assert np.std(mixed) == pytest.approx(2.0, rel=0.1)


@pytest.mark.parametrize(("height", "width"), [(32, 32), (128, 128), (64, 96)])
def test_the_maps_and_the_picture_itself(height, width, project):
    images = tf.random.stateless_uniform([2, height, width, 3], [0, 1], -1.0, 1.0)
    with tf.GradientTape() as tape:
        *maps, picture = project(images)
    assert tape.watched_variables() == ()  # nothing of it is trained
    expected = [(2, height // s, width // s, s) for s in (4, 8, 16)]
    assert [x.shape for x in maps] == expected and picture is images
    assert all(np.isfinite(x).all() and np.std(x) > 0.01 for x in maps)


def some_maps(seed=0):
    """Maps as the feature network would give them, of few channels, fine to coarse."""
    shapes = [(8, 12, 3), (4, 6, 4), (2, 3, 5)]
    return [numbers(2, *shape, seed=seed + n) for n, shape in enumerate(shapes)]


def kernels(*shapes):
    random = np.random.default_rng(7)
    return [random_mixing(random, *shape) for shape in shapes]


CHANNEL_SHAPES = [(3, 4), (4, 8), (5, 16)]
SCALE_SHAPES = [(4, 2), (8, 4), (16, 8)]


def mix(maps):
    mixed = cross_channel_mixing(maps, kernels(*CHANNEL_SHAPES))
    return cross_scale_mixing(mixed, kernels(*SCALE_SHAPES))


def double(x):
    """Twice the resolution, each new pixel 3/4 of the nearer and 1/4 of the farther."""
    for axis in 1, 2:
        x = np.moveaxis(x, axis, 0)
        before = np.concatenate([x[:1], x[:-1]])
        after = np.concatenate([x[1:], x[-1:]])
        pairs = np.stack([(3 * x + before) / 4, (3 * x + after) / 4], axis=1)
        x = np.moveaxis(pairs.reshape(-1, *x.shape[1:]), 0, axis)
    return x


def test_mixing_is_that_of_a_plain_computation():
    maps = some_maps()
    channel, scale = (
        [kernel.numpy()[0, 0] for kernel in kernels(*shapes)]
        for shapes in (CHANNEL_SHAPES, SCALE_SHAPES)
    )
    fine, middle, coarse = (
        x.numpy() @ kernel for x, kernel in zip(maps, channel, strict=True)
    )
    coarse = double(coarse @ scale[2])
    middle = double((coarse + middle) @ scale[1])
    fine = double((middle + fine) @ scale[0])
    assert fine.shape == (2, 16, 24, 2)
    for mine, plain in zip(mix(maps), [fine, middle, coarse], strict=True):
        np.testing.assert_allclose(mine, plain, rtol=1e-3, atol=1e-3)


def test_it_looks_at_the_mixed_maps_of_the_feature_network(project, images):
    mixed = cross_channel_mixing(
        feature_maps(images, project.weights), project.channel_mixing
    )
    expected = cross_scale_mixing(mixed, project.scale_mixing)
    for mine, plain in zip(project(images)[:3], expected, strict=True):
        np.testing.assert_array_equal(mine, plain)
