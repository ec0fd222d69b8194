"""Whoever adds a discriminator to the registry has it tested here."""

from dataclasses import replace
from math import prod

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from artgan.gan.config import preset
from artgan.gan.discriminator import (
    DISCRIMINATORS,
    build_dcgan_discriminator,
    build_projected_discriminator,
    projected,
)
from artgan.gan.spectral_norm import SpectralConv2D
from artgan.gan.training import GAN, discriminate, train_step

SMALL = {"base_channels": 2, "mixing_channels": 2, "head_channels": 8, "latent_size": 3}
SIZES = [32, 64, 128, 256]


def small(**changes):
    """The default preset made narrow."""
    return preset(
        "default", **SMALL | {"batch_size": 2, "precision": "float32"} | changes
    )


def noise(network, seed=0):
    """Two made-up views for a network: an array for each of its inputs."""
    random = np.random.default_rng(seed)
    shapes = [[2, *x.shape[1:]] for x in network.inputs]
    return [tf.constant(random.normal(size=s), tf.float32) for s in shapes]


def convolutions(network):
    """name -> the shape of its kernel, of every convolution."""
    found = [y for y in network.layers if isinstance(y, layers.Conv2D)]
    return {layer.name: tuple(layer.kernel.shape) for layer in found}


@pytest.fixture(scope="module", params=DISCRIMINATORS)
def trained(request, tiny_images):
    """A small GAN with each discriminator of the registry after one step."""
    gan = GAN(small(size=32, discriminator=request.param, max_channels=8))
    before = gan.discriminator.get_weights()
    losses = [float(loss) for loss in train_step(gan, tiny_images[:2])]
    return gan, before, losses


def test_each_discriminator_takes_a_step(trained):
    gan, before, losses = trained
    assert np.isfinite(losses).all() and 0 <= losses[2] <= 1
    for old, new in zip(before, gan.discriminator.get_weights(), strict=True):
        assert np.isfinite(new).all()
        assert old.size == 1 or (old != new).any()


@pytest.mark.filterwarnings("error::UserWarning")
def test_each_gives_float32_logits_for_each_picture(trained, tiny_images):
    gan, _, _ = trained
    images = tf.cast(tiny_images[:3], tf.float32) / 127.5 - 1
    for logits in discriminate(gan, gan.project(images)):
        assert logits.shape[0] == 3 and logits.shape[-1] == 1
        assert logits.dtype == tf.float32 and np.isfinite(logits).all()


def test_each_trainable_weight_gets_a_gradient(trained, tiny_images):
    gan, _, _ = trained
    view = gan.project(tf.cast(tiny_images[:2], tf.float32) / 127.5 - 1)
    with tf.GradientTape() as tape:
        # A sum of the logits alone has none before batch normalisation.
        loss = tf.add_n([tf.reduce_sum(x**3 + x) for x in discriminate(gan, view)])
    variables = gan.discriminator.trainable_variables
    gradients = tape.gradient(loss, variables)
    for variable, gradient in zip(variables, gradients, strict=True):
        assert np.abs(gradient).max() > 0, variable.path


def test_each_tells_the_generator_where_to_go(trained, tiny_images):
    gan, _, _ = trained
    images = tf.cast(tiny_images[:2], tf.float32) / 127.5 - 1
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = discriminate(gan, gan.project(images))
        total = tf.add_n([tf.reduce_sum(x**2) for x in logits])
    gradient = tape.gradient(total, images).numpy()
    assert (np.abs(gradient).max(axis=(1, 2, 3)) > 0).all()


def test_each_names_its_weights_and_layers(trained):
    gan, _, _ = trained
    paths = [variable.path for variable in gan.discriminator.variables]
    assert len(set(paths)) == len(paths)
    assert gan.discriminator.name == "discriminator"
    again = DISCRIMINATORS[gan.config.discriminator][1](gan.config)
    assert [variable.path for variable in again.variables] == paths


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", DISCRIMINATORS)
def test_each_looks_at_what_it_is_shown_at_every_size(name, size):
    config = small(size=size, discriminator=name, max_channels=8)
    make_projection, build = DISCRIMINATORS[name]
    network = build(config)
    view = make_projection(config)(tf.zeros([1, size, size, 3]))
    shapes = [tuple(x.shape[1:]) for x in view]
    assert [tuple(x.shape[1:]) for x in network.inputs] == shapes
    assert tf.nest.flatten(network(view))[0].shape[0] == 1


