"""A transposed convolution without a grain, against Keras's with the kernel it has."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import answers, assert_close, numbers

from artgan.gan.upsample import EvenConv2DTranspose, even_kernel

PLACES = [np.s_[row::2, column::2] for row in (0, 1) for column in (0, 1)]


def test_each_pixel_of_a_place_has_weights_of_the_same_sum():
    kernel = numbers(4, 4, 3, 2).numpy()
    even = even_kernel(kernel).numpy()
    sums = np.array([even[place].sum((0, 1)) for place in PLACES])
    np.testing.assert_allclose(
        sums, np.tile(kernel.sum((0, 1)) / 4, [4, 1, 1]), atol=1e-5
    )
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
