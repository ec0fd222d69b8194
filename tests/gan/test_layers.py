"""The two convolutions; their gradients are tested in test_gradients.py."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import answers, assert_close, numbers

from artgan.gan.layers import EvenConv2DTranspose, SpectralConv2D, even_kernel

INPUTS = numbers(2, 8, 8, 4)


def make(**options):
    """A spectral convolution whose kernel is far from norm 1."""
    options = {"strides": 2, "padding": "same", "dtype": "float32"} | options
    layer = SpectralConv2D(6, 3, **options)
    layer.build([None, 8, 8, 4])
    layer.kernel.assign(3 * numbers(3, 3, 4, 6, seed=4))
    if layer.use_bias:
        layer.bias.assign(numbers(6, seed=5))
    return layer


@pytest.fixture
def spectral():
    return make()


def norm(kernel):
    """The largest singular value of a convolution's kernel as a matrix."""
    kernel = np.asarray(kernel)
    return np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)[0]


def test_the_norm_of_the_kernel_that_convolves_becomes_one(spectral):
    stored = spectral.kernel.numpy()
    assert norm(stored) > 10
    for _ in range(60):
        spectral(INPUTS, training=True)
    with tf.GradientTape() as tape:
        outputs = spectral(INPUTS, training=True)
        loss = tf.reduce_sum(outputs**2)
    expected = tf.nn.conv2d(INPUTS, stored / norm(stored), 2, "SAME") + spectral.bias
    np.testing.assert_allclose(outputs, expected, rtol=1e-3, atol=1e-3)
    assert (spectral.kernel.numpy() == stored).all()
    gradient = tape.gradient(loss, spectral.kernel).numpy()
    # Scaling the kernel changes no output, so the gradient has no part that scales it.
    along = (gradient * stored).sum() / np.linalg.norm(stored)
    assert abs(along) < 1e-2 * np.linalg.norm(gradient)


def test_under_bfloat16_it_is_that_in_float32(spectral):
    half = make(dtype="mixed_bfloat16")
    half.set_weights(spectral.get_weights())
    mine, full = answers(half, INPUTS), answers(spectral, INPUTS)
    assert mine[0].dtype == tf.bfloat16
    assert_close(mine, full, 1 / 64)
    assert {weight.dtype for weight in half.weights} == {"float32"}


@pytest.mark.parametrize("training", [True, False])
def test_its_estimate_moves_in_training_only_and_is_not_trained(spectral, training):
    assert [v.name for v in spectral.trainable_variables] == ["kernel", "bias"]
    plain, before = make(use_bias=False), spectral.left_vector.numpy()
    expected = spectral(INPUTS, training=training) - spectral.bias
    found = plain(INPUTS, training=training)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert (spectral.left_vector.numpy() != before).any() == training


PLACES = [np.s_[row::2, column::2] for row in (0, 1) for column in (0, 1)]


def test_each_pixel_of_a_place_has_weights_of_the_same_sum():
    kernel = numbers(4, 4, 3, 2).numpy()
    even = even_kernel(kernel).numpy()
    sums = np.array([even[place].sum((0, 1)) for place in PLACES])
    alike = np.tile(kernel.sum((0, 1)) / 4, [4, 1, 1])
    np.testing.assert_allclose(sums, alike, atol=1e-5)
    for place in PLACES:  # but for the sums it is the kernel that it was
        change = kernel[place] - even[place]
        np.testing.assert_allclose(change, change[:1, :1] + 0 * change, atol=1e-5)
    np.testing.assert_allclose(even_kernel(even), even, atol=1e-6)


@pytest.mark.parametrize("use_bias", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_it_is_keras_own_with_an_even_kernel(use_bias, dtype):
    options = {"use_bias": use_bias, "dtype": dtype, "bias_initializer": "ones"}
    layer = EvenConv2DTranspose(4, **options)
    plain = keras.layers.Conv2DTranspose(4, 4, 2, "same", **options)
    x = tf.cast(numbers(2, 5, 6, 3), layer.compute_dtype)
    assert layer(x).shape == (2, 10, 12, 4)
    layer.kernel.assign(even_kernel(numbers(4, 4, 4, 3, seed=1)))
    plain.build(x.shape)
    plain.set_weights(layer.get_weights())
    tolerance = 1e-5 if dtype == "float32" else 3e-2
    assert_close(answers(layer, x), answers(plain, x), tolerance)
