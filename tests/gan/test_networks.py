import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from artgan.gan.config import PRESETS, preset
from artgan.gan.networks import build_discriminator, build_generator

CONVOLUTIONS = (layers.Dense, layers.Conv2D, layers.Conv2DTranspose)


@pytest.fixture(autouse=True)
def float32():
    """Whatever another test chose, these networks are float32."""
    keras.config.set_dtype_policy("float32")


@pytest.fixture(scope="module", params=["seed", "dcgan"])
def classic(request):
    """The networks of a classic preset."""
    config = preset(request.param, precision="float32")
    return build_generator(config), build_discriminator(config)


def kernels(network):
    """(shape of the kernel, stride) of every layer that has one, in order."""
    return [
        (tuple(layer.kernel.shape), getattr(layer, "strides", (1, 1))[0])
        for layer in network.layers
        if isinstance(layer, CONVOLUTIONS)
    ]


def grids(network):
    """The shapes that pass through a network, each once, without the batch."""
    shapes = [layer.output.shape[1:] for layer in network.layers]
    return [shapes[0]] + [b for a, b in zip(shapes, shapes[1:], strict=False) if a != b]


def test_the_classic_generator_layer_by_layer(classic):
    generator, _ = classic
    assert generator.input_shape == (None, 100)
    assert kernels(generator) == [
        ((100, 8 * 8 * 1024), 1),
        ((5, 5, 512, 1024), 2),  # transposed: output channels first
        ((5, 5, 256, 512), 2),
        ((5, 5, 128, 256), 2),
        ((5, 5, 64, 128), 2),
        ((5, 5, 64, 3), 1),
    ]
    assert grids(generator)[2:] == [
        (8, 8, 1024),
        (16, 16, 512),
        (32, 32, 256),
        (64, 64, 128),
        (128, 128, 64),
        (128, 128, 3),
    ]


def test_the_classic_discriminator_layer_by_layer(classic):
    _, discriminator = classic
    assert discriminator.input_shape == (None, 128, 128, 3)
    assert kernels(discriminator) == [
        ((5, 5, 3, 64), 2),
        ((5, 5, 64, 128), 2),
        ((5, 5, 128, 256), 2),
        ((5, 5, 256, 512), 2),
        ((5, 5, 512, 1024), 2),
        ((4 * 4 * 1024, 1), 1),
    ]
    assert [output.shape for output in discriminator.outputs] == [(None, 1)]


def test_the_classic_networks_have_as_many_parameters_as_their_shapes_say(classic):
    generator, discriminator = classic
    widths = [1024, 512, 256, 128, 64]
    transposed = sum(25 * a * b for a, b in zip(widths, widths[1:], strict=False))
    normalized = 4 * sum(widths[1:])
    dense = 101 * 8 * 8 * 1024
    assert generator.count_params() == dense + transposed + normalized + 25 * 64 * 3 + 3
    widths = [3, 64, 128, 256, 512, 1024]
    convolved = sum(25 * a * b for a, b in zip(widths, widths[1:], strict=False))
    each = 5 * sum(widths[1:])  # a bias, and four numbers to normalise
    dense = 4 * 4 * 1024 + 1
    assert discriminator.count_params() == convolved + each + dense


def test_the_classic_activations_are_leaky(classic):
    for network, count in zip(classic, (5, 5), strict=True):
        found = [y for y in network.layers if isinstance(y, layers.LeakyReLU)]
        assert len(found) == count
        assert {round(layer.negative_slope, 6) for layer in found} == {0.2}


def test_the_classic_weights_start_at_a_deviation_of_a_fiftieth(classic):
    for network in classic:
        for layer in network.layers:
            if isinstance(layer, CONVOLUTIONS):
                assert np.std(layer.kernel) == pytest.approx(0.02, rel=0.1)


def small(name, **changes):
    """A preset made narrow."""
    narrow = {"width": 2, "discriminator_width": 2, "latent_size": 3}
    return preset(name, **narrow | {"precision": "float32"} | changes)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("size", [32, 128])
def test_shapes_ranges_and_dtypes_of_every_preset(name, size):
    config = small(name, size=size, batch_size=2)
    latents = 50 * tf.random.stateless_normal([2, config.latent_size], [0, 1])
    images = build_generator(config)(latents)
    assert (images.shape, images.dtype) == ((2, size, size, 3), tf.float32)
    assert np.abs(images).max() <= 1 and np.std(images) > 0
    logits, *redrawn = tf.nest.flatten(build_discriminator(config)(images))
    assert (logits.shape, logits.dtype) == ((2, 1), tf.float32)
    assert len(redrawn) == config.reconstruct
    for picture in redrawn:
        assert picture.shape == (2, size // 2, size // 2, 3)
        assert picture.dtype == tf.float32
        assert np.abs(picture).max() <= 1


@pytest.mark.parametrize("size", [16, 64, 256])
def test_other_sizes_build(size):
    config = small("default", size=size)
    assert build_generator(config).output_shape == (None, size, size, 3)
    assert build_discriminator(config).input_shape == (None, size, size, 3)


def test_no_layer_is_wider_than_allowed():
    config = small("dcgan", size=256, width=4, discriminator_width=4, most_channels=16)
    for network in build_generator(config), build_discriminator(config):
        spatial = [y.output.shape for y in network.layers if len(y.output.shape) == 4]
        assert max(shape[-1] for shape in spatial) == 16


def test_under_bfloat16_weights_and_outputs_are_float32():
    keras.config.set_dtype_policy("mixed_bfloat16")
    config = small("default", size=32, precision="bfloat16")
    generator, discriminator = build_generator(config), build_discriminator(config)
    for network in generator, discriminator:
        assert {weight.dtype for weight in network.weights} == {"float32"}
    images = generator(tf.zeros([2, config.latent_size]))
    outputs = [images, *tf.nest.flatten(discriminator(images))]
    assert {output.dtype for output in outputs} == {tf.float32}


def test_the_generator_uses_all_of_its_latents():
    config = small("default", size=16, latent_size=5)
    generator = build_generator(config)
    latents = tf.random.stateless_normal([1, 5], [0, 1])
    with tf.GradientTape() as tape:
        tape.watch(latents)
        images = generator(latents)
    assert (np.abs(tape.gradient(images, latents)) > 0).all()
