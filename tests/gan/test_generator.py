"""Whoever adds a generator to the registry has it tested here."""

from math import prod

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import doubles
from keras import layers

from artgan.gan.config import preset
from artgan.gan.generator import GENERATORS, build_generator, modulated_normalization

NAMES = [name for name in GENERATORS if name != "flowers"]  # that is of storage
SMALL = {"base_channels": 1, "max_channels": 4, "latent_size": 5, "batch_size": 1}
# Height and width of the picture, and of the coarsest map.
SHAPES = {(32, 32): (4, 4), (192, 128): (6, 4), (96, 160): (3, 5)}


def small(**changes):
    """The default preset made narrow."""
    return preset("default", **SMALL | {"precision": "float32"} | changes)


def normal_latents(count=2, size=5):
    return tf.random.stateless_normal([count, size], [0, 1])


def kernels(network):
    """name -> the shape of its kernel, of every layer that has one."""
    found = [y for y in network.layers if hasattr(y, "kernel")]
    return {layer.name: tuple(layer.kernel.shape) for layer in found}


def ladder(network):
    """The shapes of the maps after each activation, each once."""
    kinds = layers.LeakyReLU, layers.Activation
    found = [y.output.shape[1:] for y in network.layers if isinstance(y, kinds)]
    return list(dict.fromkeys(shape for shape in found if len(shape) == 3))


WIDTHS = [256, 256, 128, 64, 32]  # of the maps of 4 to 64 pixels
SLIM = {"dense": (128, 4 * 4 * 256), "to_rgb": (4, 4, 3, 32)}
SLIM |= {f"up_{8 * 2**n}": (4, 4, WIDTHS[n + 1], WIDTHS[n]) for n in range(4)}
STYLES = {f"mapping_{n}": (128, 128) for n in (1, 2)}
STYLES |= {f"up_{8 * 2**n}_style": (128, 2 * WIDTHS[n + 1]) for n in range(4)}
STYLES["dense_style"] = (128, 512)
WIDE = [1024, 512, 256, 128, 64]  # of 8 to 128 pixels
CLASSIC = {"dense": (100, 8 * 8 * 1024), "to_rgb": (5, 5, 3, 64)}
CLASSIC |= {f"up_{16 * 2**n}": (5, 5, WIDE[n + 1], WIDE[n]) for n in range(4)}


@pytest.mark.parametrize(
    ("config", "shapes", "widths", "biases"),
    [
        (preset("default"), SLIM | STYLES, WIDTHS, 4096 + 256 + 1472 + 38912),
        (preset("default", generator="slim"), SLIM, WIDTHS, 4096),
        (preset("dcgan"), CLASSIC, WIDE, 65536),
    ],
    ids=["modulated", "slim", "dcgan"],
)
def test_each_layer_by_layer(config, shapes, widths, biases):
    network, first = build_generator(config), config.initial_resolution
    assert kernels(network) == shapes
    maps = [(first * 2**n, first * 2**n, c) for n, c in enumerate(widths)]
    assert ladder(network) == [*maps, (128, 128, 3)]
    normalized = widths[config.generator == "dcgan" :]
    numbers = sum(map(prod, shapes.values())) + biases + 3 + 4 * sum(normalized)
    assert network.count_params() == numbers
    for layer in network.layers:
        if isinstance(layer, layers.LeakyReLU):
            assert layer.negative_slope == pytest.approx(0.2)
        if hasattr(layer, "kernel") and "mapping" not in layer.name:
            assert np.std(layer.kernel) == pytest.approx(0.02, rel=0.1)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", NAMES)
def test_each_has_maps_of_the_pictures_shape(name, shape):
    height, width = shape
    network = build_generator(small(generator=name, size=height, width=width))
    assert network.output_shape == (None, *shape, 3)
    found = [map_shape[:2] for map_shape in ladder(network)]
    assert found[0] == SHAPES[shape]
    found = list(dict.fromkeys([*found, shape]))
    for coarse, fine in zip(found, found[1:], strict=False):
        assert fine == (2 * coarse[0], 2 * coarse[1])


