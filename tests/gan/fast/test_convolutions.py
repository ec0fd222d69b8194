"""The fast convolutions against the plain ones of TensorFlow and Keras."""

import keras
import pytest
import tensorflow as tf
from arrays import answers, assert_close, numbers

from artgan.gan.fast.convolutions import (
    Conv2D,
    Conv2DTranspose,
    UpsampleConv2D,
    strided_conv2d,
    strided_conv2d_transpose,
)


@pytest.mark.parametrize("kernel_size", range(1, 7))
def test_a_strided_convolution_is_the_plain_one(kernel_size):
    x, kernel = numbers(2, 8, 6, 3), numbers(kernel_size, kernel_size, 3, 4, seed=1)
    plain = answers(lambda x, k: tf.nn.conv2d(x, k, 2, "SAME"), x, kernel)
    assert_close(answers(strided_conv2d, x, kernel), plain)


@pytest.mark.parametrize("kernel_size", range(1, 7))
def test_a_transposed_strided_convolution_is_the_plain_one(kernel_size):
    x, kernel = numbers(2, 4, 3, 3), numbers(kernel_size, kernel_size, 5, 3, seed=1)

    def plain(x, kernel):
        return tf.nn.conv2d_transpose(x, kernel, [2, 8, 6, 5], 2)

    assert_close(
        answers(strided_conv2d_transpose, x, kernel), answers(plain, x, kernel)
    )


@pytest.mark.parametrize("size", [8, 9, 32])  # by products, odd, too large for them
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_convolution_is_that_of_keras(size, strides, dtype):
    options = {"strides": strides, "padding": "same", "dtype": dtype}
    assert_alike(Conv2D(4, 5, **options), keras.layers.Conv2D(4, 5, **options), size)


@pytest.mark.parametrize("size", [4, 16])
@pytest.mark.parametrize("use_bias", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_transposed_convolution_is_that_of_keras(size, use_bias, dtype):
    options = {"padding": "same", "use_bias": use_bias, "dtype": dtype}
    options |= {"strides": 2, "bias_initializer": "ones"}
    plain = keras.layers.Conv2DTranspose(4, 5, **options)
    assert_alike(Conv2DTranspose(4, 5, **options), plain, size)


@pytest.mark.parametrize("size", [4, 16])  # by products, too large for them
@pytest.mark.parametrize("kernel_size", [1, 3, 5])
@pytest.mark.parametrize("use_bias", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_doubling_and_convolving_is_that_of_keras(size, kernel_size, use_bias, dtype):
    options = {"padding": "same", "use_bias": use_bias, "dtype": dtype}
    options |= {"bias_initializer": "ones"}
    convolution = keras.layers.Conv2D(4, kernel_size, **options)
    inputs = keras.Input([size, size, 3])
    doubled = keras.layers.UpSampling2D(dtype=dtype)(inputs)
    plain = keras.Model(inputs, convolution(doubled))
    mine = UpsampleConv2D(4, kernel_size, **options)
    x = tf.cast(numbers(2, size, size, 3), mine.compute_dtype)
    assert mine(x).shape == mine.compute_output_shape(x.shape)
    mine.set_weights(plain.get_weights())
    tolerance = 1e-5 if dtype == "float32" else 3e-2
    assert_close(answers(mine, x), answers(plain, x), tolerance)


def assert_alike(mine, plain, size):
    """Two layers with the same weights give the same numbers and gradients."""
    x = tf.cast(numbers(2, size, size, 3), mine.compute_dtype)
    for layer in mine, plain:
        layer.build(x.shape)
    assert mine.name.split("_")[0] == plain.name.split("_")[0]
    mine.set_weights(plain.get_weights())
    tolerance = 1e-5 if mine.compute_dtype == "float32" else 2e-2
    assert mine(x).dtype == plain(x).dtype
    assert_close(answers(mine, x), answers(plain, x), tolerance)
