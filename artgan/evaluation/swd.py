"""SWD, the sliced Wasserstein distance of patches: a judge that never saw a photograph.

It compares colours, edges and textures, scale by scale: read it beside KID. Source:
Karras et al., section 5, https://arxiv.org/abs/1710.10196. Here both sets' colours are
normalised by the real ones, so that wrong colours and wrong contrast count.
"""

import numpy as np

CHUNK = 32  # pictures taken apart at once, to spare memory


def sliced_wasserstein_distance(
    real_images: np.ndarray, fake_images: np.ndarray, seed: int = 0, count: int = 64
) -> list[float]:
    """1,000 times the distance at each scale, finest first; 0 for equal sets.

    real_images, fake_images: [n, h, w, 3] and [m, h, w, 3] uint8; count: patches of a
    picture of the larger set.
    """
    rng, figures = np.random.default_rng(seed), []
    total = count * max(len(real_images), len(fake_images))
    levels = zip(*map(laplacian_levels, (real_images, fake_images)), strict=True)
    for real, fake in levels:
        mean, deviation = real.mean((0, 1, 2)), real.std((0, 1, 2)) + 1e-6
        patches = []
        for level in (real, fake):
            rows = random_patches(level, total // len(level), rng)
            patches.append(((rows - mean) / deviation).reshape(len(rows), -1))
        figures.append(1000 * sliced_distance(patches[0], patches[1], rng))
    return figures


def laplacian_levels(images: np.ndarray, smallest: int = 16) -> list[np.ndarray]:
    """The Laplacian pyramids of [n, h, w, 3] uint8, one float32 array for each scale.

    Each level is what blurring by half the size loses; the last, of at most `smallest`
    pixels a side, is what remains. Together they sum up to the pictures in [-1, 1].
    """
    chunks = []
    for start in range(0, len(images), CHUNK):
        x, levels = np.float32(images[start : start + CHUNK]) / 127.5 - 1, []
        while x.shape[1] > smallest:
            small = blur(x)[:, ::2, ::2]
            spread = np.zeros_like(x)
            spread[:, ::2, ::2] = 4 * small
            levels.append(x - blur(spread))
            x = small
        chunks.append([*levels, x])
    return [np.concatenate(parts) for parts in zip(*chunks, strict=True)]


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
