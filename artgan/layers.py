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
    stays as the optimiser left it. Source: Miyato et al., https://arxiv.org/abs/1802.05957
    """

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
            tf.cast(kernel / sigma, inputs.dtype),
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


class GatedLinearUnit(layers.Layer):
    """One half of the channels gates the other: [b, h, w, 2c] -> [b, h, w, c].

    Source: Dauphin et al., https://arxiv.org/abs/1612.08083
    """

    def call(self, inputs):
        values, gates = tf.split(inputs, 2, axis=-1)
        return values * tf.sigmoid(gates)
