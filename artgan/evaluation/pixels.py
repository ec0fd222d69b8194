"""Judges that learnt nothing from photographs, and so do not flatter mush."""

import numpy as np

PICTURES, PATCHES, WORDS = 256, 256, 200  # of a set at most, of a picture, in all


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
    """1: fakes [n, h, w, 3] are built as differently as real pictures; 0: all alike."""
    return (1 - motif(fake)) / (1 - motif(real))


def sliced_wasserstein_distance(real: np.ndarray, fake: np.ndarray) -> list[float]:
    """1,000 times the distance of patches at each scale, finest first; 0 if equal.

    real, fake: [n, h, w, 3] and [m, h, w, 3] uint8, normalised by the real ones.
    Source: https://arxiv.org/abs/1710.10196, section 5
    """
    rng, figures = np.random.default_rng(0), []
    total = 64 * max(len(real), len(fake))
    for levels in zip(laplacian_levels(real), laplacian_levels(fake), strict=True):
        mean, deviation = levels[0].mean((0, 1, 2)), levels[0].std((0, 1, 2)) + 1e-6
        patches = []
        for level in levels:
            rows = random_patches(level, total // len(level), rng)
            patches.append(((rows - mean) / deviation).reshape(len(rows), -1))
        figures.append(1000 * sliced_distance(patches[0], patches[1], rng))
    return figures


def laplacian_levels(images: np.ndarray, smallest: int = 16) -> list[np.ndarray]:
    """The Laplacian pyramids of [n, h, w, 3] uint8, one float32 array for each scale.

    Each level is what halving loses, the last what remains; they sum up to [-1, 1].
    """
    x, levels = np.float32(images) / 127.5 - 1, []
    while min(x.shape[1:3]) > smallest:
        small = blur(x)[:, ::2, ::2]
        spread = np.zeros_like(x)
        spread[:, ::2, ::2] = 4 * small
        levels.append(x - blur(spread))
        x = small
    return [*levels, x]


def blur(x: np.ndarray) -> np.ndarray:
    """Blur [n, h, w, 3] by weights 1, 4, 6, 4, 1 along both axes, edges mirrored."""
    for axis in (1, 2):
        x = x.swapaxes(0, axis)
        padded = np.pad(x, [(2, 2), (0, 0), (0, 0), (0, 0)], "reflect")
        parts = [padded[i : i + len(x)] for i in range(5)]
        x = (parts[0] + parts[4] + 4 * (parts[1] + parts[3]) + 6 * parts[2]) / 16
        x = x.swapaxes(0, axis)
    return x


def random_patches(level: np.ndarray, count: int, rng: np.random.Generator, side=7):
    """`count` random patches of each picture: [n, h, w, 3] -> [n * count, 49, 3]."""
    windows = np.lib.stride_tricks.sliding_window_view(level, (side, side), (1, 2))
    number = np.arange(len(level))[:, None]
    top, left = (rng.integers(0, n, [len(level), count]) for n in windows.shape[1:3])
    patches = windows[number, top, left].reshape(-1, level.shape[3], side * side)
    return patches.swapaxes(1, 2)


def sliced_distance(first, second, rng: np.random.Generator, count=512) -> float:
    """The mean Wasserstein distance of [n, d] and [m, d] seen from `count` directions.

    Along one direction it is the mean gap between the sorted projections.
    """
    directions = rng.normal(size=[first.shape[1], count]).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=0)
    size = min(len(first), len(second))
    chosen = [rows[rng.permutation(len(rows))[:size]] for rows in (first, second)]
    one, other = (np.sort(directions.T @ rows.T) for rows in chosen)
    return float(np.abs(one - other).mean())


def told_apart(real: np.ndarray, fake: np.ndarray) -> float:
    """The part of pictures that are told apart: 0.5 is chance, and so perfect; 1: all.

    real, fake: [n, h, w, 3] and [m, h, w, 3] uint8. Patches of the real ones are words
    that describe each picture; ridge regression learns from all but one whether that
    one is painted. Source: https://proceedings.mlr.press/v15/coates11a.html
    """
    rng, step, patches = np.random.default_rng(0), max(1, real.shape[1] // 64), []
    for images in (real[:PICTURES], fake[:PICTURES]):
        n, h, w = len(images), images.shape[1] // step, images.shape[2] // step
        small = images[:, : h * step, : w * step].reshape(n, h, step, w, step, 3)
        rows = random_patches(np.float32(small.mean((2, 4))) / 255, PATCHES, rng)
        patches.append(rows.reshape(n * PATCHES, -1))
    sample = patches[0][rng.permutation(len(patches[0]))[:8000]]
    values, axes = np.linalg.eigh(np.cov(sample.T))
    whiten = np.float32(axes / np.sqrt(values + 0.01 * values.max() + 1e-9))
    words = (sample[:WORDS] - sample.mean(0)) @ whiten
    words = whiten @ (words / (np.linalg.norm(words, axis=1, keepdims=True) + 1e-9)).T
    described = []
    for rows in patches:
        like = (rows - sample.mean(0)) @ words
        both = np.maximum(np.concatenate([like, -like], 1) - 1, 0)
        described.append(np.sqrt(both.reshape(-1, PATCHES, both.shape[1]).mean(1)))
    return left_out_accuracy(*map(np.float64, described))


def left_out_accuracy(first: np.ndarray, second: np.ndarray) -> float:
    """How often ridge regression tells rows [n, d] from [m, d] that it did not learn.

    It says y - (K^-1 y) / diag(K^-1) of a row left out, with the Gram matrix K of all.
    """
    rows = np.concatenate([first, second])
    rows = (rows - rows.mean(0)) / (rows.std(0) + 1e-6)
    sizes = np.array([len(first), len(second)])
    wanted = np.repeat([1, -1] / sizes, sizes)
    inverse = np.linalg.inv(rows @ rows.T / rows.shape[1] + 1 + np.eye(len(rows)))
    right = (wanted - inverse @ wanted / np.diag(inverse)) * wanted > 0
    return float(right[: sizes[0]].mean() + right[sizes[0] :].mean()) / 2
