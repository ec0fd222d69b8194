"""Comparing painted pictures with the real ones that a model learnt from."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from artgan.evaluation.copies import Pair, nearest_pairs
from artgan.evaluation.kid import kernel_inception_distance
from artgan.evaluation.mobilenet import load_mobilenet, picture_features
from artgan.evaluation.nearest import MAX_ROWS, diversity, nearest_distances
from artgan.evaluation.smoothness import walk_smoothness
from artgan.evaluation.swd import sliced_wasserstein_distance
from artgan.system.errors import ArtganError

MAX_PIXELS = 512 * 128 * 128  # a side, for SWD: 100 MB as float32


@dataclass(frozen=True)
class Evaluation:
    """What comparing gave: figures by name, None without a value, and a list of pairs.

    kid, kid_deviation, swd, swd_floor (of two halves of the real pictures), nearest and
    nearest_1st_percentile, diversity; walk_variation and walk_largest_step of a walk.
    """

    figures: dict[str, float | None]
    pairs: list[Pair]  # the painted pictures most like a real one, nearest first


def evaluate(
    images: np.ndarray,
    dataset_images: np.ndarray,
    mirrored: bool = False,
    walk: np.ndarray | None = None,
    network: Callable | None = None,
) -> Evaluation:
    """Compare painted pictures with real ones, 2 or more each; the same every time.

    images, dataset_images, walk: [n, h, w, 3] uint8 of one size; walk: painted along a
    closed walk. mirrored: whether a mirrored real picture counts as a copy too, as it
    should if the model learnt from mirrored ones. network: as from `load_mobilenet`.
    Raises ArtganError if the arrays do not fit or the network's weights are missing.
    """
    check_images(images, dataset_images)
    network = network or load_mobilenet()
    fake = picture_features(network, images, "Looking at painted pictures")
    real = picture_features(network, dataset_images, "Looking at real pictures")
    fakes = [fake]
    if mirrored:
        title = "Looking at them mirrored"
        fakes.append(picture_features(network, images[:, :, ::-1], title))
    nearest = np.stack([nearest_distances(shuffled(real), side) for side in fakes])
    figures = compare_features(shuffled(real), shuffled(fake))
    with np.errstate(invalid="ignore"):  # infinite where all real ones are the same
        figures["nearest"] = np.median(nearest.min(0))
        figures["nearest_1st_percentile"] = np.percentile(nearest.min(0), 1)
    figures |= compare_patches(dataset_images, images)
    if walk is not None:
        features = picture_features(network, walk, "Looking at the walk")
        names = "walk_variation", "walk_largest_step"
        figures |= zip(names, walk_smoothness(features), strict=True)
    finite = {n: float(x) if math.isfinite(x) else None for n, x in figures.items()}
    return Evaluation(finite, nearest_pairs(nearest, fakes, real))


def check_images(images: np.ndarray, dataset_images: np.ndarray) -> None:
    """Raise ArtganError unless both are pictures of one size, 2 or more each."""
    for what, array in {"painted": images, "real": dataset_images}.items():
        if array.ndim != 4 or array.shape[-1] != 3 or array.dtype != np.uint8:
            raise ArtganError(
                f"The {what} pictures are {array.dtype} {list(array.shape)}; comparing "
                "takes uint8 [count, height, width, 3]."
            )
        if len(array) < 2:
            raise ArtganError(f"Comparing takes 2 {what} pictures or more.")
    if images.shape[1:] != dataset_images.shape[1:]:
        raise ArtganError(
            f"The painted pictures are {images.shape[1]} pixels high and "
            f"{images.shape[2]} wide, the real ones {dataset_images.shape[1]} and "
            f"{dataset_images.shape[2]}. Prepare the real ones at the painted ones' "
            "size."
        )


def shuffled(rows: np.ndarray, count: int | None = None) -> np.ndarray:
    """All of the rows or `count`, in an order that is random but always the same."""
    return rows[np.random.default_rng(0).permutation(len(rows))[:count]]


def compare_features(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """KID and diversity from features [n, d] and [m, d] in random order."""
    kid = kernel_inception_distance(real[:MAX_ROWS], fake[:MAX_ROWS])
    names = "kid", "kid_deviation"
    return dict(zip(names, kid, strict=True)) | {"diversity": diversity(real, fake)}


def compare_patches(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """SWD, and SWD of two halves of the real pictures, each averaged over scales."""
    count = max(2, min(512, MAX_PIXELS // math.prod(real.shape[1:3])))
    real, fake = shuffled(real, count), shuffled(fake, count)
    half = len(real) // 2
    sides = {"swd": (real, fake), "swd_floor": (real[:half], real[half:])}
    bar = tqdm(sides.items(), "Comparing patches", delay=2, disable=None)
    return {name: np.mean(sliced_wasserstein_distance(*both)) for name, both in bar}
