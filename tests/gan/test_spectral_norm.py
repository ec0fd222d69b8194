"""The spectral convolution; its gradients are tested in test_gradients.py."""

import numpy as np
import pytest
import tensorflow as tf
from arrays import numbers

from artgan.gan.spectral_norm import SpectralConv2D

INPUTS = numbers(2, 8, 8, 4)


def make(**options):
    """A spectral convolution whose kernel is far from norm 1."""
    options = {"strides": 2, "padding": "same", "dtype": "float32"} | options
    layer = SpectralConv2D(6, 3, **options)
    layer.build([None, 8, 8, 4])
    layer.kernel.assign(3 * numbers(3, 3, 4, 6, seed=4))
    if layer.use_bias:
        layer.bias.assign(numbers(6, seed=5))
    return layer


@pytest.fixture
def spectral():
    return make()


def norm(kernel):
    """The largest singular value of a convolution's kernel as a matrix."""
    kernel = np.asarray(kernel)
    return np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)[0]


def effective_kernel(layer):
    """The kernel that a layer of 3x3 convolves with, found by what it does.

    Pictures of one lit point show it, from every side.
    """
    lit = np.zeros([36, 8, 8, 4], np.float32)
    for number, (row, column, channel) in enumerate(np.ndindex(3, 3, 4)):
        lit[number, 2 + row, 2 + column, channel] = 1  # step two sees rows 2 to 4
    return np.reshape((layer(lit) - layer.bias)[:, 1, 1], [3, 3, 4, 6])


def test_the_norm_of_the_effective_kernel_becomes_one(spectral):
    stored = spectral.kernel.numpy()
    assert norm(stored) > 10
    for _ in range(60):
        spectral(INPUTS, training=True)
    effective = effective_kernel(spectral)
    assert norm(effective) == pytest.approx(1, rel=1e-3)
    np.testing.assert_allclose(effective, stored / norm(stored), atol=1e-4)
    assert (spectral.kernel.numpy() == stored).all()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(spectral(INPUTS, training=True) ** 2)
    gradient = tape.gradient(loss, spectral.kernel).numpy()
    # Scaling the kernel changes no output, so the gradient has no part that scales it.
    along = (gradient * stored).sum() / np.linalg.norm(stored)
    assert abs(along) < 1e-2 * np.linalg.norm(gradient)


def test_under_bfloat16_it_is_that_in_float32(spectral):
    half, answers = make(dtype="mixed_bfloat16"), []
    half.set_weights(spectral.get_weights())
    for layer in half, spectral:
        with tf.GradientTape() as tape:
            outputs = layer(INPUTS, training=True)
            assert outputs.dtype == layer.compute_dtype
            outputs = tf.cast(outputs, tf.float32)
            loss = tf.reduce_sum(outputs**2)
        gradients = tape.gradient(loss, layer.trainable_variables)
        assert {weight.dtype for weight in layer.weights} == {"float32"}
        answers.append([outputs, *gradients, layer.left_vector.value])
    for mine, full in zip(*answers, strict=True):
        difference = np.abs(np.asarray(mine) - np.asarray(full)).max()
        assert difference <= np.abs(full).max() / 64


@pytest.mark.parametrize("training", [True, False])
def test_its_estimate_moves_in_training_only_and_is_not_trained(spectral, training):
    names = [variable.name for variable in spectral.variables]
    assert names == ["kernel", "bias", "left_vector"]
    assert [v.name for v in spectral.trainable_variables] == ["kernel", "bias"]
    plain, before = make(use_bias=False), spectral.left_vector.numpy()
    expected = spectral(INPUTS, training=training) - spectral.bias
    found = plain(INPUTS, training=training)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert (spectral.left_vector.numpy() != before).any() == training
