"""The spectral convolution; its gradients are tested in test_gradients.py."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import numbers

from artgan.gan.spectral_norm import SpectralConv2D


@pytest.fixture
def spectral():
    """A spectral convolution whose kernel is far from norm 1."""
    layer = SpectralConv2D(6, 3, strides=2, padding="same", dtype="float32")
    layer.build([None, 8, 8, 4])
    layer.kernel.assign(3 * numbers(3, 3, 4, 6, seed=4))
    layer.bias.assign(numbers(6, seed=5))
    return layer


def norm(kernel):
    """The largest singular value of a convolution's kernel as a matrix."""
    kernel = np.asarray(kernel)
    return np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)[0]


def effective_kernel(layer):
    """The kernel that a layer of 3x3 convolves with, found by what it does.

    A picture of one lit point shows it, from every side.
    """
    found = np.zeros([3, 3, 4, 6])
    for row, column, channel in np.ndindex(3, 3, 4):
        lit = np.zeros([1, 8, 8, 4], np.float32)
        lit[0, 2 + row, 2 + column, channel] = 1  # the second step sees rows 2 to 4
        found[row, column, channel] = (layer(lit) - layer.bias)[0, 1, 1]
    return found


def test_the_norm_of_the_effective_kernel_becomes_one(spectral):
    stored = spectral.kernel.numpy()
    assert norm(stored) > 10
    for _ in range(60):
        spectral(numbers(2, 8, 8, 4), training=True)
    effective = effective_kernel(spectral)
    assert norm(effective) == pytest.approx(1, rel=1e-3)
    np.testing.assert_allclose(effective, stored / norm(stored), atol=1e-4)
    assert (spectral.kernel.numpy() == stored).all()


def test_one_iteration_a_step_keeps_up_with_a_kernel_that_learns(spectral):
    inputs, optimizer = numbers(2, 8, 8, 4), keras.optimizers.Adam(1e-2)
    for step in range(80):
        with tf.GradientTape() as tape:
            outputs = spectral(inputs, training=True)
            loss = tf.reduce_mean((outputs - numbers(2, 4, 4, 6, seed=step)) ** 2)
        weights = spectral.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
    assert norm(effective_kernel(spectral)) == pytest.approx(1, rel=0.02)


def test_it_learns_nothing_along_its_kernel(spectral):
    inputs = numbers(2, 8, 8, 4)
    for _ in range(60):
        spectral(inputs, training=True)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(spectral(inputs, training=True) ** 2)
    gradient = tape.gradient(loss, spectral.kernel).numpy()
    kernel = spectral.kernel.numpy()
    # Scaling the kernel changes no output, so the gradient has no part that scales it.
    along = (
        (gradient * kernel).sum() / np.linalg.norm(gradient) / np.linalg.norm(kernel)
    )
    assert np.linalg.norm(gradient) > 0 and abs(along) < 1e-2


def test_under_bfloat16_it_is_that_in_float32(spectral):
    half = SpectralConv2D(6, 3, strides=2, padding="same", dtype="mixed_bfloat16")
    half.build([None, 8, 8, 4])
    half.set_weights(spectral.get_weights())
    inputs, answers = numbers(2, 8, 8, 4), []
    for layer in half, spectral:
        with tf.GradientTape() as tape:
            outputs = layer(inputs, training=True)
            assert outputs.dtype == layer.compute_dtype
            outputs = tf.cast(outputs, tf.float32)
            loss = tf.reduce_sum(outputs**2)
        gradients = tape.gradient(loss, layer.trainable_variables)
        assert {weight.dtype for weight in layer.weights} == {"float32"}
        answers.append([outputs, *gradients, layer.left_vector.value])
    for mine, full in zip(*answers, strict=True):
        difference = np.abs(np.asarray(mine) - np.asarray(full)).max()
        assert difference <= np.abs(full).max() / 64


def test_it_works_without_a_bias(spectral):
    options = {"padding": "same", "use_bias": False, "dtype": "float32"}
    plain = SpectralConv2D(6, 3, strides=2, **options)
    plain.build([None, 8, 8, 4])
    plain.kernel.assign(spectral.kernel)
    inputs = numbers(2, 8, 8, 4)
    for training in (True, False):
        expected = spectral(inputs, training=training) - spectral.bias
        found = plain(inputs, training=training)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_it_keeps_its_estimate_outside_training(spectral):
    before = spectral.left_vector.numpy()
    spectral(numbers(2, 8, 8, 4), training=False)
    assert (spectral.left_vector.numpy() == before).all()
    spectral(numbers(2, 8, 8, 4), training=True)
    assert (spectral.left_vector.numpy() != before).any()


def test_its_estimate_is_a_weight_that_is_not_trained(spectral):
    names = [variable.name for variable in spectral.variables]
    assert names == ["kernel", "bias", "left_vector"]
    assert [v.name for v in spectral.trainable_variables] == ["kernel", "bias"]
