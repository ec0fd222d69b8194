"""Structure: does the same thing stand in the same place in every picture?

Colours do not count: one house in ten tints has no structure, though its pixels differ.
"""

import numpy as np


def motif(images: np.ndarray) -> float:
    """How alike pictures are built, [n, h, w, 3] uint8: 1 for one drawing in n tints.

    The mean correlation of two pictures' blurred edge maps of about 64 pixels a side.
    """
    step = max(1, min(images.shape[1:3]) // 64)
    n, h, w = len(images), images.shape[1] // step, images.shape[2] // step
    small = images[:, : h * step, : w * step].reshape(n, h, step, w, step, 3)
    edges = np.hypot(*np.gradient(small.mean((2, 4, 5)), axis=(1, 2)))
    for axis in (1, 2):  # blurred, so that a pixel to the side is the same place
        edges = sum(np.roll(edges, shift, axis) for shift in (-1, 0, 1))
    rows = edges.reshape(n, -1) - edges.mean((1, 2))[:, None]
    rows[~rows.any(1)] = 1  # plain pictures are alike too
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return ((rows.sum(0) ** 2).sum() - n) / (n * (n - 1))  # no row meets itself


def structure(real: np.ndarray, fake: np.ndarray) -> float:
    """1: as differently built as the real pictures; 0: the same thing in each place.

    real, fake: [n, h, w, 3] and [m, h, w, 3] uint8, two pictures or more each.
    """
    return (1 - motif(fake)) / (1 - motif(real))
