"""Honest figures: how near, how copied, how varied, how smooth; on features alone.

Every function takes rows of features [n, d] and computes in float64.
"""

import numpy as np


def kernel_distance(real, fake, subsets=50, subset_size=100, seed=0):
    """The kernel inception distance of two sets, and its standard deviation.

    real, fake: features [n, d] and [m, d], 2 rows or more each. 0 for two samples of
    one distribution, on average; it may be a little below. The deviation is that over
    random subsets. Source: Binkowski et al. 2018, https://arxiv.org/abs/1801.01401
    """
    real, fake = np.asarray(real, np.float64), np.asarray(fake, np.float64)
    size = min(subset_size, len(real), len(fake))
    draw = np.random.default_rng(seed)
    values = [
        squared_discrepancy(
            real[draw.choice(len(real), size, replace=False)],
            fake[draw.choice(len(fake), size, replace=False)],
        )
        for _ in range(subsets)
    ]
    return squared_discrepancy(real, fake), np.std(values)


def squared_discrepancy(real, fake):
    """The unbiased squared maximum mean discrepancy for the kernel (x.y / d + 1)^3.

    It is E k(real, real') + E k(fake, fake') - 2 E k(real, fake), where no picture is
    paired with itself. Source: Gretton et al. 2012, lemma 6.
    """
    total = -2 * np.mean((real @ fake.T / real.shape[1] + 1) ** 3)
    for rows in (real, fake):
        kernel = (rows @ rows.T / rows.shape[1] + 1) ** 3
        pairs = len(rows) * (len(rows) - 1)
        total += (kernel.sum() - np.trace(kernel)) / pairs
    return total


def pairwise_distances(first, second):
    """The Euclidean distances between rows of two sets: [n, d], [m, d] -> [n, m]."""
    first, second = np.asarray(first, np.float64), np.asarray(second, np.float64)
    squares = (first**2).sum(1)[:, None] + (second**2).sum(1) - 2 * first @ second.T
    return np.sqrt(np.maximum(squares, 0))


def typical_gap(real):
    """The median distance from a real picture to the real one nearest to it."""
    between = pairwise_distances(real, real)
    np.fill_diagonal(between, np.inf)
    return np.median(between.min(1))


def nearest_ratio(real, fake):
    """How far fakes are from the nearest real picture, in gaps between real ones.

    Well under 1: the generator copies. Not a number or infinite where the real pictures
    are the same one again and again.
    """
    nearest = pairwise_distances(fake, real).min(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.median(nearest) / typical_gap(real)


def diversity_ratio(real, fake):
    """How far fakes are from one another, compared with real pictures.

    Well under 1: the generator has collapsed to few pictures.
    """
    fake_spread, real_spread = (
        np.median(pairwise_distances(rows, rows)[np.triu_indices(len(rows), 1)])
        for rows in (fake, real)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return fake_spread / real_spread


def walk_smoothness(features):
    """How unevenly a closed walk goes: two figures from the sizes of its steps.

    features: [n, d] of the pictures in the order of the walk. Returns the steps'
    standard deviation over their mean, 0 for an even walk, and the largest step over
    the median, large where one picture jumps to the next.
    """
    features = np.asarray(features, np.float64)
    steps = np.linalg.norm(features - np.roll(features, 1, axis=0), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return steps.std() / steps.mean(), steps.max() / np.median(steps)
