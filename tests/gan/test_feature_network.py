"""The frozen network against one of plain Keras layers, and what its maps become."""

import json
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import numbers, unrolled
from keras import layers
from safetensors import safe_open

from artgan.gan.feature_network import (
    FEATURES_FILE,
    FEATURES_SHA256,
    SCALES,
    STAGES,
    Projection,
    cross_channel_mixing,
    cross_scale_mixing,
    feature_maps,
    load_features,
    pooled_features,
    random_mixing,
    read_frozen,
)
from artgan.system.errors import ArtganError
from artgan.system.files import shipped

SHAPES = [(8, 40), (16, 112), (32, 320)]  # stride and channels of the maps


@pytest.fixture(scope="module")
def stored():
    """The arrays of the file by name in float32, and its table of blocks."""
    with safe_open(shipped(FEATURES_FILE), "np") as file:
        names = file.keys()
        arrays = {name: file.get_tensor(name).astype(np.float32) for name in names}
        return arrays, json.loads(file.metadata()["blocks"])


@pytest.fixture(scope="module")
def weights():
    """The weights in float32."""
    return load_features()


def noise(count, height, width, seed=0):
    """Pictures with something in every place: [count, height, width, 3] in [-1, 1]."""
    values = np.random.default_rng(seed).uniform(-1, 1, [count, height, width, 3])
    return values.astype(np.float32)


