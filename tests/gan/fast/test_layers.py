import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import numbers

from artgan.gan.fast.layers import BatchNormalization


@pytest.fixture
def normalizations():
    """The fused batch normalisation and Keras's own with equal, uneven weights."""
    options = {"momentum": 0.8, "epsilon": 1e-3}
    pair = BatchNormalization(**options), keras.layers.BatchNormalization(**options)
    draw = np.random.default_rng(1)
    weights = [draw.uniform(0.5, 2, 5) for _ in range(4)]
    for layer in pair:
        layer.build([None, 6, 7, 5])
        layer.set_weights(weights)
    return pair


@pytest.mark.parametrize("training", [True, False])
def test_fused_batch_normalization_is_that_of_keras(normalizations, training):
    inputs, wanted, answers = numbers(4, 6, 7, 5), numbers(4, 6, 7, 5, seed=2), []
    weights_before = {layer: layer.get_weights() for layer in normalizations}
    for layer in normalizations:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=training)
            loss = tf.reduce_sum((outputs - wanted) ** 2)
        gradients = tape.gradient(loss, [inputs, *layer.trainable_variables])
        answers.append([outputs, *gradients, *layer.get_weights()])
        moved = layer.moving_mean.numpy() != weights_before[layer][2]
        assert moved.all() == training
    for fused, kerass in zip(*answers, strict=True):
        np.testing.assert_allclose(fused, kerass, rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize("training", [True, False])
def test_fused_batch_normalization_under_bfloat16_is_that_in_float32(training):
    answers = []
    for dtype in "mixed_bfloat16", "float32":
        layer = BatchNormalization(dtype=dtype)
        inputs = tf.cast(numbers(4, 6, 7, 5), tf.bfloat16)
        weights = tf.cast(numbers(4, 6, 7, 5, seed=2), tf.float32)
        layer.build(inputs.shape)
        draw = np.random.default_rng(1)
        layer.set_weights([draw.uniform(0.5, 2, 5) for _ in range(4)])
        inputs = tf.cast(inputs, layer.compute_dtype)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=training)
            assert outputs.dtype == layer.compute_dtype
            outputs = tf.cast(outputs, tf.float32)
            loss = tf.reduce_sum(outputs * weights)
        gradients = tape.gradient(loss, [inputs, *layer.trainable_variables])
        assert {weight.dtype for weight in layer.weights} == {"float32"}
        answers.append([outputs, *gradients, *layer.get_weights()])
    # bfloat16 keeps 8 bits: numbers are rounded by 1/256 of themselves at most.
    for half, full in zip(*answers, strict=True):
        half, full = tf.cast(half, tf.float32).numpy(), np.asarray(full)
        assert np.abs(half - full).max() <= np.abs(full).max() / 128
