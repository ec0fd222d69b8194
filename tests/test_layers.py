import keras
import numpy as np
import pytest
import tensorflow as tf

from artgan.layers import (
    BatchNormalization,
    MinibatchDeviation,
    Noise,
    SmoothConv2D,
    SpectralConv2D,
    Upsample,
)


def numbers(*shape, seed=0):
    """Normal numbers with a mean and a deviation that normalising must mend."""
    values = np.random.default_rng(seed).normal(0.7, 2.0, shape)
    return tf.constant(values, tf.float32)


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


def test_upsample_copies_pixels_as_keras_does():
    inputs = numbers(2, 3, 5, 4)
    expected = keras.layers.UpSampling2D(2)(inputs)
    assert (Upsample()(inputs).numpy() == expected.numpy()).all()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_gradient_of_upsample_is_that_of_keras(dtype):
    inputs, wanted = numbers(2, 3, 5, 4), tf.cast(numbers(2, 6, 10, 4, seed=2), dtype)
    inputs, gradients = tf.cast(inputs, dtype), []
    for layer in Upsample(dtype=dtype), keras.layers.UpSampling2D(2, dtype=dtype):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_sum((layer(inputs) - wanted) ** 2)
        gradients.append(tf.cast(tape.gradient(loss, inputs), tf.float32).numpy())
    # Both add four numbers, though not in the same order.
    tolerance = 1e-5 if dtype == "float32" else 1 / 64
    assert np.abs(gradients[0] - gradients[1]).max() < tolerance * gradients[1].max()


def test_upsample_has_a_second_gradient():
    inputs = numbers(1, 2, 2, 1)
    with tf.GradientTape() as outer:
        outer.watch(inputs)
        with tf.GradientTape() as inner:
            inner.watch(inputs)
            total = tf.reduce_sum(Upsample()(inputs) ** 3)
        slope = inner.gradient(total, inputs)
    curve = outer.gradient(slope, inputs)
    np.testing.assert_allclose(curve, 4 * 6 * inputs.numpy(), rtol=1e-5)


@pytest.mark.parametrize("kernel_size", [1, 3, 4, 5])
def test_a_smooth_convolution_is_one_of_the_doubled_grid(kernel_size):
    layer = SmoothConv2D(4, kernel_size, "he_normal")
    grid = numbers(2, 8, 6, 3)
    outputs = layer(grid)
    assert outputs.shape == (2, 16, 12, 4)
    expected = tf.nn.conv2d(tf.image.resize(grid, [16, 12]), layer.kernel, 1, "SAME")
    # At the border Keras's goes on with zeros.
    inside = (outputs - expected)[:, 2:-2, 2:-2]
    np.testing.assert_allclose(inside, np.zeros(inside.shape), atol=1e-5)


def test_a_smooth_convolution_makes_no_border():
    layer = SmoothConv2D(2, 3, "ones")
    outputs = layer(tf.ones([1, 4, 4, 1]))
    np.testing.assert_allclose(outputs, np.full([1, 8, 8, 2], 9.0), rtol=1e-6)


@pytest.fixture
def noise():
    """Noise of a strength of its own in each of three channels."""
    layer = Noise()
    layer.build([[None, 4, 5, 3], [None, 6]])
    layer.strength.assign([0.0, 1.0, 2.0])
    return layer


def test_noise_is_nothing_before_it_is_learnt():
    grid, latents = numbers(2, 4, 4, 3), numbers(2, 6)
    for training in True, False:
        assert (Noise()([grid, latents], training=training) == grid).numpy().all()


def test_noise_in_training_follows_from_the_latents(noise):
    grid, latents = tf.zeros([64, 4, 5, 3]), numbers(64, 6)
    drawn = noise([grid, latents], training=True).numpy()
    assert (drawn == noise([grid, latents], training=True).numpy()).all()
    assert (drawn != noise([grid, latents + 1], training=True).numpy())[..., 1:].all()
    assert (drawn[..., 0] == 0).all() and (drawn[..., 2] == 2 * drawn[..., 1]).all()
    assert abs(drawn[..., 1].mean()) < 0.1 and abs(drawn[..., 1].std() - 1) < 0.1
    assert np.abs(np.corrcoef(drawn[:2, :, :, 1].reshape(2, -1))[0, 1]) < 0.9


def test_noise_in_painting_is_the_same_for_all(noise):
    drawn = noise([tf.zeros([2, 4, 5, 3]), numbers(2, 6)], training=False).numpy()
    assert (drawn[0] == drawn[1]).all()
    np.testing.assert_array_equal(drawn[0, :, :, 1:2], noise.pattern)
    assert not noise.pattern.trainable and noise.strength.trainable


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


@pytest.fixture
def spectral():
    """A spectral convolution whose kernel is far from norm 1."""
    layer = SpectralConv2D(6, 3, strides=2, padding="same")
    layer.build([None, 8, 8, 4])
    layer.kernel.assign(3 * numbers(3, 3, 4, 6, seed=4))
    layer.bias.assign(numbers(6, seed=5))
    return layer


def norm(kernel):
    """The largest singular value of a convolution's kernel as a matrix."""
    kernel = np.asarray(kernel)
    return np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)[0]


def test_a_spectral_convolution_uses_its_kernel_at_norm_one(spectral):
    inputs, kernel = numbers(2, 8, 8, 4), spectral.kernel.numpy()
    for _ in range(60):
        spectral(inputs, training=True)
    effective = kernel / norm(kernel)
    assert norm(effective) == pytest.approx(1)
    expected = tf.nn.conv2d(inputs, effective, 2, "SAME") + spectral.bias
    outputs = spectral(inputs, training=False)
    np.testing.assert_allclose(outputs, expected, rtol=1e-3, atol=1e-3)
    assert (spectral.kernel.numpy() == kernel).all()


def test_a_gain_is_what_a_spectral_convolution_stretches(spectral):
    inputs = numbers(2, 8, 8, 4)
    plain = spectral(inputs) - spectral.bias
    spectral.gain = 1.5
    np.testing.assert_allclose(spectral(inputs) - spectral.bias, 1.5 * plain, rtol=1e-3)


def test_a_spectral_convolution_learns_nothing_along_its_kernel(spectral):
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


def test_a_spectral_convolution_under_bfloat16_is_that_in_float32(spectral):
    half = SpectralConv2D(6, 3, strides=2, padding="same", dtype="mixed_bfloat16")
    half.build([None, 8, 8, 4])
    half.set_weights(spectral.get_weights())
    inputs, answers = numbers(2, 8, 8, 4), []
    for layer in half, spectral:
        with tf.GradientTape() as tape:
            outputs = tf.cast(layer(inputs, training=True), tf.float32)
            loss = tf.reduce_sum(outputs**2)
        gradients = tape.gradient(loss, layer.trainable_variables)
        assert {weight.dtype for weight in layer.weights} == {"float32"}
        answers.append([outputs, *gradients, layer.left_vector.value])
    for mine, full in zip(*answers, strict=True):
        difference = np.abs(np.asarray(mine) - np.asarray(full)).max()
        assert difference <= np.abs(full).max() / 64


def test_a_spectral_convolution_keeps_its_estimate_outside_training(spectral):
    before = spectral.left_vector.numpy()
    spectral(numbers(2, 8, 8, 4), training=False)
    assert (spectral.left_vector.numpy() == before).all()
    spectral(numbers(2, 8, 8, 4), training=True)
    assert (spectral.left_vector.numpy() != before).any()
    assert not spectral.left_vector.trainable
