"""Whether pictures change evenly along a walk through latent space, or jump."""

import numpy as np


def walk_smoothness(features: np.ndarray) -> tuple[float, float]:
    """How unevenly a closed walk goes: two figures from the lengths of its steps.

    features: [n, d] of the pictures in the order of the walk. Returns the steps'
    standard deviation over their mean, 0 for an even walk, and the largest step over
    the median, large where one picture jumps to the next. Not a number where nothing
    changes.
    """
    features = np.float64(features)
    steps = np.linalg.norm(features - np.roll(features, 1, axis=0), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return steps.std() / steps.mean(), steps.max() / np.median(steps)
