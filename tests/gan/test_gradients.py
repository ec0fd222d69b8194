"""Gradients against central finite differences, in float64 but for the fused kernel.

With steps of 1e-5 the error of a central difference of float64 numbers of order 1 is
some 1e-10, from the third derivative and from rounding alike. The tolerance of 1e-6
leaves room for larger numbers, and is far below what any wrong term would add.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

from artgan.gan.augment import AUGMENTATIONS, augment
from artgan.gan.fast.convolutions import Conv2D, Conv2DTranspose, SpectralConv2D
from artgan.gan.fast.layers import (
    BatchNormalization,
    GatedLinearUnit,
    MinibatchDeviation,
    Noise,
)
from artgan.gan.fast.upsampling import SmoothConv2D, UpsampleConv2D, upsample
from artgan.gan.losses import LOSSES
from artgan.gan.networks import excitation_block

STEP = 1e-5
TOLERANCE = 1e-6
# The fused kernel sums a hundred numbers of order 1 in float32, rounded by 6e-8 each.
FUSED_TOLERANCE = 2e-5
EPSILON = 0.1  # large enough to be seen


def numbers(*shape, seed=0):
    """Normal numbers that are no kink of any activation."""
    return np.random.default_rng(seed).normal(0.3, 1.2, shape)


def slopes(function, values):
    """The central difference quotients of a number's function of an array."""
    answer = np.zeros_like(values)
    for place in np.ndindex(values.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = values.copy()
            moved[place] += step
            ends.append(float(function(moved)))
        answer[place] = (ends[0] - ends[1]) / (2 * STEP)
    return answer


def gradient_of(function, values):
    """The gradient that TensorFlow finds, for the same function and array."""
    values = tf.constant(values)
    with tf.GradientTape() as tape:
        tape.watch(values)
        number = function(values)
    return tape.gradient(number, values).numpy()


def assert_gradient(function, values):
    """A differentiable function of a float64 array has the gradient of its slopes."""
    expected = slopes(function, values)
    assert np.abs(expected).max() > 1e-3
    found = gradient_of(function, values)
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)


def weigh(outputs):
    """A number that depends on each output in its own way, not only linearly."""
    weights = numbers(*outputs.shape, seed=9)
    return tf.reduce_sum(outputs * weights + tf.sin(outputs))


def assert_layer_gradients(layer, inputs):
    """The gradients for the inputs and for each weight that is trained."""
    assert_gradient(lambda values: weigh(layer(values)), inputs)
    for weight in layer.trainable_variables:
        start = weight.numpy()

        def output(values, weight=weight):
            weight.assign(values)
            return weigh(layer(inputs))

        expected = slopes(output, start)
        weight.assign(start)
        with tf.GradientTape() as tape:
            number = weigh(layer(inputs))
        found = tape.gradient(number, weight.value)
        assert np.abs(expected).max() > 1e-3
        np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.fixture
