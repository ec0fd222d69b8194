"""Twice the resolution, without a grain."""

import numpy as np
import tensorflow as tf
from keras.layers import Conv2D


class UpsampleConv2D(Conv2D):
    """Each place becomes 2x2 of the same (nearest neighbour), then a convolution.

    [batch, h, w, c] -> [batch, 2h, 2w, filters]. A transposed convolution has weights
    of its own for every second pixel, which leaves a grain. Source: Odena et al.,
    https://distill.pub/2016/deconv-checkerboard
    """

    def call(self, inputs):
        # The same in one go: equal places need to be multiplied only once.
        kernel = spread(tf.convert_to_tensor(self.kernel))
        shape = self.compute_output_shape(inputs.shape)
        x = tf.nn.conv2d_transpose(inputs, kernel, [tf.shape(inputs)[0], *shape[1:]], 2)
        return tf.nn.bias_add(x, self.bias) if self.use_bias else x

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        return batch, 2 * height, 2 * width, self.filters


def spread(kernel):
    """A kernel of odd size k as one that doubles: [k, k, c, f] -> [k + 1, k + 1, f, c].

    3x3 weights become 4x4: the weight of each place reaches two pixels either way.
    """
    side, _, channels, filters = kernel.shape
    reach = np.eye(side + 1, side) + np.eye(side + 1, side, -1)
    reach = reach[:, ::-1]  # a transposed convolution counts from the other end
    places = tf.constant(np.kron(reach, reach), kernel.dtype)
    weights = tf.matmul(places, tf.reshape(kernel, [side**2, -1]))
    weights = tf.reshape(weights, [side + 1, side + 1, channels, filters])
    return tf.transpose(weights, [0, 1, 3, 2])
