"""The fast convolutions against the plain ones of TensorFlow and Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from artgan.convolutions import (
    Conv2D,
    Conv2DTranspose,
    SmoothConv2D,
    SpectralConv2D,
    UpsampleConv2D,
    double,
    halve,
    upsample,
)


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


@pytest.mark.parametrize("side", range(2, 7))
def test_halving_by_products_is_the_plain_convolution(side):
    grid, kernel = numbers(2, 8, 6, 3), numbers(side, side, 3, 4, seed=1)
    plain = answers(lambda x, k: tf.nn.conv2d(x, k, 2, "SAME"), grid, kernel)
    assert_close(answers(halve, grid, kernel), plain)


@pytest.mark.parametrize("side", range(2, 7))
def test_doubling_by_products_is_the_plain_transposed_convolution(side):
    grid, kernel = numbers(2, 4, 3, 3), numbers(side, side, 5, 3, seed=1)

    def plain(grid, kernel):
        return tf.nn.conv2d_transpose(grid, kernel, [2, 8, 6, 5], 2)

    assert_close(answers(double, grid, kernel), answers(plain, grid, kernel))


@pytest.mark.parametrize("side", [8, 9, 32])  # by products, odd, too large for them
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_convolution_is_that_of_keras(side, strides, dtype):
    options = {"strides": strides, "padding": "same", "dtype": dtype}
    assert_alike(Conv2D(4, 5, **options), keras.layers.Conv2D(4, 5, **options), side)


@pytest.mark.parametrize("side", [4, 16])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_a_transposed_convolution_is_that_of_keras(side, dtype):
    options = {"strides": 2, "padding": "same", "use_bias": False, "dtype": dtype}
    plain = keras.layers.Conv2DTranspose(4, 5, **options)
    assert_alike(Conv2DTranspose(4, 5, **options), plain, side)


def assert_alike(mine, plain, side):
    """Two layers with the same weights give the same numbers and gradients."""
    grid = tf.cast(numbers(2, side, side, 3), mine.compute_dtype)
    for layer in mine, plain:
        layer.build(grid.shape)
    assert mine.name.split("_")[0] == plain.name.split("_")[0]
    mine.set_weights(plain.get_weights())
    tolerance = 1e-5 if mine.compute_dtype == "float32" else 2e-2
    assert mine(grid).dtype == plain(grid).dtype
    assert_close(answers(mine, grid), answers(plain, grid), tolerance)


@pytest.mark.parametrize("side", [6, 16])  # where it copies, and where it adds taps
@pytest.mark.parametrize("kernel_size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_upsampling_convolutions_are_those_of_copied_pixels(side, kernel_size, dtype):
    options = {"padding": "same", "use_bias": False, "dtype": dtype}
    mine = UpsampleConv2D(4, kernel_size, **options)
    plain = keras.layers.Conv2D(4, kernel_size, **options)
    grid = tf.cast(numbers(2, side, side + 2, 3), mine.compute_dtype)
    assert mine.compute_output_shape(grid.shape) == (2, 2 * side, 2 * side + 4, 4)
    mine.build(grid.shape)
    plain.build(grid.shape)
    mine.set_weights(plain.get_weights())
    tolerance = 1e-5 if dtype == "float32" else 2e-2
    expected = answers(lambda x: plain(upsample(x)), grid)
    assert_close(answers(mine, grid), expected, tolerance)


def test_an_upsampling_convolution_finds_the_gradients_of_its_kernel():
    layer = UpsampleConv2D(4, 3, padding="same", use_bias=False)
    grid = numbers(2, 16, 16, 3)
    layer.build(grid.shape)
    slopes = []
    for paint in (
        layer,
        lambda grid: tf.nn.conv2d(upsample(grid), layer.kernel, 1, "SAME"),
    ):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.sin(paint(grid)))
        slopes.append(tape.gradient(loss, layer.kernel.value))
    assert_close(slopes[:1], slopes[1:], 1e-4)


def test_upsample_copies_pixels_as_keras_does():
    inputs = numbers(2, 3, 5, 4)
    expected = keras.layers.UpSampling2D(2)(inputs)
    assert (upsample(inputs).numpy() == expected.numpy()).all()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_gradient_of_upsample_is_that_of_keras(dtype):
    inputs, wanted = numbers(2, 3, 5, 4), tf.cast(numbers(2, 6, 10, 4, seed=2), dtype)
    inputs, gradients = tf.cast(inputs, dtype), []
    for layer in upsample, keras.layers.UpSampling2D(2, dtype=dtype):
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
            total = tf.reduce_sum(upsample(inputs) ** 3)
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
