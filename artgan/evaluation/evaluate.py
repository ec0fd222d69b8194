"""Comparing painted pictures with the real ones that a model learnt from."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from artgan.evaluation.apart import told_apart
from artgan.evaluation.copies import Pair, nearest_pairs
from artgan.evaluation.kid import kernel_inception_distance
from artgan.evaluation.mobilenet import load_mobilenet
from artgan.evaluation.nearest import (
    MAX_ROWS,
    diversity,
    nearest_distances,
    walk_smoothness,
)
from artgan.evaluation.structure import structure
from artgan.evaluation.swd import sliced_wasserstein_distance
from artgan.system.arguments import check_pictures, wrong
from artgan.system.errors import ArtganError

FEWEST = 30  # pictures for KID and for telling apart: of fewer they are chance
PLANTED = 32  # copies that show how far a copy is from its original
MAX_PIXELS = 512 * 128 * 128  # of each set, for SWD: 100 MB as float32


@dataclass(frozen=True)
class Evaluation:
    """What comparing gave: figures by name, None without a value, and a list of pairs.

    kid, kid_deviation and told_apart (none under 30 pictures); swd, swd_floor (of two
    halves of the real pictures); diversity, structure; nearest, nearest_1st_percentile,
    nearest_planted (of copies shifted by 3 pixels); walk_variation, walk_largest_step;
    within_classes, as that function gives it, where classes are known.
    """

    figures: dict[str, Any]
    pairs: list[Pair]  # the painted pictures most like a real one, nearest first


def evaluate(
    images: np.ndarray,
    dataset_images: np.ndarray,
    mirrored: bool = False,
    walk: np.ndarray | None = None,
    network: Callable | None = None,
) -> Evaluation:
    """Compare painted pictures with real ones, 2 or more each; the same every time.

    images, dataset_images, walk (a closed one): [n, h, w, 3] uint8 of one size.
    mirrored: whether a mirrored real picture counts as a copy too, as it should if the
    model learnt from mirrored ones. network: pictures -> features [n, d], by default of
    `load_mobilenet`. Raises ArtganError if arrays do not fit or its file is missing.
    """
    images, dataset_images = check_sets(images, dataset_images)
    if not isinstance(mirrored, (bool, np.bool_)):
        raise wrong("mirrored", mirrored, "True or False")
    network = network or load_mobilenet()
    real, fakes = network(dataset_images), [network(images)]
    if mirrored:
        fakes.append(network(images[:, :, ::-1]))
    planted = network(np.roll(shuffled(dataset_images, PLANTED), 3, axis=2))
    nearest = np.stack([nearest_distances(shuffled(real), side) for side in fakes])
    with np.errstate(divide="ignore", invalid="ignore"):  # equal real pictures
        figures = compare_features(shuffled(real), shuffled(fakes[0]))
        figures |= compare_pictures(dataset_images, images)
        figures["nearest"] = np.median(nearest.min(0))
        figures["nearest_1st_percentile"] = np.percentile(nearest.min(0), 1)
        away = nearest_distances(shuffled(real), planted)
        figures["nearest_planted"] = np.median(away)
    if walk is not None:
        names = "walk_variation", "walk_largest_step"
        figures |= zip(names, walk_smoothness(network(walk)), strict=True)
    finite = {n: float(x) if math.isfinite(x) else None for n, x in figures.items()}
    return Evaluation(finite, nearest_pairs(nearest, fakes, real))


def compare_features(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """KID and diversity from features [n, d] and [m, d] in random order."""
    kid = math.nan, math.nan
    if min(len(real), len(fake)) >= FEWEST:
        kid = kernel_inception_distance(real[:MAX_ROWS], fake[:MAX_ROWS])
    spread = diversity(real, fake)
    return {"kid": kid[0], "kid_deviation": kid[1], "diversity": spread}


def compare_pictures(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """Structure, told_apart, SWD, and SWD of two halves of the real pictures."""
    real, fake = shuffled(real, MAX_ROWS), shuffled(fake, MAX_ROWS)
    enough = min(len(real), len(fake)) >= FEWEST
    apart = told_apart(real, fake) if enough else math.nan
    figures = {"structure": structure(real, fake), "told_apart": apart}
    count = max(2, min(512, MAX_PIXELS // math.prod(real.shape[1:3])))
    half = len(real[:count]) // 2
    halves = real[:half], real[half : 2 * half]
    sides = {"swd": (real[:count], fake[:count]), "swd_floor": halves}
    scales = {n: sliced_wasserstein_distance(*both) for n, both in sides.items()}
    return figures | {name: np.mean(values) for name, values in scales.items()}


def within_classes(
    real: np.ndarray,
    fake: np.ndarray,
    real_labels: Sequence,
    fake_labels: Sequence,
    network: Callable | None = None,
) -> dict[Any, dict[str, float]]:
    """Diversity and structure within each class of 2 or more real and painted pictures.

    real, fake: [n, h, w, 3] and [m, h, w, 3] uint8 of one size; labels: one for each.
    A GAN may paint one motif a class although the whole looks diverse. network and
    errors: as in `evaluate`.
    """
    real, fake = check_sets(real, fake)
    of_real, of_fake = np.asarray(real_labels), np.asarray(fake_labels)
    if (of_real.shape, of_fake.shape) != (real.shape[:1], fake.shape[:1]):
        raise ArtganError("Comparing within classes takes one label for each picture.")
    network, found = network or load_mobilenet(), {}
    real_features, fake_features = network(real), network(fake)
    for name in np.intersect1d(of_real, of_fake).tolist():
        r, f = of_real == name, of_fake == name
        if min(r.sum(), f.sum()) >= 2:
            spread = diversity(real_features[r], fake_features[f])
            built = structure(real[r], fake[f])
            found[name] = {"diversity": float(spread), "structure": float(built)}
    return found


def check_sets(images: Any, dataset_images: Any) -> list[np.ndarray]:
    """Both sets of pictures; ArtganError unless of one size, 2 or more each."""
    sets = [check_pictures(images), check_pictures(dataset_images)]
    if min(map(len, sets)) < 2:
        raise ArtganError("Comparing takes 2 pictures or more of each kind.")
    sizes = [f"{x.shape[2]}x{x.shape[1]}" for x in sets]
    if sizes[0] != sizes[1]:
        raise ArtganError(
            f"Pictures of {sizes[0]} pixels cannot be compared with others of "
            f"{sizes[1]}. Prepare the real ones at the painted ones' size."
        )
    return sets


def shuffled(rows: np.ndarray, count: int | None = None) -> np.ndarray:
    """All of the rows or `count`, in an order that is random but always the same."""
    return rows[np.random.default_rng(0).permutation(len(rows))[:count]]
