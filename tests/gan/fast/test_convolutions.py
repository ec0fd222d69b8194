"""The fast convolutions against the plain ones of TensorFlow and Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import answers, assert_close, numbers

from artgan.gan.fast.convolutions import (
    Conv2D,
    Conv2DTranspose,
    SpectralConv2D,
    double,
    halve,
)


@pytest.mark.parametrize("side", range(1, 7))
def test_halving_by_products_is_the_plain_convolution(side):
    grid, kernel = numbers(2, 8, 6, 3), numbers(side, side, 3, 4, seed=1)
    plain = answers(lambda x, k: tf.nn.conv2d(x, k, 2, "SAME"), grid, kernel)
    assert_close(answers(halve, grid, kernel), plain)


@pytest.mark.parametrize("side", range(1, 7))
def test_doubling_by_products_is_the_plain_transposed_convolution(side):
    grid, kernel = numbers(2, 4, 3, 3), numbers(side, side, 5, 3, seed=1)

    def plain(grid, kernel):
        return tf.nn.conv2d_transpose(grid, kernel, [2, 8, 6, 5], 2)

    assert_close(answers(double, grid, kernel), answers(plain, grid, kernel))


@pytest.mark.parametrize("side", [8, 9, 32])  # by products, odd, too large for them
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_convolution_is_that_of_keras(side, strides, dtype):
    options = {"strides": strides, "padding": "same", "dtype": dtype}
    assert_alike(Conv2D(4, 5, **options), keras.layers.Conv2D(4, 5, **options), side)


@pytest.mark.parametrize("side", [4, 16])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_transposed_convolution_is_that_of_keras(side, dtype):
    options = {"strides": 2, "padding": "same", "use_bias": False, "dtype": dtype}
    plain = keras.layers.Conv2DTranspose(4, 5, **options)
    assert_alike(Conv2DTranspose(4, 5, **options), plain, side)


def assert_alike(mine, plain, side):
    """Two layers with the same weights give the same numbers and gradients."""
    grid = tf.cast(numbers(2, side, side, 3), mine.compute_dtype)
    for layer in mine, plain:
        layer.build(grid.shape)
    assert mine.name.split("_")[0] == plain.name.split("_")[0]
    mine.set_weights(plain.get_weights())
    tolerance = 1e-5 if mine.compute_dtype == "float32" else 2e-2
    assert mine(grid).dtype == plain(grid).dtype
    assert_close(answers(mine, grid), answers(plain, grid), tolerance)


@pytest.fixture
def spectral():
    """A spectral convolution whose kernel is far from norm 1."""
    layer = SpectralConv2D(6, 3, strides=2, padding="same")
    layer.build([None, 8, 8, 4])
    layer.kernel.assign(3 * numbers(3, 3, 4, 6, seed=4))
    layer.bias.assign(numbers(6, seed=5))
    return layer


def norm(kernel):
    """The largest singular value of a convolution's kernel as a matrix."""
    kernel = np.asarray(kernel)
    return np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)[0]


def test_a_spectral_convolution_uses_its_kernel_at_norm_one(spectral):
    inputs, kernel = numbers(2, 8, 8, 4), spectral.kernel.numpy()
    for _ in range(60):
        spectral(inputs, training=True)
    effective = kernel / norm(kernel)
    assert norm(effective) == pytest.approx(1)
    expected = tf.nn.conv2d(inputs, effective, 2, "SAME") + spectral.bias
    outputs = spectral(inputs, training=False)
    np.testing.assert_allclose(outputs, expected, rtol=1e-3, atol=1e-3)
    assert (spectral.kernel.numpy() == kernel).all()


def test_a_gain_is_what_a_spectral_convolution_stretches(spectral):
    inputs = numbers(2, 8, 8, 4)
    plain = spectral(inputs) - spectral.bias
    spectral.gain = 1.5
    np.testing.assert_allclose(spectral(inputs) - spectral.bias, 1.5 * plain, rtol=1e-3)


def test_a_spectral_convolution_learns_nothing_along_its_kernel(spectral):
    inputs = numbers(2, 8, 8, 4)
    for _ in range(60):
        spectral(inputs, training=True)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(spectral(inputs, training=True) ** 2)
    gradient = tape.gradient(loss, spectral.kernel).numpy()
    kernel = spectral.kernel.numpy()
    # Scaling the kernel changes no output, so the gradient has no part that scales it.
    along = (
        (gradient * kernel).sum() / np.linalg.norm(gradient) / np.linalg.norm(kernel)
    )
    assert np.linalg.norm(gradient) > 0 and abs(along) < 1e-2


def test_a_spectral_convolution_under_bfloat16_is_that_in_float32(spectral):
    half = SpectralConv2D(6, 3, strides=2, padding="same", dtype="mixed_bfloat16")
    half.build([None, 8, 8, 4])
    half.set_weights(spectral.get_weights())
    inputs, answers = numbers(2, 8, 8, 4), []
    for layer in half, spectral:
        with tf.GradientTape() as tape:
            outputs = tf.cast(layer(inputs, training=True), tf.float32)
            loss = tf.reduce_sum(outputs**2)
        gradients = tape.gradient(loss, layer.trainable_variables)
        assert {weight.dtype for weight in layer.weights} == {"float32"}
        answers.append([outputs, *gradients, layer.left_vector.value])
    for mine, full in zip(*answers, strict=True):
        difference = np.abs(np.asarray(mine) - np.asarray(full)).max()
        assert difference <= np.abs(full).max() / 64


def test_a_spectral_convolution_keeps_its_estimate_outside_training(spectral):
    before = spectral.left_vector.numpy()
    spectral(numbers(2, 8, 8, 4), training=False)
    assert (spectral.left_vector.numpy() == before).all()
    spectral(numbers(2, 8, 8, 4), training=True)
    assert (spectral.left_vector.numpy() != before).any()
    assert not spectral.left_vector.trainable


def test_a_weights_file_of_keras_holds_the_estimate_too(tmp_path):
    def network():
        layer = SpectralConv2D(4, 3, kernel_initializer="normal")
        return keras.Sequential([keras.Input([8, 8, 3]), layer])

    saved, loaded, path = network(), network(), tmp_path / "spectral.weights.h5"
    saved(numbers(1, 8, 8, 3), training=True)
    saved.save_weights(path)
    loaded.load_weights(path)
    for one, other in zip(saved.get_weights(), loaded.get_weights(), strict=True):
        assert (one == other).all()
