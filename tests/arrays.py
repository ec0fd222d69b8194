"""Numbers for layers, and what layers make of them compared."""

import numpy as np
import tensorflow as tf


def numbers(*shape, seed=0):
    """Normal numbers that are not centred."""
    values = np.random.default_rng(seed).normal(0.7, 2.0, shape)
    return tf.constant(values, tf.float32)


def answers(function, *inputs):
    """What a function gives, and the gradients of a curved sum of it."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = function(*inputs)
        total = tf.reduce_sum(tf.sin(outputs / 10))
    return [outputs, *tape.gradient(total, inputs)]


def assert_close(mine, plain, tolerance=1e-5):
    """Each array may differ by that share of the largest number in it."""
    for one, other in zip(mine, plain, strict=True):
        one, other = (np.asarray(tf.cast(a, tf.float32)) for a in (one, other))
        assert one.shape == other.shape
        assert np.abs(one - other).max() <= tolerance * np.abs(other).max()