@pytest.mark.parametrize("size", SIZES)
def test_a_head_for_each_map_and_one_for_the_picture(size):
    network = build_projected_discriminator(small(size=size))
    sizes = [size // 4, size // 8, size // 16, size]
    assert [x.shape[1] for x in network.inputs] == sizes
    assert [x.shape[3] for x in network.inputs] == [2, 4, 8, 3]
    expected = [(None, 5, 5, 1) if s >= 8 else (None, 1, 1, 1) for s in sizes]
    assert [x.shape for x in network.outputs] == expected
    logits = {f"head_{s}_logits" for s in sizes}
    assert logits <= convolutions(network).keys()


def test_a_head_halves_its_map_to_eight_by_eight():
    network = build_projected_discriminator(
        small(size=128, mixing_channels=16, head_channels=32)
    )
    assert convolutions(network) == {
        "head_32_16": (4, 4, 16, 16),
        "head_32_8": (4, 4, 16, 32),
        "head_32_logits": (4, 4, 32, 1),
        "head_16_8": (4, 4, 32, 32),
        "head_16_logits": (4, 4, 32, 1),
        "head_8_logits": (4, 4, 64, 1),
        "head_128_64": (4, 4, 3, 8),  # 32 * 8 / 64, but 8 at the least
        "head_128_32": (4, 4, 8, 8),
        "head_128_16": (4, 4, 8, 16),
        "head_128_8": (4, 4, 16, 32),
        "head_128_logits": (4, 4, 32, 1),
    }
    shapes = convolutions(network)
    kernels = sum(prod(shape) for shape in shapes.values())
    inner = sum(shape[-1] for name, shape in shapes.items() if "logits" not in name)
    # Of each filter a number of the vector that estimates the norm, and four to
    # normalise or, where it gives logits, a bias.
    assert network.count_params() == kernels + 5 * inner + 2 * 4


def test_all_convolutions_of_the_heads_are_spectral():
    network = build_projected_discriminator(small(size=64))
    found = [y for y in network.layers if isinstance(y, layers.Conv2D)]
    assert all(isinstance(layer, SpectralConv2D) for layer in found)
    for layer in found:  # a bias would be lost where a normalisation follows
        assert layer.use_bias == layer.name.endswith("_logits")


def test_heads_do_not_see_each_other():
    network = build_projected_discriminator(small(size=64))
    view = noise(network)
    before = network(view)
    for number in range(4):
        changed = list(view)
        changed[number] += 1
        pairs = zip(before, network(changed), strict=True)
        moved = [bool(np.abs(new - old).max() > 1e-6) for old, new in pairs]
        assert moved == [number == other for other in range(4)]


def test_another_head_takes_a_function_and_a_line(monkeypatch, tiny_images):
    def halves(images):
        return images[:, ::2, ::2, :1]

    monkeypatch.setitem(DISCRIMINATORS, "halves", projected(halves))
    gan = GAN(small(size=32, discriminator="halves", max_channels=8))
    plain, found = (
        [weight.path for weight in build(gan.config).weights]
        for _, build in (DISCRIMINATORS["projected"], DISCRIMINATORS["halves"])
    )
    assert set(plain) < set(found)  # a checkpoint finds the other heads by their names
    assert {path.split("_")[1] for path in set(found) - set(plain)} == {"halves"}
    *_, images, half = gan.project(tf.ones([2, 32, 32, 3]))
    assert (images.shape, half.shape) == ((2, 32, 32, 3), (2, 16, 16, 1))
    before = gan.discriminator.get_weights()
    assert np.isfinite(train_step(gan, tiny_images[:2])).all()
    pairs = zip(before, gan.discriminator.weights, strict=True)
    changed = [w.path for old, w in pairs if (old != w.numpy()).any()]
    assert any("head_halves" in path for path in changed)


@pytest.mark.parametrize("name", ["seed", "dcgan"])
def test_the_classic_discriminator_layer_by_layer(name):
    network = build_dcgan_discriminator(preset(name, precision="float32"))
    assert network.input_shape == (None, 128, 128, 3)
    assert convolutions(network) == {
        "down_64": (5, 5, 3, 64),
        "down_32": (5, 5, 64, 128),
        "down_16": (5, 5, 128, 256),
        "down_8": (5, 5, 256, 512),
        "down_4": (5, 5, 512, 1024),
    }
    found = [y for y in network.layers if isinstance(y, layers.Conv2D)]
    assert {layer.strides for layer in found} == {(2, 2)}
    assert network.get_layer("logits").kernel.shape == (4 * 4 * 1024, 1)
    assert [output.shape for output in network.outputs] == [(None, 1)]
    kernels = sum(prod(shape) for shape in convolutions(network).values())
    each = 5 * (64 + 128 + 256 + 512 + 1024)  # a bias, and four numbers to normalise
    assert network.count_params() == kernels + each + 4 * 4 * 1024 + 1
    activations = [y for y in network.layers if isinstance(y, layers.LeakyReLU)]
    assert [round(layer.negative_slope, 6) for layer in activations] == [0.2] * 5
    for layer in [*found, network.get_layer("logits")]:
        assert np.std(layer.kernel) == pytest.approx(0.02, rel=0.1)


def test_no_layer_of_the_classic_one_is_wider_than_allowed():
    config = small(size=256, base_channels=4, max_channels=16, discriminator="dcgan")
    network = build_dcgan_discriminator(config)
    assert max(shape[-1] for shape in convolutions(network).values()) == 16


@pytest.mark.parametrize("name", DISCRIMINATORS)
def test_under_bfloat16_weights_and_logits_are_float32(name):
    keras.config.set_dtype_policy("mixed_bfloat16")
    config = replace(small(size=64, discriminator=name), precision="bfloat16")
    network = DISCRIMINATORS[name][1](config)
    assert {weight.dtype for weight in network.weights} == {"float32"}
    outputs = tf.nest.flatten(network(noise(network)))
    assert {output.dtype for output in outputs} == {tf.float32}
    inner = next(y for y in network.layers if isinstance(y, layers.Conv2D))
    assert inner.output.dtype == "bfloat16"
