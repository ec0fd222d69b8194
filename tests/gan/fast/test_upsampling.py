"""Convolutions of doubled grids against doubling and then convolving."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import answers, assert_close, numbers

from artgan.gan.fast.upsampling import SmoothConv2D, UpsampleConv2D, upsample


@pytest.mark.parametrize("side", [6, 16])  # where it copies, and where it adds taps
@pytest.mark.parametrize("kernel_size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_upsampling_convolutions_are_those_of_copied_pixels(side, kernel_size, dtype):
    options = {"padding": "same", "use_bias": False, "dtype": dtype}
    mine = UpsampleConv2D(4, kernel_size, **options)
    plain = keras.layers.Conv2D(4, kernel_size, **options)
    grid = tf.cast(numbers(2, side, side + 2, 3), mine.compute_dtype)
    assert mine.compute_output_shape(grid.shape) == (2, 2 * side, 2 * side + 4, 4)
    mine.build(grid.shape)
    plain.build(grid.shape)
    mine.set_weights(plain.get_weights())
    tolerance = 1e-5 if dtype == "float32" else 2e-2
    expected = answers(lambda x: plain(upsample(x)), grid)
    assert_close(answers(mine, grid), expected, tolerance)


def test_an_upsampling_convolution_finds_the_gradients_of_its_kernel():
    layer = UpsampleConv2D(4, 3, padding="same", use_bias=False)
    grid = numbers(2, 16, 16, 3)
    layer.build(grid.shape)
    slopes = []
    for paint in (
        layer,
        lambda grid: tf.nn.conv2d(upsample(grid), layer.kernel, 1, "SAME"),
    ):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.sin(paint(grid)))
        slopes.append(tape.gradient(loss, layer.kernel.value))
    assert_close(slopes[:1], slopes[1:], 1e-4)


def test_upsample_copies_pixels_as_keras_does():
    inputs = numbers(2, 3, 5, 4)
    expected = keras.layers.UpSampling2D(2)(inputs)
    assert (upsample(inputs).numpy() == expected.numpy()).all()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_gradient_of_upsample_is_that_of_keras(dtype):
    inputs, wanted = numbers(2, 3, 5, 4), tf.cast(numbers(2, 6, 10, 4, seed=2), dtype)
    inputs, gradients = tf.cast(inputs, dtype), []
    for layer in upsample, keras.layers.UpSampling2D(2, dtype=dtype):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum((layer(inputs) - wanted) ** 2)
        gradients.append(tf.cast(tape.gradient(loss, inputs), tf.float32).numpy())
    # Both add four numbers, though not in the same order.
    tolerance = 1e-5 if dtype == "float32" else 1 / 64
    assert np.abs(gradients[0] - gradients[1]).max() < tolerance * gradients[1].max()


def test_upsample_has_a_second_gradient():
    inputs = numbers(1, 2, 2, 1)
    with tf.GradientTape() as outer:
        outer.watch(inputs)
        with tf.GradientTape() as inner:
            inner.watch(inputs)
            total = tf.reduce_sum(upsample(inputs) ** 3)
        slope = inner.gradient(total, inputs)
    curve = outer.gradient(slope, inputs)
    np.testing.assert_allclose(curve, 4 * 6 * inputs.numpy(), rtol=1e-5)


@pytest.mark.parametrize("kernel_size", [1, 3, 4, 5])
def test_a_smooth_convolution_is_one_of_the_doubled_grid(kernel_size):
    layer = SmoothConv2D(4, kernel_size, "he_normal")
    grid = numbers(2, 8, 6, 3)
    outputs = layer(grid)
    assert outputs.shape == (2, 16, 12, 4)
    expected = tf.nn.conv2d(tf.image.resize(grid, [16, 12]), layer.kernel, 1, "SAME")
    # At the border Keras's goes on with zeros.
    inside = (outputs - expected)[:, 2:-2, 2:-2]
    np.testing.assert_allclose(inside, np.zeros(inside.shape), atol=1e-5)


def test_a_smooth_convolution_makes_no_border():
    layer = SmoothConv2D(2, 3, "ones")
    outputs = layer(tf.ones([1, 4, 4, 1]))
    np.testing.assert_allclose(outputs, np.full([1, 8, 8, 2], 9.0), rtol=1e-6)
