"""KID, the kernel inception distance: how unlike two sets of pictures are, by features.

Ours are MobileNetV2's: compare with our own figures, not with those of Inception.
"""

import numpy as np


def kernel_inception_distance(
    real: np.ndarray, fake: np.ndarray, subsets: int = 50, size: int = 100
) -> tuple[float, float]:
    """KID of features [n, d] and [m, d], and its deviation over random subsets of both.

    About 0 for two samples of one kind, or a little below; larger is worse. Source:
    Binkowski et al., https://arxiv.org/abs/1801.01401
    """
    sets, rng = (np.float64(real), np.float64(fake)), np.random.default_rng(0)
    size, values = min(size, len(real), len(fake)), []
    for _ in range(subsets):
        chosen = (rng.choice(x, size, replace=False) for x in sets)
        values.append(mmd2_unbiased(*chosen))
    return float(mmd2_unbiased(*sets)), float(np.std(values))


def mmd2_unbiased(x: np.ndarray, y: np.ndarray) -> float:
    """Unbiased squared maximum mean discrepancy of [n, d] and [m, d].

    E k(x, x') + E k(y, y') - 2 E k(x, y) with the kernel k(a, b) = (a.b / d + 1)^3,
    where no row meets itself. Source: Gretton et al. 2012, lemma 6.
    """

    def kernel(a, b):
        return (a @ b.T / a.shape[1] + 1) ** 3

    def mean_within(a):
        k = kernel(a, a)
        return (k.sum() - np.trace(k)) / (len(a) * (len(a) - 1))

    return mean_within(x) + mean_within(y) - 2 * kernel(x, y).mean()
