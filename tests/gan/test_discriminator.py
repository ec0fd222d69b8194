"""Whoever adds a discriminator to the registry has it tested here."""

from math import prod

import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from artgan.gan.config import preset
from artgan.gan.discriminator import DISCRIMINATORS, projected
from artgan.gan.layers import SpectralConv2D
from artgan.gan.training import GAN, discriminate

SMALL = {"base_channels": 2, "mixing_channels": 2, "head_channels": 8, "latent_size": 3}
# Height and width of the picture, and of the logits of its heads, the picture's last.
SHAPES = {
    (32, 32): [(5, 5), (1, 1), (1, 1), (5, 5)],
    (64, 32): [(13, 5), (5, 1), (3, 1), (13, 5)],
    (128, 192): [(5, 9)] * 4,
    (256, 256): [(5, 5)] * 4,
}


def small(**changes):
    """The default preset made narrow."""
    narrow = SMALL | {"batch_size": 2, "max_channels": 8, "precision": "float32"}
    return preset("default", **narrow | changes)


def convolutions(network):
    """name -> the shape of its kernel, of every convolution."""
    found = [y for y in network.layers if isinstance(y, layers.Conv2D)]
    return {layer.name: tuple(layer.kernel.shape) for layer in found}


@pytest.mark.parametrize("name", DISCRIMINATORS)
def test_each_gives_logits_that_every_weight_and_picture_changes(name, tiny_images):
    gan = GAN(small(size=32, discriminator=name))
    images = tf.cast(tiny_images[:2], tf.float32) / 127.5 - 1
    variables = gan.discriminator.trainable_variables
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = discriminate(gan, gan.project(images))
        # A sum of the logits alone has no gradient before batch normalisation.
        total = tf.add_n([tf.reduce_sum(x**3 + x) for x in logits])
    assert {x.dtype for x in logits} == {tf.float32}
    assert {(x.shape[0], x.shape[-1]) for x in logits} == {(2, 1)}
    to_images, *gradients = tape.gradient(total, [images, *variables])
    assert (np.abs(to_images).max(axis=(1, 2, 3)) > 0).all()
    for variable, gradient in zip(variables, gradients, strict=True):
        assert np.abs(gradient).max() > 0, variable.path
    paths = [variable.path for variable in gan.discriminator.variables]
    again = DISCRIMINATORS[name][1](gan.config)
    assert [variable.path for variable in again.variables] == paths
    assert len(set(paths)) == len(paths) and again.name == "discriminator"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", DISCRIMINATORS)
def test_each_looks_at_what_it_is_shown_of_every_shape(name, shape):
    config = small(size=shape[0], width=shape[1], discriminator=name)
    make_projection, build = DISCRIMINATORS[name]
    network, view = build(config), make_projection(config)(tf.zeros([1, *shape, 3]))
    assert [x.shape[1:] for x in network.inputs] == [x.shape[1:] for x in view]
    if name == "projected":
        assert [x.shape[1:3] for x in network.outputs] == SHAPES[shape]


def test_a_head_halves_its_map_to_eight():
    config = small(size=256, width=128, mixing_channels=16, head_channels=32)
    network = DISCRIMINATORS["projected"][1](config)
    shapes = {  # heads are called by the height
        "head_64_16": (4, 4, 16, 16),
        "head_64_8": (4, 4, 16, 32),
        "head_64_logits": (4, 4, 32, 1),
        "head_32_8": (4, 4, 32, 32),
        "head_32_logits": (4, 4, 32, 1),
        "head_16_logits": (4, 4, 64, 1),
        "head_256_64": (4, 4, 3, 8),  # 32 * 8 / 64, but 8 at the least
        "head_256_32": (4, 4, 8, 8),
        "head_256_16": (4, 4, 8, 16),
        "head_256_8": (4, 4, 16, 32),
        "head_256_logits": (4, 4, 32, 1),
    }
    assert convolutions(network) == shapes
    inner = sum(shape[-1] for name, shape in shapes.items() if "logits" not in name)
    # Of each filter a number of the vector that estimates the norm, and four to
    # normalise or, where it gives logits, a bias.
    numbers = sum(map(prod, shapes.values())) + 5 * inner + 2 * 4
    assert network.count_params() == numbers
    assert all(isinstance(network.get_layer(name), SpectralConv2D) for name in shapes)


def test_another_head_is_told_the_classes_too_and_leaves_the_others_their_names():
    def halves(images):
        return images[:, ::2, ::2, :1]

    config = small(size=32, classes="orange:3,blue:1")
    makers = DISCRIMINATORS["projected"], projected(halves)
    plain, more = ({w.path for w in build(config).weights} for _, build in makers)
    assert plain < more and {path.split("_")[1] for path in more - plain} == {"halves"}
    assert "head_halves_classes/kernel" in more
    view = makers[1][0](config)(tf.zeros([2, 32, 32, 3]))
    assert view[4].shape == (2, 16, 16, 1)
    assert len(makers[1][1](config)([*view, tf.eye(2)])) == 5


def test_the_classic_discriminator_layer_by_layer():
    network = DISCRIMINATORS["dcgan"][1](preset("dcgan", precision="float32"))
    widths = [3, 64, 128, 256, 512, 1024]
    pairs = zip((64, 32, 16, 8, 4), zip(widths, widths[1:], strict=False), strict=True)
    shapes = {f"down_{side}": (5, 5, *channels) for side, channels in pairs}
    assert convolutions(network) == shapes
    assert [output.shape for output in network.outputs] == [(None, 1)]
    each = 5 * sum(widths[1:])  # a bias, and four numbers to normalise
    last = 4 * 4 * 1024 + 1
    assert network.count_params() == sum(map(prod, shapes.values())) + each + last
    for name in (*shapes, "logits"):
        kernel = network.get_layer(name).kernel
        assert np.std(kernel) == pytest.approx(0.02, rel=0.1)
