"""The frozen network against one of plain Keras layers, built from its file alone."""

import json

import keras
import numpy as np
import pytest
from arrays import unrolled
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
from artgan.system.errors import ArtganError
from artgan.system.shipped import shipped

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


def noise(*shape):
    """Pictures with something in every place: [count, height, width, 3] in [-1, 1]."""
    return np.random.default_rng(0).uniform(-1, 1, [*shape, 3]).astype(np.float32)


def plain_network(arrays, blocks, height, width):
    """The network of a table of blocks, made of Keras's layers: images -> its maps."""

    def layer(kind, name, *arguments, **options):
        made = kind(*arguments, padding="same", dtype="float32", **options)

        def call(x):
            made.build(x.shape)
            made.set_weights([arrays[f"{name}.kernel"], arrays[f"{name}.bias"]])
            return made(x)

        return call

    images = keras.Input([height, width, 3])
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
    return keras.Model(images, [last[height // stride] for stride, _ in SHAPES])


def test_the_table_is_that_of_the_file(stored):
    _, blocks = stored
    assert unrolled(STAGES) == [tuple(block.values()) for block in blocks]
    assert list(blocks[0]) == ["in", "out", "kernel", "stride", "expand"]
    assert [STAGES[number][0] for number in SCALES] == [c for _, c in SHAPES]
    for number in SCALES[:-1]:  # the last map before the resolution halves
        assert STAGES[number + 1][2] == 2


def test_each_map_is_that_of_a_plain_network(stored, weights):
    images = noise(2, 64, 96)
    expected = plain_network(*stored, 64, 96)(images)
    assert [x.shape for x in expected] == [(2, 64 // s, 96 // s, c) for s, c in SHAPES]
    for mine, plain in zip(feature_maps(images, weights), expected, strict=True):
        assert np.abs(mine - plain).max() < 1e-4 * np.abs(plain).max()
        assert np.std(plain) > 0.1


@pytest.mark.parametrize("change", [lambda x: x[:-1], lambda x: x[:-1] + b"!"])
def test_a_damaged_or_missing_file_is_told(change, tmp_path):
    path = tmp_path / "features.safetensors"
    with pytest.raises(ArtganError, match="cannot be read.*features"):
        read_frozen(str(path), FEATURES_SHA256)
    path.write_bytes(change(shipped(FEATURES_FILE).read_bytes()))
    with pytest.raises(ArtganError, match="features.safetensors is damaged"):
        read_frozen(str(path), FEATURES_SHA256)


def test_pooled_features_are_the_means_of_the_two_coarsest_maps(weights):
    images = np.random.default_rng(1).integers(0, 256, [3, 64, 32, 3], np.uint8)
    maps = feature_maps(images.astype(np.float32) / 127.5 - 1, weights)[-2:]
    expected = np.concatenate([np.mean(x, axis=(1, 2)) for x in maps], axis=1)
    np.testing.assert_allclose(pooled_features(images, weights), expected, atol=1e-4)
