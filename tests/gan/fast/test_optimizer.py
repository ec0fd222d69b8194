"""The fused Adam against Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from artgan.gan.fast.optimizer import Adam

START = np.random.default_rng(0).normal(size=(7, 5)).astype("float32")


def train_twins(steps, scale=1):
    """Give the same gradients to a weight under each Adam; return both weights."""
    rng, twins = np.random.default_rng(1), []
    for kind in (Adam, keras.optimizers.Adam):
        weight = keras.Variable(START)
        optimizer = kind(1e-2, 0.5, 0.99)
        optimizer.build([weight])
        twins.append((weight, optimizer))

    @tf.function
    def step(gradient):
        for weight, optimizer in twins:
            optimizer.apply([gradient], [weight])

    for _ in range(steps):
        gradient = scale * rng.normal(size=(7, 5))
        step(tf.constant(gradient.astype("float32")))
    return twins


@pytest.mark.parametrize("scale", [0, 1e-30, 1e-8, 1e-3, 1, 1e4])
def test_it_gives_the_numbers_and_slots_of_keras(scale):
    (fused, ours), (plain, theirs) = train_twins(50, scale)
    np.testing.assert_allclose(fused.numpy(), plain.numpy(), rtol=1e-6, atol=1e-6)
    moved = np.abs(fused.numpy() - START).max()
    assert moved == 0 if scale == 0 else moved < 50 * 1e-2 * 2
    assert moved > 0.05 or scale < 1e-3
    assert ours.iterations.numpy() == 50
    for mine, other in zip(ours.variables, theirs.variables, strict=True):
        np.testing.assert_allclose(mine.numpy(), other.numpy(), rtol=1e-5, atol=1e-6)
