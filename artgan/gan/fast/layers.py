"""Layers that the networks are built from, each faster or safer than Keras's own."""

import keras
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
            count = tf.cast(tf.size(inputs), tf.float32) / inputs.shape[-1]
            variance *= 1 - 1 / count
            for moving, new in (
                (self.moving_mean, mean),
                (self.moving_variance, variance),
            ):
                moving.value.assign_sub((moving - new) * (1 - self.momentum))
        return outputs


class Noise(layers.Layer):
    """Random numbers added to a grid, each channel with a strength that it learns.

    inputs: the grid [b, h, w, c] and the latents [b, n]; returns the grid. Where a
    picture needs grain, it need not be made of a motif that repeats. In training the
    numbers are new at every step, drawn from the latents so that a resumed run draws
    the same. In painting each place adds up the latents by random weights of its own,
    which never change: a picture has numbers of its own, and keeps them, and in a walk
    they change smoothly. start: the strengths before training, which moves them slowly.
    Source: Karras et al., https://arxiv.org/abs/1812.04948
    """

    def __init__(self, start=0.0, **options):
        # Latents cut to 16 bits would draw other numbers than whole ones.
        super().__init__(autocast=False, **options)
        self.start = start

    def build(self, input_shape):
        (_, height, width, filters), (_, count) = input_shape
        self.strength = self.add_weight(
            shape=(filters,),
            initializer=keras.initializers.Constant(self.start),
            name="strength",
        )
        normal = keras.initializers.RandomNormal(stddev=count**-0.5, seed=height)
        self.directions = normal([count, height * width], self.variable_dtype)

    def call(self, inputs, training=False):
        grid, latents = inputs
        shape = [tf.shape(grid)[0], *grid.shape[1:3], 1]
        if training:
            ends = tf.gather(tf.reshape(latents, [-1]), [0, tf.size(latents) - 1])
            seed = tf.bitcast(tf.cast(ends, tf.float32), tf.int32)
            numbers = tf.random.stateless_normal(shape, seed + grid.shape[1])
        else:
            numbers = tf.reshape(latents @ self.directions, shape)
        return grid + tf.cast(self.strength, grid.dtype) * tf.cast(numbers, grid.dtype)


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
