"""Distances between features: are pictures unlike, copies, all alike?"""

import numpy as np

MAX_ROWS = 1000  # the distances among so many pictures need 8 MB


def pairwise_distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Euclidean distances between the rows of [n, d] and of [m, d]: [n, m] float64."""
    first, second = np.float64(first), np.float64(second)
    squares = (first**2).sum(1)[:, None] + (second**2).sum(1) - 2 * first @ second.T
    return np.sqrt(np.maximum(squares, 0))


def usual_gap(features: np.ndarray) -> float:
    """The median distance of a row [n, d] to the one nearest to it."""
    distances = pairwise_distances(features[:MAX_ROWS], features)
    np.fill_diagonal(distances, np.inf)  # a picture is not its own neighbour
    return np.median(distances.min(1))


def nearest_distances(real: np.ndarray, fake: np.ndarray) -> np.ndarray:
    """How far each fake [m, d] is from the real picture nearest to it: [m].

    real: [n, d], 2 or more. 1 is as far as two of them, near 0 is a copy.
    """
    return pairwise_distances(fake, real).min(1) / usual_gap(real)


def diversity(real_features: np.ndarray, fake_features: np.ndarray) -> float:
    """The median distance between two fakes, over that between two real pictures.

    Features: [n, d] and [m, d]. Near 1: as different as real ones; far below: collapse.
    """

    def spread(features):
        rows = features[:MAX_ROWS]
        return np.median(pairwise_distances(rows, rows)[np.triu_indices(len(rows), 1)])

    with np.errstate(divide="ignore", invalid="ignore"):
        return spread(fake_features) / spread(real_features)


def kernel_inception_distance(
    real: np.ndarray, fake: np.ndarray, subsets: int = 50, size: int = 100
) -> tuple[float, float]:
    """KID of features [n, d] and [m, d], and its deviation over random subsets of both.

    About 0 for two samples of one kind, or a little below; larger is worse. Ours are
    MobileNetV2's features, not Inception's. Source: https://arxiv.org/abs/1801.01401
    """
    sets, rng = (np.float64(real), np.float64(fake)), np.random.default_rng(0)
    size, values = min(size, len(real), len(fake)), []
    for _ in range(subsets):
        chosen = (rng.choice(x, size, replace=False) for x in sets)
        values.append(mmd2_unbiased(*chosen))
    return float(mmd2_unbiased(*sets)), float(np.std(values))


def mmd2_unbiased(x: np.ndarray, y: np.ndarray) -> float:
    """Unbiased squared maximum mean discrepancy of [n, d] and [m, d], cubic kernel.

    E k(x, x') + E k(y, y') - 2 E k(x, y), no row with itself: Gretton 2012, lemma 6.
    """

    def kernel(a, b):
        return (a @ b.T / a.shape[1] + 1) ** 3

    def mean_within(a):
        k = kernel(a, a)
        return (k.sum() - np.trace(k)) / (len(a) * (len(a) - 1))

    return mean_within(x) + mean_within(y) - 2 * kernel(x, y).mean()
