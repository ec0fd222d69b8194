"""How easily painted pictures are told from real ones, without having seen photographs.

A network that learnt ImageNet flatters mush. Here patches of the real pictures are the
words by which each picture is described (Coates et al. 2011,
https://proceedings.mlr.press/v15/coates11a.html), and a linear program learns from all
pictures but one whether that one is painted. It puts mush, early and late pictures in
the order in which eyes do. Compare it with that of as many pictures only.
"""

import numpy as np

from artgan.evaluation.swd import random_patches

PICTURES, PATCHES, WORDS = 256, 256, 200  # of a set at most, of a picture, in all


def told_apart(real: np.ndarray, fake: np.ndarray) -> float:
    """The part of pictures that are told apart: 0.5 is chance, and so perfect; 1: all.

    real, fake: [n, h, w, 3] and [m, h, w, 3] uint8, looked at with about 64 pixels.
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

    What it says of a row that is left out is y - (K^-1 y) / diag(K^-1), with the Gram
    matrix K of all.
    """
    rows = np.concatenate([first, second])
    rows = (rows - rows.mean(0)) / (rows.std(0) + 1e-6)
    sizes = np.array([len(first), len(second)])
    wanted = np.repeat([1, -1] / sizes, sizes)
    inverse = np.linalg.inv(rows @ rows.T / rows.shape[1] + 1 + np.eye(len(rows)))
    right = (wanted - inverse @ wanted / np.diag(inverse)) * wanted > 0
    return float(right[: sizes[0]].mean() + right[sizes[0] :].mean()) / 2
