"""Layers that the networks are built from, each faster or safer than Keras's own."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers


class BatchNormalization(layers.BatchNormalization):
    """Keras's batch normalisation computed by TensorFlow's single fused kernel.

    inputs: [batch, height, width, channels]; the output has the same shape and dtype.
    Same weights and same numbers as `keras.layers.BatchNormalization`, which on
    TensorFlow is a chain of small operations and costs a third of a training step.
    Source: Ioffe and Szegedy, https://arxiv.org/abs/1502.03167
    """

    def __init__(self, momentum=0.9, epsilon=1e-5, **options):
        super().__init__(momentum=momentum, epsilon=epsilon, **options)

    def call(self, inputs, training=False):
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=self.gamma,
            offset=self.beta,
            mean=[] if training else self.moving_mean,
            variance=[] if training else self.moving_variance,
            epsilon=self.epsilon,
            is_training=bool(training),
        )
        if training:
            # The kernel returns the unbiased variance; Keras averages the biased one.
            count = tf.cast(tf.size(inputs) // tf.shape(inputs)[-1], tf.float32)
            variance *= (count - 1) / count
            for moving, new in (
                (self.moving_mean, mean),
                (self.moving_variance, variance),
            ):
                moving.assign_sub((moving - new) * (1 - self.momentum))
        return outputs


class SpectralConv2D(layers.Conv2D):
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

    def build(self, input_shape):
        super().build(input_shape)
        self.left_vector = self.add_weight(
            shape=(1, self.filters),
            initializer=keras.initializers.RandomNormal(seed=1),
            trainable=False,
            autocast=False,
            name="left_vector",
        )

    def call(self, inputs, training=False):
        kernel = tf.cast(self._kernel, self.variable_dtype)
        matrix = tf.reshape(kernel, [-1, self.filters])
        left = tf.convert_to_tensor(self.left_vector)
        right = tf.math.l2_normalize(tf.matmul(left, matrix, transpose_b=True))
        left = tf.math.l2_normalize(tf.matmul(right, matrix))
        left, right = tf.stop_gradient(left), tf.stop_gradient(right)
        if training:
            self.left_vector.assign(left)
        sigma = tf.matmul(tf.matmul(right, matrix), left, transpose_b=True)
        outputs = tf.nn.conv2d(
            inputs,
            tf.cast(kernel * (self.gain / sigma), inputs.dtype),
            self.strides,
            self.padding.upper(),
        )
        return (
            tf.nn.bias_add(outputs, tf.cast(self.bias, inputs.dtype))
            if self.use_bias
            else outputs
        )


class Upsample(layers.Layer):
    """Nearest-neighbour doubling: [b, h, w, c] -> [b, 2h, 2w, c].

    Written as depth-to-space of repeated channels: Keras's UpSampling2D tiles memory,
    and resize operations have no second gradient.
    """

    def call(self, inputs):
        return tf.nn.depth_to_space(tf.concat([inputs] * 4, axis=-1), 2)


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


class Noise(layers.Layer):
    """Random numbers added to a grid, each channel with a strength that it learns.

    inputs: the grid [b, h, w, c] and the latents [b, n]; returns the grid. Where a
    picture needs grain, it need not be made of a pattern that repeats. In training the
    numbers are new at every step, drawn from the latents so that a resumed run draws
    the same; in painting they stay the same, so that a walk does not flicker.
    Source: Karras et al., https://arxiv.org/abs/1812.04948
    """

    def __init__(self, **options):
        # Latents cut to 16 bits would draw other numbers than whole ones.
        super().__init__(autocast=False, **options)

    def build(self, input_shape):
        (_, height, width, filters), _ = input_shape
        self.strength = self.add_weight(
            shape=(filters,), initializer="zeros", name="strength"
        )
        self.pattern = self.add_weight(
            shape=(height, width, 1),
            initializer=keras.initializers.RandomNormal(stddev=1.0, seed=height),
            trainable=False,
            name="pattern",
        )

    def call(self, inputs, training=False):
        grid, latents = inputs
        numbers = tf.cast(self.pattern, grid.dtype)
        if training:
            ends = tf.gather(tf.reshape(latents, [-1]), [0, tf.size(latents) - 1])
            seed = tf.bitcast(tf.cast(ends, tf.float32), tf.int32)
            shape = [tf.shape(grid)[0], *self.pattern.shape]
            numbers = tf.random.stateless_normal(shape, seed + grid.shape[1])
            numbers = tf.cast(numbers, grid.dtype)
        return grid + tf.cast(self.strength, grid.dtype) * numbers


class MinibatchDeviation(layers.Layer):
    """One more channel that tells how much a batch varies: [b, h, w, c + 1].

    inputs: [b, h, w, c]. The channel holds one number, the standard deviation over the
    batch, averaged over places and channels. Source: Karras et al., section 3,
    https://arxiv.org/abs/1710.10196
    """

    def call(self, inputs):
        exact = tf.cast(inputs, self.variable_dtype)
        # The small number keeps the slope of the root finite where nothing varies.
        deviation = tf.sqrt(tf.math.reduce_variance(exact, axis=0) + 1e-8)
        deviation = tf.cast(tf.reduce_mean(deviation), inputs.dtype)
        channel = tf.zeros_like(inputs[..., :1]) + deviation
        return tf.concat([inputs, channel], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)


class GatedLinearUnit(layers.Layer):
    """One half of the channels gates the other: [b, h, w, 2c] -> [b, h, w, c].

    Source: Dauphin et al., https://arxiv.org/abs/1612.08083
    """

    def call(self, inputs):
        values, gates = tf.split(inputs, 2, axis=-1)
        return values * tf.sigmoid(gates)
