"""Gradients against central finite differences, in float64 but for the fused kernel.

Whoever adds a loss or an augmentation to its registry has it tested here.
"""

import numpy as np
import pytest
import tensorflow as tf
from arrays import assert_gradient, assert_layer_gradients, doubles, slopes, weigh

from artgan.gan.augment import AUGMENTATIONS, augment
from artgan.gan.fast.layers import BatchNormalization
from artgan.gan.losses import LOSSES
from artgan.gan.spectral_norm import SpectralConv2D
from artgan.gan.upsample import EvenConv2DTranspose

# The fused kernel sums a hundred numbers of order 1 in float32, rounded by 6e-8 each.
FUSED_TOLERANCE = 2e-5
EPSILON = 0.1  # large enough to be seen


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
    assert_gradient(compiled, doubles(2, 8, 8, 3))


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


def test_a_spectral_convolution_at_its_singular_vector(spectral):
    # There a change of the kernel turns both vectors, but this changes sigma by nothing
    # of the first order: the slopes of the whole layer are those with them held fixed.
    _, _, right = np.linalg.svd(matrix_of(spectral.kernel.numpy()))
    spectral.left_vector.assign(right[:1])
    assert_layer_gradients(spectral, doubles(2, 4, 5, 2))


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


def normalized(inputs, gamma, beta, mean=None, variance=None):
    """Batch normalisation as its paper writes it, with or without given statistics."""
    mean = inputs.mean((0, 1, 2)) if mean is None else mean
    variance = inputs.var((0, 1, 2)) if variance is None else variance
    return gamma * (inputs - mean) / np.sqrt(variance + EPSILON) + beta


@pytest.mark.parametrize("training", [True, False])
def test_fused_batch_normalization(training):
    layer = BatchNormalization(epsilon=EPSILON)
    layer.build([None, 3, 4, 2])
    gamma, beta, mean, variance = start = np.float32(
        [[1.5, 0.4], [-0.2, 0.7], [0.5, -0.1], [2.0, 0.6]]
    ).astype(np.float64)
    layer.set_weights(start)
    inputs = tf.Variable(doubles(2, 3, 4, 2) / 2, dtype=tf.float32)
    with tf.GradientTape() as tape:
        number = weigh(tf.cast(layer(inputs, training=training), tf.float64))
    found = tape.gradient(number, [inputs, layer.gamma.value, layer.beta.value])
    statistics = () if training else (mean, variance)
    draw = inputs.numpy().astype(np.float64)
    functions = [
        lambda values: weigh(normalized(values, gamma, beta, *statistics)),
        lambda values: weigh(normalized(draw, values, beta, *statistics)),
        lambda values: weigh(normalized(draw, gamma, values, *statistics)),
    ]
    places = zip(functions, (draw, gamma, beta), found, strict=True)
    for function, values, gradient in places:
        expected, scale = slopes(function, values), FUSED_TOLERANCE
        np.testing.assert_allclose(gradient, expected, rtol=scale, atol=scale)
