"""How much arithmetic a training step is.

A forward pass through a convolution costs 2 * (numbers in the kernel) * (places in the
grid that it is laid on: of the output, or of the input where it is transposed)
operations a picture. A backward pass costs as much again for the gradients of the
weights, and as much again for those of the inputs. Normalisation, activations,
augmentation, optimiser and average are not counted.
"""

import math

import keras
from keras import layers

# How often a step pays for a forward pass of the generator, of the discriminator, and
# of the layers that redraw: generator 3 (forward, weights, inputs); discriminator 3 for
# real, 3 for fake, 2 for fake again (no weights); redrawing 3 for real, else 1.
PASSES = (3, 8, 5)
# The tutorial judges the fakes once for both networks.
TUTORIAL_PASSES = (3, 7, 4)


def layer_operations(layer):
    """Operations of one picture's way through a convolution or dense layer."""
    transposed = isinstance(layer, layers.Conv2DTranspose)
    grid = (layer.input if transposed else layer.output).shape[1:-1]
    return 2 * math.prod(layer.kernel.shape) * math.prod(grid)


def forward_operations(network):
    """Operations of one picture's way through a network."""
    found = [layer for layer in network.layers if hasattr(layer, "kernel")]
    return sum(map(layer_operations, found))


def step_operations(generator, discriminator, passes=PASSES):
    """Operations of a training step for each picture of its batch."""
    judging = keras.Model(discriminator.inputs, discriminator.outputs[0])
    judged = forward_operations(judging)
    redrawn = forward_operations(discriminator) - judged
    costs = forward_operations(generator), judged, redrawn
    return sum(times * cost for times, cost in zip(passes, costs, strict=True))
