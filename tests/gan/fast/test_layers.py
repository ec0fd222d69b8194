import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import numbers

from artgan.gan.fast.layers import (
    BatchNormalization,
    MinibatchDeviation,
    Noise,
)


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
    for layer in normalizations:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=training)
            loss = tf.reduce_sum((outputs - wanted) ** 2)
        gradients = tape.gradient(loss, [inputs, *layer.trainable_variables])
        answers.append([outputs, *gradients, *layer.get_weights()])
    for fused, kerass in zip(*answers, strict=True):
        np.testing.assert_allclose(fused, kerass, rtol=2e-4, atol=2e-4)


def test_the_statistics_follow_those_of_keras_for_many_steps(normalizations):
    batches = tf.TensorSpec([None, 6, 7, 5])
    for layer in normalizations:

        @tf.function(input_signature=[batches])
        def train(inputs, layer=layer):
            layer(inputs, training=True)

        for step in range(30):
            train(numbers(1 + step % 7, 6, 7, 5, seed=step))
    for fused, kerass in zip(*(y.get_weights() for y in normalizations), strict=True):
        np.testing.assert_allclose(fused, kerass, rtol=1e-5, atol=1e-6)


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
            outputs = tf.cast(layer(inputs, training=training), tf.float32)
            loss = tf.reduce_sum(outputs * weights)
        gradients = tape.gradient(loss, [inputs, *layer.trainable_variables])
        answers.append([outputs, *gradients, *layer.get_weights()])
    # bfloat16 keeps 8 bits: numbers are rounded by 1/256 of themselves at most.
    for half, full in zip(*answers, strict=True):
        half, full = tf.cast(half, tf.float32).numpy(), np.asarray(full)
        assert np.abs(half - full).max() <= np.abs(full).max() / 128


def test_the_statistics_move_in_training_only(normalizations):
    fused, _ = normalizations
    before = fused.get_weights()
    fused(numbers(4, 6, 7, 5), training=False)
    assert all((a == b).all() for a, b in zip(before, fused.get_weights(), strict=True))
    fused(numbers(4, 6, 7, 5), training=True)
    moved = [(a != b).all() for a, b in zip(before, fused.get_weights(), strict=True)]
    assert moved == [False, False, True, True]


def test_batch_normalization_keeps_float32_statistics_under_bfloat16():
    layer = BatchNormalization(dtype="mixed_bfloat16")
    inputs = tf.cast(numbers(4, 6, 7, 5), tf.bfloat16)
    outputs = layer(inputs, training=True)
    assert outputs.dtype == tf.bfloat16
    assert {weight.dtype for weight in layer.weights} == {"float32"}
    values = tf.cast(outputs, tf.float32).numpy().reshape(-1, 5)
    np.testing.assert_allclose(values.mean(0), 0, atol=0.02)
    np.testing.assert_allclose(values.std(0), 1, atol=0.02)


@pytest.fixture
def noise():
    """Noise of a strength of its own in each of three channels."""
    layer = Noise()
    layer.build([[None, 4, 5, 3], [None, 6]])
    layer.strength.assign([0.0, 1.0, 2.0])
    return layer


@pytest.mark.parametrize("training", [True, False])
def test_noise_is_nothing_before_it_is_learnt_or_begins_as_asked(training):
    given = [numbers(2, 4, 4, 3), numbers(2, 6)]
    half, whole = (
        Noise(start)(given, training=training) - given[0] for start in (0.5, 1.0)
    )
    np.testing.assert_allclose(half * 2, whole, atol=1e-6)
    assert (Noise()(given, training=training) == given[0]).numpy().all()


@pytest.mark.parametrize("training", [True, False])
def test_noise_differs_from_place_to_place_and_from_picture_to_picture(training):
    latents = tf.random.stateless_normal([64, 128], [1, 2])
    drawn = Noise(1.0)([tf.zeros([64, 8, 8, 2]), latents], training=training).numpy()
    assert (drawn[..., 0] == drawn[..., 1]).all()
    assert abs(drawn.mean()) < 0.05 and abs(drawn.std() - 1) < 0.05
    places = drawn[..., 0].reshape(64, -1)
    for related in np.corrcoef(places), np.corrcoef(places.T):
        assert np.abs(related[np.triu_indices_from(related, 1)]).max() < 0.6


def test_noise_in_training_follows_from_the_latents(noise):
    grid, latents = tf.zeros([8, 4, 5, 3]), numbers(8, 6)
    drawn = noise([grid, latents], training=True).numpy()
    assert (drawn == noise([grid, latents], training=True).numpy()).all()
    assert (drawn != noise([grid, latents + 1], training=True).numpy())[..., 1:].all()


def test_each_channel_of_noise_has_its_strength(noise):
    drawn = noise([tf.zeros([2, 4, 5, 3]), numbers(2, 6)]).numpy()
    assert (drawn[..., 0] == 0).all() and (drawn[..., 1] != 0).all()
    np.testing.assert_array_equal(drawn[..., 2], 2 * drawn[..., 1])


def test_noise_in_painting_follows_from_the_latents_smoothly(noise):
    grid, latents = tf.zeros([2, 4, 5, 3]), numbers(2, 6)
    drawn = noise([grid, latents]).numpy()
    assert (drawn == noise([grid, latents]).numpy()).all()
    near = noise([grid, latents * 1.01]).numpy()
    np.testing.assert_allclose(near, drawn * 1.01, rtol=1e-4)
    twin = Noise()
    twin.build([[None, 4, 5, 3], [None, 6]])
    np.testing.assert_array_equal(twin.directions, noise.directions)
    assert [weight.name for weight in noise.weights] == ["strength"]


def test_the_minibatch_deviation_is_one_more_channel():
    grid = numbers(4, 3, 2, 5)
    told = MinibatchDeviation()(grid).numpy()
    assert told.shape == (4, 3, 2, 6)
    np.testing.assert_array_equal(told[..., :5], grid)
    expected = np.std(grid, axis=0).mean()
    np.testing.assert_allclose(told[..., 5], expected, rtol=1e-5)


def test_a_batch_of_one_picture_has_no_deviation_and_a_finite_slope():
    grid = tf.repeat(numbers(1, 2, 2, 3), 4, axis=0)
    with tf.GradientTape() as tape:
        tape.watch(grid)
        told = MinibatchDeviation()(grid)
    assert np.abs(told[..., 3]).max() < 1.1e-4
    assert np.isfinite(tape.gradient(told, grid)).all()
