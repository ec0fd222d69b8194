"""Convolutions with a stride of 2, and one that is kept calm.

Those of coarse grids are products of matrices: a processor finds the same numbers
sooner that way.
"""

import keras
import tensorflow as tf
from keras import layers


def patches(grid, side):
    """What each step of a stride of 2 sees: [b, h, w, c] -> [b, h/2, w/2, side^2 c].

    Outside of the grid are zeros, as with "SAME". Source: Chellapilla et al., High
    Performance Convolutional Neural Networks for Document Processing, 2006.
    """
    _, height, width, filters = grid.shape
    size = tf.constant([-1, height // 2, width // 2, filters])
    before = max(side - 2, 0) // 2
    after = side - 2 - before + side % 2  # a whole number of steps
    edges = [[0, 0], [before, after], [before, after], [0, 0]]
    steps = tf.nn.space_to_depth(tf.pad(grid, edges), 2)
    seen = []
    for row in range(side):
        for column in range(side):
            first = (2 * (row % 2) + column % 2) * filters
            seen.append(tf.slice(steps, [0, row // 2, column // 2, first], size))
    return tf.concat(seen, axis=-1)


@tf.custom_gradient
def halve(grid, kernel):
    """A convolution with a stride of 2 as one product of matrices.

    grid: [b, h, w, c], h and w even; kernel: [side, side, c, filters]; returns
    [b, h/2, w/2, filters].
    """
    side, _, _, filters = kernel.shape
    seen = patches(grid, side)

    def gradients(upstream):
        slope = tf.einsum("bhwn,bhwf->nf", seen, upstream)
        back = tf.nn.conv2d_transpose(upstream, kernel, tf.shape(grid), 2)
        return back, tf.reshape(slope, kernel.shape)

    return tf.tensordot(seen, tf.reshape(kernel, [-1, filters]), 1), gradients


@tf.custom_gradient
def double(grid, kernel):
    """A transposed convolution with a stride of 2, its gradients as such products.

    grid: [b, h, w, c]; kernel: [side, side, filters, c]; returns [b, 2h, 2w, filters].
    """
    side, _, filters, depth = kernel.shape
    batch, height, width, _ = tf.unstack(tf.shape(grid))

    def gradients(upstream):
        seen = patches(upstream, side)
        slope = tf.einsum("bhwn,bhwc->nc", seen, grid)
        back = tf.tensordot(seen, tf.reshape(kernel, [-1, depth]), 1)
        return back, tf.reshape(slope, kernel.shape)

    shape = [batch, 2 * height, 2 * width, filters]
    return tf.nn.conv2d_transpose(grid, kernel, shape, 2), gradients


def is_coarse(height, width):
    """Whether products of matrices are faster: an even grid of at most 16 x 16."""
    return max(height, width) <= 16 and height % 2 == width % 2 == 0


class Conv2D(layers.Conv2D):
    """Keras's convolution, but halving a coarse grid is one product of matrices.

    There the gradients of the kernel, a sum over few places for very many numbers,
    would cost more than all the rest.
    """

    def convolution_op(self, inputs, kernel):
        halving = self.strides == (2, 2) and self.padding == "same"
        if halving and is_coarse(*inputs.shape[1:3]):
            return halve(inputs, tf.convert_to_tensor(kernel))
        return super().convolution_op(inputs, kernel)


class Conv2DTranspose(layers.Conv2DTranspose):
    """Keras's transposed convolution, for a stride of 2, padding "same" and no bias.

    Doubling a coarse grid is the reverse of halving one, gradients included.
    """

    def call(self, inputs):
        _, height, width, _ = inputs.shape
        if is_coarse(2 * height, 2 * width):
            return double(inputs, tf.convert_to_tensor(self.kernel))
        return super().call(inputs)


class SpectralConv2D(Conv2D):
    """A convolution whose kernel is divided by its largest singular value.

    inputs: [batch, height, width, channels]. One power iteration for each training
    call keeps the estimate; gradients pass through the division, and the stored kernel
    stays as the optimiser left it. What comes out is multiplied by `gain`: as LeakyReLU
    makes numbers smaller layer after layer, a network with a gain of 1 hardly answers.
    Source: Miyato et al., https://arxiv.org/abs/1802.05957
    """

    def __init__(self, *arguments, gain=1.0, **options):
        super().__init__(*arguments, **options)
        self.gain = gain

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

    def save_own_variables(self, store):
        # Keras's convolution would leave the vector out.
        layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store):
        layers.Layer.load_own_variables(self, store)

    def call(self, inputs, training=False):
        kernel = tf.convert_to_tensor(self.kernel)
        matrix = tf.reshape(kernel, [-1, self.filters])
        right = tf.matmul(self.left_vector, matrix, transpose_b=True)
        left = tf.matmul(tf.stop_gradient(tf.math.l2_normalize(right)), matrix)
        sigma = tf.norm(left)  # its slope is that of both vectors held still
        if training:
            self.left_vector.assign(left / sigma)
        kernel = tf.cast(kernel * (self.gain / sigma), inputs.dtype)
        outputs = self.convolution_op(inputs, kernel)
        if not self.use_bias:
            return outputs
        return tf.nn.bias_add(outputs, tf.cast(self.bias, inputs.dtype))
