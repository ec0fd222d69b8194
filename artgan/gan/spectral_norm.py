"""Spectral normalisation: a convolution that cannot amplify, for the discriminator."""

import keras
import tensorflow as tf
from keras.layers import Conv2D


class SpectralConv2D(Conv2D):
    """A convolution whose kernel is divided by its largest singular value.

    inputs: [batch, height, width, channels]. So its logits cannot grow without bound,
    and the generator always finds a slope to follow. One power iteration for each
    training call keeps the estimate; gradients pass through the division, and the
    stored kernel stays as the optimiser left it. Source: Miyato et al.,
    https://arxiv.org/abs/1802.05957
    """

    def add_weight(self, *arguments, **options):
        # What is divided by a norm must not be rounded before.
        return super().add_weight(*arguments, **options | {"autocast": False})

    def build(self, input_shape):
        super().build(input_shape)
        self.left_vector = self.add_weight(
            shape=(1, self.filters),
            initializer=keras.initializers.RandomNormal(seed=1),
            trainable=False,
            name="left_vector",
        )

    def call(self, inputs, training=False):
        kernel = tf.convert_to_tensor(self.kernel)
        matrix = tf.reshape(kernel, [-1, self.filters])
        right = tf.matmul(self.left_vector, matrix, transpose_b=True)
        left = tf.matmul(tf.stop_gradient(tf.math.l2_normalize(right)), matrix)
        sigma = tf.norm(left)  # its slope is that of both vectors held still
        if training:
            self.left_vector.assign(left / sigma)
        outputs = self.convolution_op(inputs, tf.cast(kernel / sigma, inputs.dtype))
        if not self.use_bias:
            return outputs
        return tf.nn.bias_add(outputs, tf.cast(self.bias, inputs.dtype))
