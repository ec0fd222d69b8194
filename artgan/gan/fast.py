"""Keras's batch norm and Adam, faster, and all that devices share: skip it at first.

Each device takes its rows of the batch. What is random is drawn for all of it, and
gradients and statistics are averaged over it: any number comes to the same.
"""

from functools import partial

import keras
import tensorflow as tf


def replicas() -> int:
    """How many devices share the step that is being computed; 1 outside of one."""
    context = tf.distribute.get_replica_context()
    return context.num_replicas_in_sync if context else 1


def mean_over_devices(arrays):
    """The mean of each array over the devices that share a step."""
    if replicas() == 1:
        return arrays
    return tf.distribute.get_replica_context().all_reduce("MEAN", arrays)


def own_rows(array):
    """The rows of this device, of an array that has those of all."""
    if replicas() == 1:
        return array
    number = tf.distribute.get_replica_context().replica_id_in_sync_group
    return tf.stack(tf.split(array, replicas()))[number]


def draw_rows(draw, shape, *arguments, **options):
    """Let a function draw for all devices, and return the rows of this one."""
    rows, *others = shape
    return own_rows(draw([rows * replicas(), *others], *arguments, **options))


stateless_uniform = partial(draw_rows, tf.random.stateless_uniform)
stateless_normal = partial(draw_rows, tf.random.stateless_normal)


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras's batch normalisation of [batch, h, w, channels] by a single fused kernel.

    Keras's own is a chain of small operations. It averages over hundreds of steps, and
    short trainings need tens. Source: https://arxiv.org/abs/1502.03167
    """

    def __init__(self, momentum=0.9, epsilon=1e-5, **options):
        super().__init__(momentum=momentum, epsilon=epsilon, **options)

    def call(self, inputs, training=False):
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=self.gamma if self.scale else tf.ones_like(self.moving_mean),
            offset=self.beta if self.center else tf.zeros_like(self.moving_mean),
            mean=[] if training else self.moving_mean,
            variance=[] if training else self.moving_variance,
            epsilon=self.epsilon,
            is_training=bool(training),
        )
        if training:
            count = tf.cast(tf.size(inputs), tf.float32) / inputs.shape[-1]
            self.move_statistics(mean, variance * (1 - 1 / count))  # the biased one
        return outputs

    def move_statistics(self, mean, variance):
        """Move the statistics for painting, which multiplies by the mean of 1/s."""
        part, variances = 1 - self.momentum, (self.moving_variance, variance)
        old, new = (tf.math.rsqrt(each + self.epsilon) for each in variances)
        self.moving_variance.assign((old + (new - old) * part) ** -2 - self.epsilon)
        self.moving_mean.assign_sub((self.moving_mean - mean) * part)


class BatchNormalization(FusedBatchNormalization):
    """By the statistics of the whole batch, of which each device has a share."""

    def call(self, inputs, training=False):
        if not training or replicas() == 1:
            return super().call(inputs, training)
        x = tf.cast(inputs, tf.float32)
        moments = [tf.reduce_mean(y, [0, 1, 2]) for y in (x, tf.square(x))]
        mean, square = mean_over_devices(moments)
        variance = square - tf.square(mean)
        self.move_statistics(mean, variance)
        numbers = mean, variance, self.beta, self.gamma, self.epsilon
        return tf.cast(tf.nn.batch_normalization(x, *numbers), inputs.dtype)


class FusedAdam(keras.optimizers.Adam):
    """Keras's Adam, with its slots and numbers, by one fused kernel for each variable.

    Keras's own reads and writes every weight a dozen times a step.
    Source: https://arxiv.org/abs/1412.6980
    """

    def apply(self, gradients, variables):
        steps = tf.cast(self.iterations + 1, tf.float32)
        shared = {
            "beta1_power": self.beta_1**steps,
            "beta2_power": self.beta_2**steps,
            "lr": tf.convert_to_tensor(self.learning_rate),
            "beta1": tf.constant(self.beta_1),
            "beta2": tf.constant(self.beta_2),
            "epsilon": tf.constant(self.epsilon),
        }
        for gradient, variable in zip(gradients, variables, strict=True):
            index = self._get_variable_index(variable)
            slots = {"m": self._momentums[index], "v": self._velocities[index]}
            places = {"var": variable} | slots
            handles = {name: each.value.handle for name, each in places.items()}
            tf.raw_ops.ResourceApplyAdam(**handles, grad=gradient, **shared)
        self.iterations.assign_add(1)


class Adam(FusedAdam):
    """With the mean of the gradients of all devices."""

    def apply(self, gradients, variables):
        super().apply(mean_over_devices(gradients), variables)
