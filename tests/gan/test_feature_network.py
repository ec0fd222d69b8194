"""The frozen network against one of plain Keras layers, built from its file alone."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import doubles, gradient_of, slope, unrolled
from keras import layers
from safetensors import safe_open

from artgan.gan.feature_network import (
    FEATURES_FILE,
    FEATURES_SHA256,
    SCALES,
    STAGES,
    feature_maps,
    load_features,
    pooled_features,
    read_frozen,
)
from artgan.gan.training import GAN
from artgan.system.errors import ArtganError
from artgan.system.files import shipped

# Stride and channels of the last map at each resolution, and of those that are used.
ALL_SHAPES = [(4, 24), (8, 40), (16, 112), (32, 320)]
SHAPES = ALL_SHAPES[-len(SCALES) :]


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


def noise(count, size, seed=0):
    """Pictures with something in every place: [count, size, size, 3] in [-1, 1]."""
    values = np.random.default_rng(seed).uniform(-1, 1, [count, size, size, 3])
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
    found = []
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
        found.append(x)
    last = {x.shape[1]: x for x in found}
    return keras.Model(images, [last[size // stride] for stride, _ in SHAPES])


def test_the_table_is_that_of_the_file(stored):
    _, blocks = stored
    assert unrolled(STAGES) == [tuple(block.values()) for block in blocks]
    assert list(blocks[0]) == ["in", "out", "kernel", "stride", "expand"]
    assert [STAGES[number][0] for number in SCALES] == [c for _, c in SHAPES]
    for number in SCALES[:-1]:  # the last map before the resolution halves
        assert STAGES[number + 1][2] == 2


def test_the_weights_are_those_of_the_file(stored, weights):
    arrays, _ = stored
    assert weights.keys() == arrays.keys()
    assert all((weights[name].numpy() == arrays[name]).all() for name in arrays)


def test_each_map_is_that_of_a_plain_network(stored, weights):
    images = noise(2, 64)
    expected = plain_network(*stored, 64)(images)
    for mine, plain in zip(feature_maps(images, weights), expected, strict=True):
        assert np.abs(mine - plain).max() < 1e-4 * np.abs(plain).max()
        assert np.std(plain) > 0.1


@pytest.mark.parametrize("size", [32, 64, 96])
def test_the_maps_become_coarse_and_deep(size, weights):
    maps = feature_maps(noise(2, size), weights)
    expected = [(2, size // s, size // s, depth) for s, depth in SHAPES]
    assert [tuple(x.shape) for x in maps] == expected


def test_the_gradient_for_the_picture_is_its_slope(weights):
    exact = {name: tf.cast(array, tf.float64) for name, array in weights.items()}
    image = np.clip(doubles(1, 32, 32, 3) / 3, -1, 1)
    weighting = [doubles(1, 32 // s, 32 // s, c, seed=s) for s, c in SHAPES]

    @tf.function
    def number(image):
        pairs = zip(feature_maps(image, exact), weighting, strict=True)
        return tf.add_n([tf.reduce_mean(x * w) for x, w in pairs])

    gradient = gradient_of(number, image)
    assert np.abs(gradient).max() > 1e-4
    for seed in range(4):
        direction = doubles(*image.shape, seed=seed) - 0.7
        direction /= np.linalg.norm(direction)
        along = (gradient * direction).sum()
        assert slope(number, image, direction) == pytest.approx(along, rel=1e-3)


def test_bfloat16_sees_about_the_same(weights):
    half = {name: tf.cast(array, tf.bfloat16) for name, array in weights.items()}
    images = noise(1, 64)
    expected = feature_maps(images, weights)
    maps = feature_maps(tf.cast(images, tf.bfloat16), half)
    for mine, full in zip(maps, expected, strict=True):
        assert mine.dtype == tf.bfloat16
        mine = tf.cast(mine, tf.float32)
        assert np.corrcoef(np.ravel(mine), np.ravel(full))[0, 1] > 0.98


def test_the_weights_have_the_type_that_networks_compute_in():
    keras.config.set_dtype_policy("mixed_bfloat16")
    assert {w.dtype for w in load_features().values()} == {tf.bfloat16}


def test_pooled_features_are_the_means_of_the_two_coarsest_maps(weights):
    images = np.random.default_rng(1).integers(0, 256, [3, 64, 64, 3], np.uint8)
    pooled = pooled_features(images, weights)
    assert (pooled.shape, pooled.dtype) == ((3, 112 + 320), np.float32)
    maps = feature_maps(images.astype(np.float32) / 127.5 - 1, weights)[-2:]
    expected = np.concatenate([np.mean(x, axis=(1, 2)) for x in maps], axis=1)
    np.testing.assert_allclose(pooled, expected, atol=1e-4)
    each = np.concatenate([pooled_features(images[i : i + 1], weights) for i in (0, 1)])
    np.testing.assert_allclose(pooled[:2], each, atol=1e-3)


def test_nothing_of_it_is_trained_or_stored(weights, tiny_config):
    assert not any(
        isinstance(w, tf.Variable | keras.Variable) for w in weights.values()
    )
    gan = GAN(tiny_config)
    networks = gan.generator, gan.discriminator, gan.generator_ema
    stored = sum(v.shape.num_elements() for n in networks for v in n.variables)
    frozen = sum(w.shape.num_elements() for w in weights.values())
    assert frozen > 2_500_000 > 50 * stored


def damaged(data):
    """Three files that are not the feature network."""
    return {
        "cut": data[:-1],
        "empty": b"",
        "flipped": data[:-1] + bytes([data[-1] ^ 1]),
    }


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped"])
def test_a_damaged_file_is_told(damage, tmp_path):
    path = tmp_path / "features.safetensors"
    path.write_bytes(damaged(shipped(FEATURES_FILE).read_bytes())[damage])
    with pytest.raises(ArtganError, match="features.safetensors is damaged"):
        read_frozen(str(path), FEATURES_SHA256)


def test_a_missing_file_or_a_folder_is_told(tmp_path):
    with pytest.raises(ArtganError, match="is damaged, missing or"):
        read_frozen(str(tmp_path / "missing"), FEATURES_SHA256)
    with pytest.raises(ArtganError, match="is damaged, missing or"):
        read_frozen(str(tmp_path), FEATURES_SHA256)
