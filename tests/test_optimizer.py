"""The fused Adam against Keras's own."""

import keras
import numpy as np
import tensorflow as tf

from artgan.optimizer import Adam


def train_twins(steps):
    """Give the same gradients to a weight under each Adam; return both weights."""
    rng = np.random.default_rng(0)
    start = rng.normal(size=(7, 5)).astype("float32")
    twins = []
    for kind in (Adam, keras.optimizers.Adam):
        weight = keras.Variable(start)
        optimizer = kind(1e-2, 0.5, 0.99)
        optimizer.build([weight])
        twins.append((weight, optimizer))

    @tf.function
    def step(gradient):
        for weight, optimizer in twins:
            optimizer.apply([gradient], [weight])

    for _ in range(steps):
        step(tf.constant(rng.normal(size=(7, 5)).astype("float32")))
    return twins


def test_it_gives_the_numbers_of_keras():
    (fused, _), (plain, _) = train_twins(25)
    np.testing.assert_allclose(fused.numpy(), plain.numpy(), atol=1e-6)


def test_its_slots_are_those_of_keras():
    (_, fused), (_, plain) = train_twins(5)
    assert len(fused.variables) == len(plain.variables)
    for mine, theirs in zip(fused.variables, plain.variables, strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs.numpy(), atol=1e-6)


def test_it_counts_its_steps():
    (_, fused), _ = train_twins(3)
    assert int(fused.iterations) == 3
