"""Doubling and convolving at once, against one after the other."""

import keras
import pytest
import tensorflow as tf
from arrays import answers, assert_close, numbers

from artgan.gan.upsample import UpsampleConv2D


@pytest.mark.parametrize("kernel_size", [1, 3, 5])
@pytest.mark.parametrize("use_bias", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_it_is_upsampling_and_then_a_convolution_of_keras(kernel_size, use_bias, dtype):
    options = {"padding": "same", "use_bias": use_bias, "dtype": dtype}
    options |= {"bias_initializer": "ones"}
    convolution = keras.layers.Conv2D(4, kernel_size, **options)
    inputs = keras.Input([5, 4, 3])
    doubled = keras.layers.UpSampling2D(dtype=dtype)(inputs)
    plain = keras.Model(inputs, convolution(doubled))
    layer = UpsampleConv2D(4, kernel_size, **options)
    x = tf.cast(numbers(2, 5, 4, 3), layer.compute_dtype)
    assert layer(x).shape == layer.compute_output_shape(x.shape) == (2, 10, 8, 4)
    layer.set_weights(plain.get_weights())
    tolerance = 1e-5 if dtype == "float32" else 3e-2
    assert_close(answers(layer, x), answers(plain, x), tolerance)
