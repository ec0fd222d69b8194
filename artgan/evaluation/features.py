"""What MobileNetV2 sees in pictures, and how far apart: unlike, copies, all alike?

The discriminator looks through another network: its own features flatter its generator.
Source: Sandler et al., https://arxiv.org/abs/1801.04381, table 2
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from artgan.gan.feature_network import convolve, read_frozen, stage_maps

MAX_ROWS = 1000  # the distances among so many pictures need 8 MB
MOBILENET_FILE = "features/mobilenet-v2.safetensors"
MOBILENET_SHA256 = "fafec1e4a02f0c7660c04b109a94afd91add46861a7811ba197d166acba7774a"
MOBILENET_STAGES = [  # channels, kernel size, stride, expansion, and how many blocks
    (16, 3, 1, 1, 1),
    (24, 3, 2, 6, 2),
    (32, 3, 2, 6, 3),
    (64, 3, 2, 6, 4),
    (96, 3, 1, 6, 3),
    (160, 3, 2, 6, 3),
    (320, 3, 1, 6, 1),
]


def load_mobilenet() -> Callable:
    """MobileNetV2 as a function: [n, h, w, 3] uint8 -> features [n, 1280]."""
    arrays = read_frozen(MOBILENET_FILE, MOBILENET_SHA256).items()
    weights = {name: tf.constant(array) for name, array in arrays}

    @tf.function(reduce_retracing=True)
    def features(pictures):
        x = tf.image.resize(pictures, [224, 224], "bicubic", antialias=True)
        x = tf.clip_by_value(x, 0, 255) / 127.5 - 1
        x = convolve(x, weights, "stem", strides=2)
        *_, x = stage_maps(x, weights, MOBILENET_STAGES)
        return tf.reduce_mean(convolve(x, weights, "head"), [1, 2])

    def network(pictures):
        batches = tqdm(range(0, len(pictures), 8), "Looking", delay=2, disable=None)
        return np.concatenate([features(pictures[n : n + 8]) for n in batches])

    return network


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

    About 0 for two samples of one kind, larger is worse. Ours are MobileNetV2's
    features, not Inception's. Source: https://arxiv.org/abs/1801.01401
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
