"""Strided convolutions as products of matrices: coarse maps gain by it."""

import numpy as np
import tensorflow as tf
from keras import layers


def im2col(x, kernel_size):
    """What each step of a stride of 2 sees: [b, h, w, c] -> [b, h/2, w/2, k * k * c].

    k is the kernel size; outside of the map are zeros, as with "SAME". Source:
    Chellapilla et al., High Performance Convolutional Neural Networks for Document
    Processing, 2006.
    """
    _, height, width, channels = x.shape
    size = tf.constant([-1, height // 2, width // 2, channels])
    before = max(kernel_size - 2, 0) // 2
    after = kernel_size - 2 - before + kernel_size % 2  # a whole number of steps
    edges = [[0, 0], [before, after], [before, after], [0, 0]]
    steps = tf.nn.space_to_depth(tf.pad(x, edges), 2)
    columns = []
    for row in range(kernel_size):
        for column in range(kernel_size):
            first = (2 * (row % 2) + column % 2) * channels
            start = [0, row // 2, column // 2, first]
            columns.append(tf.slice(steps, start, size))
    return tf.concat(columns, axis=-1)


@tf.custom_gradient
def strided_conv2d(x, kernel):
    """A convolution with a stride of 2 as one product of matrices.

    x: [b, h, w, c], h and w even; kernel: [k, k, c, filters]; returns
    [b, h/2, w/2, filters].
    """
    kernel_size, _, _, filters = kernel.shape
    columns = im2col(x, kernel_size)

    def gradients(upstream):
        slope = tf.einsum("bhwn,bhwf->nf", columns, upstream)
        back = tf.nn.conv2d_transpose(upstream, kernel, tf.shape(x), 2)
        return back, tf.reshape(slope, kernel.shape)

    return tf.tensordot(columns, tf.reshape(kernel, [-1, filters]), 1), gradients


@tf.custom_gradient
def strided_conv2d_transpose(x, kernel):
    """A transposed convolution with a stride of 2, its gradients as such products.

    x: [b, h, w, c]; kernel: [k, k, filters, c]; returns [b, 2h, 2w, filters].
    """
    kernel_size, _, filters, channels = kernel.shape
    batch, height, width, _ = tf.unstack(tf.shape(x))

    def gradients(upstream):
        columns = im2col(upstream, kernel_size)
        slope = tf.einsum("bhwn,bhwc->nc", columns, x)
        back = tf.tensordot(columns, tf.reshape(kernel, [-1, channels]), 1)
        return back, tf.reshape(slope, kernel.shape)

    shape = [batch, 2 * height, 2 * width, filters]
    return tf.nn.conv2d_transpose(x, kernel, shape, 2), gradients


def is_coarse(height, width):
    """Whether products of matrices are faster: an even map of at most 16 x 16."""
    return max(height, width) <= 16 and height % 2 == width % 2 == 0


class Conv2D(layers.Conv2D):
    """Keras's convolution, but halving a coarse map is one product of matrices.

    There the gradients of the kernel, a sum over few places for very many numbers,
    would cost more than all the rest.
    """

    def convolution_op(self, inputs, kernel):
        halving = self.strides == (2, 2) and self.padding == "same"
        if halving and is_coarse(*inputs.shape[1:3]):
            return strided_conv2d(inputs, tf.convert_to_tensor(kernel))
        return super().convolution_op(inputs, kernel)


def conv2d_transpose(x, kernel):
    """A transposed convolution with a stride of 2, by whichever way is faster here.

    x: [b, h, w, c]; kernel: [k, k, filters, c]; returns [b, 2h, 2w, filters].
    """
    _, height, width, _ = x.shape
    if is_coarse(2 * height, 2 * width):
        return strided_conv2d_transpose(x, kernel)
    shape = [tf.shape(x)[0], 2 * height, 2 * width, kernel.shape[2]]
    return tf.nn.conv2d_transpose(x, kernel, shape, 2)


class Conv2DTranspose(layers.Conv2DTranspose):
    """Keras's transposed convolution, for padding "same"; doubling alone is faster."""

    def call(self, inputs):
        if self.strides != (2, 2) or self.use_bias:
            return super().call(inputs)
        return conv2d_transpose(inputs, tf.convert_to_tensor(self.kernel))


class UpsampleConv2D(layers.Conv2D):
    """Keras's `UpSampling2D`, each place becoming 2x2, and then a convolution, in one.

    inputs: [b, h, w, c]; the output is [b, 2h, 2w, filters]. The kernel has an odd
    size k; spread to k + 1 it is that of a transposed convolution, which skips the
    products that the doubling would repeat: 4x4 of them instead of 4 times 3x3.
    """

    def call(self, inputs):
        outputs = conv2d_transpose(inputs, spread(tf.convert_to_tensor(self.kernel)))
        return tf.nn.bias_add(outputs, self.bias) if self.use_bias else outputs

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        return batch, 2 * height, 2 * width, self.filters


def spread(kernel):
    """[k, k, c, filters] -> [k + 1, k + 1, filters, c]: turned, and each place 2x2."""
    side, _, channels, filters = kernel.shape
    along = np.eye(side + 1, side) + np.eye(side + 1, side, -1)
    along = along[:, ::-1]  # a transposed convolution counts from the other end
    places = tf.constant(np.kron(along, along), kernel.dtype)
    spread_out = tf.matmul(places, tf.reshape(kernel, [side**2, -1]))
    spread_out = tf.reshape(spread_out, [side + 1, side + 1, channels, filters])
    return tf.transpose(spread_out, [0, 1, 3, 2])
