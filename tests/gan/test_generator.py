from math import log2

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from artgan.gan.config import PRESETS, preset
from artgan.gan.generator import build_generator, channels, print_ladder

SMALL = {"base_channels": 1, "max_channels": 4, "latent_size": 3, "batch_size": 1}


def small(name="default", **changes):
    """A preset made narrow."""
    return preset(name, **SMALL | {"precision": "float32"} | changes)


def kernels(network):
    """(name, shape of the kernel, how many times finer) of every layer that has one."""
    maps = [y for y in network.layers if hasattr(y, "kernel") and y.name != "dense"]
    found = [("dense", tuple(network.get_layer("dense").kernel.shape), 1)]
    for y in maps:
        finer = y.output.shape[1] // y.input.shape[1]
        found.append((y.name, tuple(y.kernel.shape), finer))
    return found


def ladder(network):
    """The shapes of the maps that pass through a network, each once."""
    shapes = [y.output.shape[1:] for y in network.layers if len(y.output.shape) == 4]
    return list(dict.fromkeys(shapes))


def parameters(dense, maps, kernel_size, latent_size):
    """How many a generator of these maps has: dense, up, to_rgb, normalisation."""
    first, *ups, (_, colours) = maps
    up = sum(
        kernel_size**2 * a * b + 4 * b
        for (_, a), (_, b) in zip([first, *ups], ups, strict=False)
    )
    rgb = kernel_size**2 * (ups or [first])[-1][1] * colours + colours
    return (latent_size + 1) * first[0] ** 2 * first[1] + dense + up + rgb


def test_the_default_generator_layer_by_layer():
    config = preset("default", precision="float32", size=128, base_channels=16)
    network = build_generator(config)
    assert network.input_shape == (None, config.latent_size)
    assert ladder(network) == [
        (4, 4, 256),
        (8, 8, 256),
        (16, 16, 128),
        (32, 32, 64),
        (64, 64, 32),
        (128, 128, 3),
    ]
    assert kernels(network)[1:] == [
        ("up_8", (4, 4, 256, 256), 2),
        ("up_16", (4, 4, 128, 256), 2),
        ("up_32", (4, 4, 64, 128), 2),
        ("up_64", (4, 4, 32, 64), 2),
        ("to_rgb", (4, 4, 3, 32), 2),
    ]
    maps = [(shape[0], shape[2]) for shape in ladder(network)]
    expected = parameters(4 * 256, maps, 4, config.latent_size)
    assert network.count_params() == expected


@pytest.mark.parametrize("name", ["seed", "dcgan"])
def test_the_classic_generator_layer_by_layer(name):
    network = build_generator(preset(name, precision="float32"))
    assert network.input_shape == (None, 100)
    assert kernels(network) == [
        ("dense", (100, 8 * 8 * 1024), 1),
        ("up_16", (5, 5, 512, 1024), 2),
        ("up_32", (5, 5, 256, 512), 2),
        ("up_64", (5, 5, 128, 256), 2),
        ("up_128", (5, 5, 64, 128), 2),
        ("to_rgb", (5, 5, 3, 64), 1),
    ]
    assert ladder(network) == [
        (8, 8, 1024),
        (16, 16, 512),
        (32, 32, 256),
        (64, 64, 128),
        (128, 128, 64),
        (128, 128, 3),
    ]
    maps = [(shape[0], shape[2]) for shape in ladder(network)]
    assert network.count_params() == parameters(0, maps, 5, 100)
    activations = [y for y in network.layers if isinstance(y, layers.LeakyReLU)]
    assert [round(layer.negative_slope, 6) for layer in activations] == [0.2] * 5


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("size", [32, 64, 128, 256, 512])
def test_every_size_builds(name, size):
    config = small(name, size=size)
    network = build_generator(config)
    assert network.output_shape == (None, size, size, 3)
    names = [layer.name for layer in network.layers]
    assert len(set(names)) == len(names)
    doublings = log2(size / config.initial_resolution)
    up = [name for name, _, times in kernels(network)[1:] if times == 2]
    assert len(up) == doublings


@pytest.mark.parametrize("name", PRESETS)
def test_pictures_are_in_range_even_of_absurd_latents(name):
    config = small(name, size=32)
    latents = 50 * tf.random.stateless_normal([2, config.latent_size], [0, 1])
    for training in (False, True):
        images = build_generator(config)(latents, training=training)
        assert (images.shape, images.dtype) == ((2, 32, 32, 3), tf.float32)
        assert np.abs(images).max() <= 1 and np.std(images) > 0


def test_layers_are_called_by_what_they_do():
    """So that weights are found by name, in every process and after many networks."""
    for _ in range(2):
        network = build_generator(small(size=64))
    named = [y for y in network.layers if y.weights]
    assert network.name == "generator"
    assert [layer.name for layer in named] == [
        "dense",
        "dense_normalization",
        "up_8",
        "up_8_normalization",
        "up_16",
        "up_16_normalization",
        "up_32",
        "up_32_normalization",
        "to_rgb",
    ]
    paths = [weight.path for weight in network.weights]
    assert paths[0] == "dense/kernel" and len(set(paths)) == len(paths)


def test_halving_the_resolution_doubles_the_channels_up_to_the_most():
    config = small(size=256, base_channels=4, max_channels=16)
    found = [channels(config, r) for r in (256, 128, 64, 32, 4)]
    assert found == [4, 8, 16, 16, 16]
    assert max(shape[-1] for shape in ladder(build_generator(config))) == 16


@pytest.mark.parametrize(
    "changes",
    [
        {"initial_resolution": 1},
        {"initial_resolution": 8},
        {"generator": "dcgan"},
    ],
)
def test_each_choice_builds(changes):
    config = small(size=32, **changes)
    network = build_generator(config)
    images = network(tf.ones([2, 3]), training=True)
    assert images.shape == (2, 32, 32, 3)
    assert ladder(network)[0][0] == config.initial_resolution


def test_weights_start_at_a_deviation_of_a_fiftieth():
    network = build_generator(preset("default", size=64, precision="float32"))
    for layer in network.layers:
        if hasattr(layer, "kernel"):
            assert np.std(layer.kernel) == pytest.approx(0.02, rel=0.1)


def test_it_uses_all_of_its_latents():
    network = build_generator(small(size=32, latent_size=5))
    latents = tf.random.stateless_normal([1, 5], [0, 1])
    with tf.GradientTape() as tape:
        tape.watch(latents)
        images = network(latents)
    assert (np.abs(tape.gradient(images, latents)) > 0).all()


def test_under_bfloat16_weights_and_pictures_are_float32():
    keras.config.set_dtype_policy("mixed_bfloat16")
    network = build_generator(small(size=32, precision="bfloat16"))
    assert {weight.dtype for weight in network.weights} == {"float32"}
    images = network(tf.zeros([2, 3]))
    assert images.dtype == tf.float32
    assert network.get_layer("up_16").output.dtype == "bfloat16"


def test_the_ladder_shows_the_layers_that_have_weights(capsys):
    network = build_generator(small(size=32))
    print_ladder(network)
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == sum(bool(layer.weights) for layer in network.layers)
    count = f"{network.get_layer('to_rgb').count_params()}"
    assert ["to_rgb", "(32,", "32,", "3)", count, "weights"] in rows
