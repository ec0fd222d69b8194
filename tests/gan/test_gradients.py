"""Gradients against central finite differences, in float64.

Whoever adds a loss or an augmentation to its registry has it tested here.
"""

import numpy as np
import pytest
import tensorflow as tf
from arrays import assert_gradient, assert_layer_gradients, doubles, slopes, weigh

from artgan.gan.augment import AUGMENTATIONS, augment
from artgan.gan.layers import EvenConv2DTranspose, SpectralConv2D
from artgan.gan.losses import LOSSES


@pytest.mark.parametrize("name", LOSSES)
def test_the_discriminators_loss(name):
    real, fake = doubles(2, 3, 3, 1, seed=1), doubles(2, 3, 3, 1, seed=2)
    loss, _ = LOSSES[name]
    assert_gradient(lambda values: loss(values, fake), real)
    assert_gradient(lambda values: loss(real, values), fake)


@pytest.mark.parametrize("name", LOSSES)
def test_the_generators_loss(name):
    _, loss = LOSSES[name]
    assert_gradient(loss, doubles(8, 1, seed=2))


@pytest.mark.parametrize("name", [*AUGMENTATIONS, ",".join(AUGMENTATIONS)])
def test_an_augmentation(name):
    compiled = tf.function(lambda images: weigh(augment(images, [1, 2], name)))
    assert_gradient(compiled, doubles(1, 8, 8, 3))


def test_an_even_transposed_convolution():
    layer = EvenConv2DTranspose(2, dtype="float64")
    assert_layer_gradients(layer, doubles(1, 2, 3, 2))


@pytest.fixture
def spectral():
    """A spectral convolution in float64, its kernel far from norm 1."""
    layer = SpectralConv2D(3, 3, strides=2, padding="same", dtype="float64")
    layer.build([None, 4, 5, 2])
    layer.kernel.assign(doubles(3, 3, 2, 3, seed=3))
    layer.bias.assign(doubles(3, seed=4))
    return layer


def matrix_of(kernel):
    """The kernel of a convolution, one row for each number that it sees."""
    return np.reshape(kernel, [-1, kernel.shape[-1]])


@pytest.mark.parametrize("training", [True, False])
def test_a_spectral_convolution_holds_its_vectors_fixed(spectral, training):
    kernel, inputs = spectral.kernel.numpy(), doubles(2, 4, 5, 2)
    left = spectral.left_vector.numpy()[0]
    right = matrix_of(kernel) @ left
    right /= np.linalg.norm(right)
    left = matrix_of(kernel).T @ right
    left /= np.linalg.norm(left)

    def divided(values):
        sigma = right @ matrix_of(values) @ left
        return weigh(tf.nn.conv2d(inputs, values / sigma, 2, "SAME") + spectral.bias)

    with tf.GradientTape() as tape:
        number = weigh(spectral(inputs, training=training))
    assert float(number) == pytest.approx(float(divided(kernel)), rel=1e-12)
    found = tape.gradient(number, spectral._kernel.value)
    np.testing.assert_allclose(found, slopes(divided, kernel), rtol=1e-6, atol=1e-6)
