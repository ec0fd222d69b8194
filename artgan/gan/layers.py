"""Two convolutions that Keras lacks: one cannot amplify, the other leaves no grain."""

import keras
import numpy as np
import tensorflow as tf
from keras.layers import Conv2D, Conv2DTranspose


class SpectralConv2D(Conv2D):
    """A convolution whose kernel is divided by its largest singular value.

    One power iteration a training call keeps the estimate; gradients pass through the
    division. Source: https://arxiv.org/abs/1802.05957
    """

    def add_weight(self, *arguments, **options):
        # What is divided by a norm must not be rounded before.
        return super().add_weight(*arguments, **options | {"autocast": False})

    def build(self, input_shape):
        super().build(input_shape)
        start = keras.initializers.RandomNormal(seed=1)
        options = {"initializer": start, "trainable": False, "name": "left_vector"}
        self.left_vector = self.add_weight((1, self.filters), **options)

    def call(self, inputs, training=False):
        kernel = tf.convert_to_tensor(self.kernel)
        matrix = tf.reshape(kernel, [-1, self.filters])
        right = tf.matmul(self.left_vector, matrix, transpose_b=True)
        left = tf.matmul(tf.stop_gradient(tf.math.l2_normalize(right)), matrix)
        sigma = tf.norm(left)  # its slope is that of both vectors held still
        if training:
            self.left_vector.assign(left / sigma)
        x = self.convolution_op(inputs, tf.cast(kernel / sigma, inputs.dtype))
        return tf.nn.bias_add(x, tf.cast(self.bias, x.dtype)) if self.use_bias else x


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
