"""Numbers for layers, and what layers make of them compared."""

import numpy as np
import tensorflow as tf

STEP = 1e-5
# A central difference of float64 numbers of order 1 errs by some 1e-10; any wrong term
# would add far more than this.
TOLERANCE = 1e-6


def numbers(*shape, seed=0):
    """Normal numbers that are not centred, float32."""
    return tf.constant(doubles(*shape, seed=seed), tf.float32)


def doubles(*shape, seed=0):
    """Normal numbers that are not centred and no kink of any activation, float64."""
    return np.random.default_rng(seed).normal(0.7, 2.0, shape)


def answers(function, *inputs):
    """What a function gives, and the gradients of a curved sum of it."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = function(*inputs)
        total = tf.reduce_sum(tf.sin(outputs / 10))
    return [outputs, *tape.gradient(total, inputs)]


def assert_close(mine, plain, tolerance=1e-5):
    """Each array may differ by that fraction of the largest number in it."""
    for one, other in zip(mine, plain, strict=True):
        one, other = (np.asarray(tf.cast(a, tf.float32)) for a in (one, other))
        assert one.shape == other.shape
        assert np.abs(one - other).max() <= tolerance * np.abs(other).max()


def weigh(outputs):
    """A number that depends on each output in its own way, not only linearly."""
    weights = doubles(*outputs.shape, seed=9)
    return tf.reduce_sum(outputs * weights + tf.sin(outputs))


def slope(function, values, direction):
    """The central difference quotient of a number's function along a direction."""
    ahead, behind = (function(values + s * direction) for s in (STEP, -STEP))
    return (float(ahead) - float(behind)) / (2 * STEP)


def slopes(function, values):
    """The slope of a number's function along each number of an array."""
    answer = np.zeros_like(values)
    for place in np.ndindex(values.shape):
        direction = np.zeros_like(values)
        direction[place] = 1
        answer[place] = slope(function, values, direction)
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


def averages(config):
    """In place of the frozen network, which takes seconds to trace: means of places."""

    def look(images, n):
        count = config.mixing_channels * n // 4
        means = 10 * tf.nn.avg_pool2d(images, n, n, "VALID")  # about as strong
        return tf.tile(means, [1, 1, 1, count])[..., :count]

    return lambda images: [*(look(images, n) for n in (4, 8, 16)), images]


def unrolled(stages, channels=32):
    """Each block of a network's stages: channels in and out, kernel, stride, expansion.

    channels: of its stem.
    """
    blocks = []
    for filters, kernel, stride, expansion, count in stages:
        for number in range(count):
            strides = 1 if number else stride
            blocks.append((channels, filters, kernel, strides, expansion))
            channels = filters
    return blocks