@pytest.mark.parametrize("name", NAMES)
def test_each_paints_in_range_and_uses_all_of_its_latents(name):
    told = name == "modulated"  # the only one that knows of classes
    config = small(size=32, generator=name, classes="orange:3,blue:1" * told)
    count = 5 + 2 * told
    network, latents = build_generator(config), normal_latents(size=count)
    assert network.input_shape == (None, count)
    for training in (False, True):
        images = network(50 * latents, training=training)
        assert (images.shape, images.dtype) == ((2, 32, 32, 3), tf.float32)
        assert np.abs(images).max() <= 1 and np.std(images) > 0
    with tf.GradientTape() as tape:
        tape.watch(latents)
        images = network(latents)
    assert (np.abs(tape.gradient(images, latents)) > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_each_calls_its_weights_by_what_they_do_and_keeps_them_in_float32(name):
    """So that they are found by name, in every process and after many networks."""
    keras.config.set_dtype_policy("mixed_bfloat16")
    networks = [build_generator(small(size=32, generator=name)) for _ in range(2)]
    paths, again = ([weight.path for weight in y.weights] for y in networks)
    assert paths == again and len(set(paths)) == len(paths)
    assert "dense/kernel" in paths and "to_rgb/bias" in paths
    assert networks[0].name == "generator"
    assert {weight.dtype for weight in networks[0].weights} == {"float32"}
    assert networks[0](tf.zeros([2, 5])).dtype == tf.float32
    assert networks[0].get_layer("up_16").output.dtype == "bfloat16"


@pytest.mark.parametrize("each", [True, False])
@pytest.mark.parametrize("training", [True, False])
def test_modulation_is_its_formula(training, each):
    x, w = keras.Input([3, 4, 2]), keras.Input([5])
    network = keras.Model([x, w], modulated_normalization(x, w, "up", each))
    shape, axes = ([3, 4, 2], 0) if each else ([2], (0, 1, 2))
    beta, gamma, mean = doubles(3, *shape, seed=1)
    variance, kernel, bias = mean**2 + 1, doubles(5, 4), doubles(4, seed=2)
    numbers = [y.reshape(-1) for y in (gamma, beta, mean, variance)][2 * each :]
    network.get_layer("up_normalization").set_weights(numbers)
    network.get_layer("up_style").set_weights([kernel, bias])
    x, w = np.float32(doubles(6, 3, 4, 2)), np.float32(doubles(6, 5, seed=3))
    if training:
        mean, variance = x.mean(axes), x.var(axes)
    y = (x - mean) / np.sqrt(variance + 1e-5)
    y = y if each else gamma * y + beta
    style = (w @ kernel + bias)[:, None, None]
    expected = y * (1 + style[..., :2]) + style[..., 2:]
    found = network([x, w], training=training)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


def test_no_place_of_coarse_maps_is_alike_in_all_pictures_and_no_class_plans():
    network = build_generator(small(size=32, classes="orange:3,blue:1", batch_size=4))
    names = [f"{name}_normalization" for name in ("dense", "up_8", "up_16")]
    first, second, fine = map(network.get_layer, names)
    learnt = [*first.trainable_weights, *second.trainable_weights]
    assert not learnt and fine.trainable_weights  # it could stay in place
    look = keras.Model(network.input, [first.output, second.output])
    draw = np.random.default_rng(0)
    latents = np.float32(draw.normal(size=[4096, 7]))
    for found in look(latents, training=True):
        np.testing.assert_allclose(np.mean(found, 0), 0, atol=1e-4)
    unnamed = latents * np.float32([1] * 5 + [0] * 2)
    assert (look(latents)[0] == look(unnamed)[0]).numpy().all()
