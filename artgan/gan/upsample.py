"""Twice the resolution, without a grain."""

import keras
import numpy as np
import tensorflow as tf
from keras.layers import Conv2DTranspose


class EvenConv2DTranspose(Conv2DTranspose):
    """A transposed 4x4 convolution of stride 2 by which flat maps become flat maps.

    A place becomes four pixels, each by 2x2 weights of its own; here their sums are
    equal. Source: https://arxiv.org/abs/1806.02658
    """

    def __init__(self, filters, kernel_size=4, strides=2, padding="same", **options):
        super().__init__(filters, kernel_size, strides, padding, **options)

    def call(self, inputs):
        kernel = even_kernel(tf.convert_to_tensor(self.kernel))
        x = keras.ops.conv_transpose(inputs, kernel, 2, "same")
        return tf.nn.bias_add(x, self.bias) if self.use_bias else x


def even_kernel(kernel):
    """A kernel [4, 4, filters, c] with equal sums of its four sets of 2x2 weights."""
    each = np.kron(np.full([2, 2], 1 / 2), np.eye(2))  # the mean of a set, along a side
    whole = np.full([4, 4], 1 / 4)
    change = np.eye(16) - np.kron(each, each) + np.kron(whole, whole)
    weights = tf.constant(change, kernel.dtype) @ tf.reshape(kernel, [16, -1])
    return tf.reshape(weights, kernel.shape)
