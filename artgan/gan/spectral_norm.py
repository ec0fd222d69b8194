"""Spectral normalisation: a convolution that cannot amplify, for the discriminator."""

import keras
import tensorflow as tf
from keras.layers import Conv2D


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
