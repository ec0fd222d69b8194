"""Smooth random fields, the grain of everything that is painted."""

import numpy as np
from PIL import Image


def enlarge(grid, shape, method=Image.Resampling.BICUBIC):
    """Enlarge a float grid to shape (height, width)."""
    image = Image.fromarray(np.asarray(grid, np.float32))
    return np.asarray(image.resize((shape[1], shape[0]), method))


def clouded(random, shape, across, down, octaves=5, decay=0.5):
    """Sum of random fields in about [-1, 1], with `across` x `down` cells at first."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        cells = (int(down * 2**octave) + 2, int(across * 2**octave) + 2)
        total += decay**octave * enlarge(random.uniform(-1, 1, cells), shape)
    return total / 1.4


def smoothstep(low, high, values):
    """Go from 0 at `low` to 1 at `high` with level ends."""
    fraction = np.clip((values - low) / (high - low), 0, 1)
    return fraction * fraction * (3 - 2 * fraction)


def mix(first, second, amount):
    """Blend two colours or pictures; an amount [height, width] gains a last axis."""
    amount = np.asarray(amount, np.float32)
    if amount.ndim == 2:
        amount = amount[..., None]
    return first * (1 - amount) + second * amount
