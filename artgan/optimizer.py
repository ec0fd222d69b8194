"""The optimiser of both networks."""

import keras
import tensorflow as tf


class Adam(keras.optimizers.Adam):
    """Keras's Adam computed by one fused kernel of TensorFlow for each variable.

    Same slots and same numbers as `keras.optimizers.Adam`, which reads and writes
    every weight a dozen times a step. Source: https://arxiv.org/abs/1412.6980
    """

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        steps = tf.cast(self.iterations + 1, tf.float32)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=self.beta_1**steps,
            beta2_power=self.beta_2**steps,
            lr=learning_rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )
