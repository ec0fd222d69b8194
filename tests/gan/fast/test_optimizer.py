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


def test_it_gives_the_numbers_of_keras():
    (fused, _), (plain, _) = train_twins(50)
    np.testing.assert_allclose(fused.numpy(), plain.numpy(), atol=1e-6)
    assert np.abs(fused.numpy() - START).max() > 0.05


@pytest.mark.parametrize("scale", [0, 1e-30, 1e-8, 1e-3, 1e4])
def test_it_gives_the_numbers_of_keras_for_gradients_of_any_size(scale):
    (fused, _), (plain, _) = train_twins(50, scale)
    np.testing.assert_allclose(fused.numpy(), plain.numpy(), rtol=1e-6, atol=1e-6)
    moved = np.abs(fused.numpy() - START).max()
    assert moved == 0 if scale == 0 else moved < 50 * 1e-2 * 2


def test_its_slots_are_those_of_keras():
    (_, fused), (_, plain) = train_twins(5)
    assert len(fused.variables) == len(plain.variables)
    for mine, theirs in zip(fused.variables, plain.variables, strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs.numpy(), atol=1e-6)


def test_it_counts_its_steps():
    (_, fused), _ = train_twins(3)
    assert fused.iterations.numpy() == 3
