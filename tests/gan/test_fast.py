"""The fused Adam and batch normalisation against Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import numbers

from artgan.gan.fast import Adam, BatchNormalization

START = np.random.default_rng(0).normal(size=(7, 5)).astype("float32")


@pytest.mark.parametrize("scale", [0, 1e-30, 1e-8, 1, 1e4])
def test_adam_gives_the_numbers_and_slots_of_keras(scale):
    rng, twins = np.random.default_rng(1), []
    for kind in (Adam, keras.optimizers.Adam):
        optimizer, weight = kind(1e-2, 0.5, 0.99), keras.Variable(START)
        optimizer.build([weight])
        twins.append((optimizer, weight))

    @tf.function
    def step(gradient):
        for optimizer, weight in twins:
            optimizer.apply([gradient], [weight])

    for _ in range(50):
        step(tf.constant(scale * rng.normal(size=(7, 5)), tf.float32))
    (ours, fused), (theirs, plain) = twins
    np.testing.assert_allclose(fused.numpy(), plain.numpy(), rtol=1e-6, atol=1e-6)
    assert (np.abs(fused.numpy() - START).max() > 0.05) == (scale >= 1)
    assert ours.iterations.numpy() == 50
    for mine, other in zip(ours.variables, theirs.variables, strict=True):
        np.testing.assert_allclose(mine.numpy(), other.numpy(), rtol=1e-5, atol=1e-6)


def normalized(kind, inputs, training, dtype="float32"):
    """What a batch norm with uneven weights gives, with its gradients and weights."""
    layer = kind(momentum=0.8, epsilon=1e-3, dtype=dtype)
    draw = np.random.default_rng(1)
    layer.build(inputs.shape)
    layer.set_weights([draw.uniform(0.5, 2, 5) for _ in range(4)])
    before = layer.moving_mean.numpy()
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=training)
        assert outputs.dtype == layer.compute_dtype
        weighed = tf.cast(outputs, tf.float32) * numbers(4, 6, 7, 5, seed=2)
        loss = tf.reduce_sum(weighed)
    gradients = tape.gradient(loss, [inputs, *layer.trainable_variables])
    assert (layer.moving_mean.numpy() != before).all() == training
    assert {weight.dtype for weight in layer.weights} == {"float32"}
    found = [outputs, *gradients, *layer.get_weights()]
    return [np.asarray(tf.cast(array, tf.float32)) for array in found]


@pytest.mark.parametrize("training", [True, False])
def test_batch_normalization_is_that_of_keras_and_in_bfloat16_nearly(training):
    inputs = tf.cast(tf.cast(numbers(4, 6, 7, 5), tf.bfloat16), tf.float32)
    ours = normalized(BatchNormalization, inputs, training)
    plain = normalized(keras.layers.BatchNormalization, inputs, training)
    half = tf.cast(inputs, tf.bfloat16)
    rounded = normalized(BatchNormalization, half, training, "mixed_bfloat16")
    if training:  # Keras averages variances, ours the 1/s that a batch is multiplied by
        old = np.random.default_rng(1).uniform(0.5, 2, [4, 5])[3]
        both = 1 / np.sqrt(1e-3 + np.stack([old, inputs.numpy().var((0, 1, 2))]))
        plain[-1] = ([0.8, 0.2] @ both) ** -2 - 1e-3
    for mine, theirs, near in zip(ours, plain, rounded, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=2e-4, atol=2e-4)
        # bfloat16 keeps 8 bits: numbers are rounded by 1/256 of themselves at most.
        assert np.abs(near - mine).max() <= np.abs(mine).max() / 128
