"""Convolutions of a doubled grid, computed on the small one."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def upsample(grid):
    """Nearest-neighbour doubling: [b, h, w, c] -> [b, 2h, 2w, c].

    Written as depth-to-space of repeated channels: Keras's UpSampling2D tiles memory,
    and resize operations have no second gradient.
    """
    return tf.nn.depth_to_space(tf.concat([grid] * 4, axis=-1), 2)


class UpsampleConv2D(layers.Conv2D):
    """A convolution of an upsampled grid: [b, h, w, c] -> [b, 2h, 2w, filters].

    The copies of a pixel meet neighbouring taps. Where grids are large those taps are
    added first, and a transposed convolution with the sums finds the same numbers with
    4/9 of the arithmetic, for a kernel of 3 x 3. Always padded with zeros to "same".
    """

    def add_weight(self, *arguments, **options):
        # What is added up must not be rounded before.
        return super().add_weight(*arguments, **options | {"autocast": False})

    def convolution_op(self, inputs, kernel):
        kernel = tf.convert_to_tensor(kernel)
        if inputs.shape[1] < 16:
            return tf.nn.conv2d(
                upsample(inputs), tf.cast(kernel, inputs.dtype), 1, "SAME"
            )
        meets = tf.constant(nearest_spread(kernel.shape[0]), kernel.dtype)
        kernel = tf.einsum("pi,qj,ijcf->pqfc", meets, meets, kernel)
        batch, height, width, _ = tf.unstack(tf.shape(inputs))
        shape = [batch, 2 * height, 2 * width, self.filters]
        return tf.nn.conv2d_transpose(inputs, tf.cast(kernel, inputs.dtype), shape, 2)

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        return batch, 2 * height, 2 * width, self.filters


def nearest_spread(kernel_size):
    """Which taps of a kernel on the doubled grid a pixel of the small one meets.

    Returns [taps, kernel_size] of 0 and 1: for each pixel that hears of it, in the
    order of a transposed convolution.
    """
    reach = kernel_size // 2
    meets = np.zeros([2 * reach + 2, kernel_size])
    for tap in range(kernel_size):
        place = reach + (kernel_size - 1) // 2 - tap
        meets[place : place + 2, tap] = 1
    return meets


class SmoothConv2D(layers.Layer):
    """A convolution of a grid doubled bilinearly: [b, h, w, c] -> [b, 2h, 2w, filters].

    Computed on the small grid, with a kernel that holds the bilinear weights too: four
    times the filters, and the doubled grid is never made. That is 4 times faster than
    what it replaces where filters are few, and leaves no blocks. Beyond the border the
    grid goes on as it ends.
    """

    def __init__(self, filters, kernel_size, kernel_initializer, **options):
        super().__init__(**options)
        self.filters, self.kernel_size = filters, kernel_size
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.spread = bilinear_spread(kernel_size)

    def build(self, input_shape):
        side = self.kernel_size
        self.kernel = self.add_weight(
            shape=(side, side, input_shape[-1], self.filters),
            initializer=self.kernel_initializer,
            autocast=False,
            name="kernel",
        )
        self.bias = self.add_weight(
            shape=(self.filters,), initializer="zeros", name="bias"
        )

    def call(self, inputs):
        spread = tf.constant(self.spread, self.kernel.dtype)
        kernel = tf.convert_to_tensor(self.kernel)
        kernel = tf.einsum("plk,qmj,kjif->lmipqf", spread, spread, kernel)
        taps, reach = spread.shape[1], spread.shape[1] // 2
        kernel = tf.reshape(kernel, [taps, taps, -1, 4 * self.filters])
        edges = [[0, 0], [reach, reach], [reach, reach], [0, 0]]
        x = tf.pad(inputs, edges, "SYMMETRIC")
        x = tf.nn.conv2d(x, tf.cast(kernel, x.dtype), 1, "VALID")
        return tf.nn.bias_add(tf.nn.depth_to_space(x, 2), tf.cast(self.bias, x.dtype))


def bilinear_spread(kernel_size):
    """What each pixel of a small grid gives to each tap of a kernel on the doubled one.

    Returns [2, taps, kernel_size]: for the even and the odd pixels of the doubled grid,
    weights of the pixels around the same place of the small one.
    """
    reach = max(1, kernel_size // 2)
    weights = np.zeros([2, 2 * reach + 1, kernel_size])
    for odd in range(2):
        for tap in range(kernel_size):
            place = (odd + tap - (kernel_size - 1) // 2) / 2 - 0.25  # on the small grid
            low, share = math.floor(place), place % 1
            weights[odd, low + reach, tap] += 1 - share
            if share:
                weights[odd, low + 1 + reach, tap] += share
    return weights
