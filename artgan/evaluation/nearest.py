"""Distances between features: are pictures copies, all alike, does a walk jump?"""

import numpy as np

MAX_ROWS = 1000  # the distances among so many pictures need 8 MB


def pairwise_distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Euclidean distances between the rows of [n, d] and of [m, d]: [n, m] float64."""
    first, second = np.float64(first), np.float64(second)
    squares = (first**2).sum(1)[:, None] + (second**2).sum(1) - 2 * first @ second.T
    return np.sqrt(np.maximum(squares, 0))


def nearest_distances(
    real_features: np.ndarray, fake_features: np.ndarray
) -> np.ndarray:
    """How far each fake is from the real picture nearest to it: [m].

    real_features: [n, d], n 2 or more, in random order; fake_features: [m, d]. The unit
    is the usual distance of a real picture to its own nearest neighbour: 1 is as far as
    two different real pictures, near 0 is a copy. Not a number or infinite where the
    real pictures are one and the same.
    """
    among_real = pairwise_distances(real_features[:MAX_ROWS], real_features)
    np.fill_diagonal(among_real, np.inf)  # a picture is not its own neighbour
    unit = np.median(among_real.min(1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return pairwise_distances(fake_features, real_features).min(1) / unit


def diversity(real_features: np.ndarray, fake_features: np.ndarray) -> float:
    """The median distance between two fakes, over that between two real pictures.

    real_features: [n, d], fake_features: [m, d], both in random order, 2 rows or more.
    Near 1: as different from each other as real ones. Well under 1: mode collapse, few
    motifs in many pictures. Not a number where the real pictures are one and the same.
    """

    def spread(features):
        rows = features[:MAX_ROWS]
        return np.median(pairwise_distances(rows, rows)[np.triu_indices(len(rows), 1)])

    with np.errstate(divide="ignore", invalid="ignore"):
        return spread(fake_features) / spread(real_features)


def walk_smoothness(features: np.ndarray) -> tuple[float, float]:
    """How unevenly a closed walk [n, d] goes: two figures of its steps' lengths.

    Their standard deviation over their mean, 0 for an even walk, and the largest over
    the median, large where one picture jumps to the next. Not a number where nothing
    changes.
    """
    steps = np.linalg.norm(features - np.roll(features, 1, axis=0), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return steps.std() / steps.mean(), steps.max() / np.median(steps)