def float64():
    """Networks built within the test compute in float64."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("side", ["real", "fake"])
def test_the_discriminators_loss(name, side):
    real, fake = 2 * numbers(8, 1, seed=1), 2 * numbers(8, 1, seed=2)
    loss, _ = LOSSES[name]
    if side == "real":
        assert_gradient(lambda values: loss(values, fake), real)
    else:
        assert_gradient(lambda values: loss(real, values), fake)


@pytest.mark.parametrize("name", LOSSES)
def test_the_generators_loss(name):
    real, fake = 2 * numbers(8, 1, seed=1), 2 * numbers(8, 1, seed=2)
    _, loss = LOSSES[name]
    assert_gradient(lambda values: loss(values, real), fake)


@pytest.mark.parametrize("name", [*AUGMENTATIONS, ",".join(AUGMENTATIONS)])
def test_an_augmentation(name):
    compiled = tf.function(lambda images: weigh(augment(images, [1, 2], name)))
    assert_gradient(compiled, numbers(2, 8, 8, 3))


def test_upsampling():
    assert_gradient(lambda grid: weigh(upsample(grid)), numbers(2, 3, 4, 2))


@pytest.mark.parametrize("side", [2, 16])
def test_the_upsampling_convolution(side):
    layer = UpsampleConv2D(2, 3, padding="same", use_bias=False, dtype="float64")
    assert_layer_gradients(layer, numbers(1, side, 2, 1))


@pytest.mark.parametrize("kernel_size", [3, 4, 5])
def test_the_convolution_that_halves_a_coarse_grid(kernel_size):
    layer = Conv2D(3, kernel_size, 2, padding="same", dtype="float64")
    assert_layer_gradients(layer, numbers(2, 4, 4, 2))


@pytest.mark.parametrize("kernel_size", [3, 4, 5])
def test_the_convolution_that_doubles_a_coarse_grid(kernel_size):
    options = {"padding": "same", "use_bias": False, "dtype": "float64"}
    layer = Conv2DTranspose(3, kernel_size, 2, **options)
    assert_layer_gradients(layer, numbers(2, 2, 3, 2))


def test_the_gated_linear_unit():
    assert_layer_gradients(GatedLinearUnit(dtype="float64"), numbers(2, 3, 3, 6))


@pytest.mark.parametrize("kernel_size", [3, 4])
def test_the_smooth_convolution(kernel_size):
    layer = SmoothConv2D(2, kernel_size, "glorot_normal", dtype="float64")
    assert_layer_gradients(layer, numbers(1, 3, 2, 2))


def test_the_minibatch_deviation():
    assert_layer_gradients(MinibatchDeviation(dtype="float64"), numbers(3, 2, 2, 2))


@pytest.mark.parametrize("training", [True, False])
def test_noise(training):
    layer, latents = Noise(dtype="float64"), numbers(2, 3, seed=1)
    grid = numbers(2, 3, 4, 2)
    layer.build([grid.shape, latents.shape])
    layer.strength.assign([0.7, -0.4])

    def noisy(values):
        return layer([values, latents], training=training)

    noisy.trainable_variables = layer.trainable_variables
    assert len(noisy.trainable_variables) == 1
    assert_layer_gradients(noisy, grid)


def test_excitation(float64):
    shapes = [2, 2, 3], [2, 2, 2]
    fine, coarse = (keras.Input(shape, dtype="float64") for shape in shapes)
    block = keras.Model([fine, coarse], excitation_block(fine, coarse))
    draws = [numbers(2, *shape, seed=seed) for seed, shape in enumerate(shapes)]

    def both(values):
        """The block on a row of all numbers of both grids."""
        parts = tf.split(values, [draws[0].size, draws[1].size])
        return block(
            [tf.reshape(p, d.shape) for p, d in zip(parts, draws, strict=True)]
        )

    both.trainable_variables = block.trainable_variables
    assert {v.dtype for v in both.trainable_variables} == {"float64"}
    assert_layer_gradients(both, np.concatenate([draw.ravel() for draw in draws]))


@pytest.fixture
def spectral():
    """A spectral convolution in float64, its kernel far from norm 1."""
    layer = SpectralConv2D(3, 3, strides=2, padding="same", dtype="float64")
    layer.build([None, 4, 5, 2])
    layer.kernel.assign(numbers(3, 3, 2, 3, seed=3))
    layer.bias.assign(numbers(3, seed=4))
    return layer


def matrix_of(kernel):
    return np.reshape(kernel, [-1, kernel.shape[-1]])


def test_a_spectral_convolution_at_its_singular_vector(spectral):
    # There a change of the kernel turns both vectors, but this changes sigma by nothing
    # of the first order: the slopes of the whole layer are those with them held fixed.
    _, _, right = np.linalg.svd(matrix_of(spectral.kernel.numpy()))
    spectral.left_vector.assign(right[:1])
    assert_layer_gradients(spectral, numbers(2, 4, 5, 2))


@pytest.mark.parametrize("training", [True, False])
def test_a_spectral_convolution_holds_its_vectors_fixed(spectral, training):
    kernel, inputs = spectral.kernel.numpy(), numbers(2, 4, 5, 2)
    left = spectral.left_vector.numpy()[0]
    right = matrix_of(kernel) @ left
    right /= np.linalg.norm(right)
    left = matrix_of(kernel).T @ right
    left /= np.linalg.norm(left)

    def divided(values):
        sigma = right @ matrix_of(values) @ left
        return weigh(tf.nn.conv2d(inputs, values / sigma, 2, "SAME") + spectral.bias)

    with tf.GradientTape() as tape:
        number = weigh(spectral(inputs, training=training))
    assert float(number) == pytest.approx(float(divided(kernel)), rel=1e-12)
    found, expected = (
        tape.gradient(number, spectral._kernel.value),
        slopes(divided, kernel),
    )
    np.testing.assert_allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE)


def normalized(inputs, gamma, beta, mean=None, variance=None):
    """Batch normalisation as its paper writes it, with or without given statistics."""
    mean = inputs.mean((0, 1, 2)) if mean is None else mean
    variance = inputs.var((0, 1, 2)) if variance is None else variance
    return gamma * (inputs - mean) / np.sqrt(variance + EPSILON) + beta


@pytest.mark.parametrize("training", [True, False])
def test_fused_batch_normalization(training):
    layer = BatchNormalization(epsilon=EPSILON)
    layer.build([None, 3, 4, 2])
    gamma, beta, mean, variance = start = np.float32(
        [[1.5, 0.4], [-0.2, 0.7], [0.5, -0.1], [2.0, 0.6]]
    ).astype(np.float64)
    layer.set_weights(start)
    inputs = tf.Variable(numbers(2, 3, 4, 2), dtype=tf.float32)
    with tf.GradientTape() as tape:
        number = weigh(tf.cast(layer(inputs, training=training), tf.float64))
    found = tape.gradient(number, [inputs, layer.gamma.value, layer.beta.value])
    statistics = () if training else (mean, variance)
    functions = {
        "inputs": lambda values: weigh(normalized(values, gamma, beta, *statistics)),
        "gamma": lambda values: weigh(normalized(draw, values, beta, *statistics)),
        "beta": lambda values: weigh(normalized(draw, gamma, values, *statistics)),
    }
    draw = inputs.numpy().astype(np.float64)
    places = zip(functions.values(), (draw, gamma, beta), found, strict=True)
    for function, values, gradient in places:
        expected, scale = slopes(function, values), FUSED_TOLERANCE
        np.testing.assert_allclose(gradient, expected, rtol=scale, atol=scale)