def plain_network(arrays, blocks, size):
    """The network of a table of blocks, made of Keras's layers: images -> its maps."""

    def layer(kind, name, *arguments, **options):
        made = kind(*arguments, padding="same", dtype="float32", **options)

        def call(x):
            made.build(x.shape)
            made.set_weights([arrays[f"{name}.kernel"], arrays[f"{name}.bias"]])
            return made(x)

        return call

    images = keras.Input([size, size, 3])
    x = layers.ReLU(6)(layer(layers.Conv2D, "stem", 32, 3, strides=2)(images))
    found = {}
    for number, block in enumerate(blocks):
        name, inputs, kernel = f"block{number:02d}", x, block["kernel"]
        if block["expand"] > 1:
            inner = block["in"] * block["expand"]
            x = layers.ReLU(6)(layer(layers.Conv2D, f"{name}.expand", inner, 1)(x))
        depthwise, strides = f"{name}.depthwise", block["stride"]
        filtered = layer(layers.DepthwiseConv2D, depthwise, kernel, strides=strides)(x)
        x = layers.ReLU(6)(filtered)
        x = layer(layers.Conv2D, f"{name}.project", block["out"], 1)(x)
        if strides == 1 and block["in"] == block["out"]:
            x = layers.Add()([x, inputs])
        found[x.shape[1]] = x  # the last of each resolution stays
    return keras.Model(images, [found[size // stride] for stride, _ in SHAPES])


def test_it_is_the_network_of_the_file(stored, weights):
    arrays, blocks = stored
    assert unrolled(STAGES) == [tuple(block.values()) for block in blocks]
    assert all((weights[name].numpy() == arrays[name]).all() for name in arrays)
    images = noise(2, 64, 64)
    expected = plain_network(*stored, 64)(images)
    for mine, plain in zip(feature_maps(images, weights), expected, strict=True):
        assert np.abs(mine - plain).max() < 1e-4 * np.abs(plain).max()
        assert np.std(plain) > 0.1
    keras.config.set_dtype_policy("mixed_bfloat16")
    half = load_features()
    for mine, full in zip(feature_maps(images, half), expected, strict=True):
        assert mine.dtype == tf.bfloat16
        mine = tf.cast(mine, tf.float32)
        assert np.corrcoef(np.ravel(mine), np.ravel(full))[0, 1] > 0.98


def test_pooled_features_are_the_means_of_the_two_coarsest_maps(weights):
    images = np.random.default_rng(1).integers(0, 256, [3, 64, 64, 3], np.uint8)
    pooled = pooled_features(images, weights)
    assert (pooled.shape, pooled.dtype) == ((3, 112 + 320), np.float32)
    maps = feature_maps(images.astype(np.float32) / 127.5 - 1, weights)[-2:]
    expected = np.concatenate([np.mean(x, axis=(1, 2)) for x in maps], axis=1)
    np.testing.assert_allclose(pooled, expected, atol=1e-4)


def test_a_damaged_or_missing_file_is_told(tmp_path):
    data, path = shipped(FEATURES_FILE).read_bytes(), tmp_path / "features.safetensors"
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    for wrong in path, tmp_path / "missing", tmp_path:
        with pytest.raises(ArtganError, match="is damaged, missing or another"):
            read_frozen(str(wrong), FEATURES_SHA256)


def kernels_of(projection):
    """All that a projection draws."""
    kernels = projection.channel_mixing + projection.scale_mixing
    return [kernel.numpy() for kernel in kernels]


def test_the_mixing_follows_from_the_seed_and_keeps_the_gain(tiny_config):
    first = kernels_of(Projection(tiny_config))
    same, other = Projection(tiny_config), Projection(replace(tiny_config, seed=4))
    for one, again, another in zip(first, *map(kernels_of, (same, other)), strict=True):
        assert (one == again).all() and (one != another).mean() > 0.99
    assert len({kernel.tobytes() for kernel in first}) == 2 * len(SCALES)
    kernel = random_mixing(np.random.default_rng(0), 300, 200)
    mixed = tf.nn.conv2d(numbers(4, 8, 8, 300) - 0.7, kernel, 1, "SAME")
    assert np.std(mixed) == pytest.approx(2.0, rel=0.1)


def test_it_gives_mixed_maps_and_the_picture_itself(tiny_config):
    project, images = Projection(tiny_config), noise(2, 64, 96)
    with tf.GradientTape() as tape:
        *maps, picture = project(images)
    assert tape.watched_variables() == ()  # nothing of it is trained
    assert [x.shape for x in maps] == [(2, 64 // s, 96 // s, s) for s in (4, 8, 16)]
    assert picture is images and all(np.std(x) > 0.01 for x in maps)
    found = feature_maps(images, project.weights)
    mixed = cross_channel_mixing(found, project.channel_mixing)
    for x, y in zip(maps, cross_scale_mixing(mixed, project.scale_mixing), strict=True):
        np.testing.assert_array_equal(x, y)


def double(x):
    """Twice the resolution, each new pixel 3/4 of the nearer and 1/4 of the farther."""
    for axis in 1, 2:
        x = np.moveaxis(x, axis, 0)
        before, after = np.concatenate([x[:1], x[:-1]]), np.concatenate([x[1:], x[-1:]])
        pairs = np.stack([(3 * x + before) / 4, (3 * x + after) / 4], axis=1)
        x = np.moveaxis(pairs.reshape(-1, *x.shape[1:]), 0, axis)
    return x


def test_mixing_is_that_of_a_plain_computation():
    random = np.random.default_rng(7)
    shapes = [(8, 12, 3), (4, 6, 4), (2, 3, 5)]  # fine to coarse
    maps = [numbers(2, *shape, seed=n) for n, shape in enumerate(shapes)]
    channel = [random_mixing(random, *shape) for shape in [(3, 4), (4, 8), (5, 16)]]
    scale = [random_mixing(random, *shape) for shape in [(4, 2), (8, 4), (16, 8)]]
    pairs = zip(maps, channel, strict=True)
    fine, middle, coarse = (x.numpy() @ kernel.numpy()[0, 0] for x, kernel in pairs)
    coarse = double(coarse @ scale[2].numpy()[0, 0])
    middle = double((coarse + middle) @ scale[1].numpy()[0, 0])
    fine = double((middle + fine) @ scale[0].numpy()[0, 0])
    mixed = cross_scale_mixing(cross_channel_mixing(maps, channel), scale)
    for mine, plain in zip(mixed, [fine, middle, coarse], strict=True):
        np.testing.assert_allclose(mine, plain, rtol=1e-3, atol=1e-3)
