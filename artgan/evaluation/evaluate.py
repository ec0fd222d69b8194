"""Comparing painted pictures with the real ones that a model learnt from."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from artgan.evaluation.features import (
    MAX_ROWS,
    diversity,
    kernel_inception_distance,
    load_mobilenet,
    nearest_distances,
    pairwise_distances,
    usual_gap,
)
from artgan.evaluation.pixels import sliced_wasserstein_distance, structure, told_apart
from artgan.system.arguments import check_pictures
from artgan.system.errors import ArtganError

FEWEST = 30  # pictures for KID and for telling apart: of fewer they are chance
PLANTED = 32  # copies that show how far a copy is from its original
MAX_PIXELS = 512 * 128 * 128  # of each set, for SWD: 100 MB as float32


class Pair(NamedTuple):
    """A painted picture and the real one nearest to it, by their numbers."""

    painted: int
    real: int
    distance: float  # 1: as of two real ones
    mirrored: bool  # whether the mirror image of the real one is meant


class Evaluation(NamedTuple):
    """What comparing gave: figures by name, None without a value, and a list of pairs.

    kid, kid_deviation, told_apart: none under 30 pictures; swd_floor: of two halves of
    the real ones; nearest_planted: of copies shifted by 3 pixels.
    """

    figures: dict[str, Any]
    pairs: list[Pair]  # the painted pictures most like a real one, nearest first


@np.errstate(divide="ignore", invalid="ignore")  # equal real pictures
def evaluate(
    images: np.ndarray,
    dataset_images: np.ndarray,
    mirrored: bool = False,
    labels: Sequence | None = None,
) -> Evaluation:
    """Compare painted pictures with real ones, 2 or more each; the same every time.

    images, dataset_images: [n, h, w, 3] uint8 of one size, else ArtganError. mirrored:
    whether a mirrored real picture counts as a copy, as the model may have learnt from
    it. labels: (of the real, of the painted), to compare within classes too.
    """
    sets = check_pictures(dataset_images), check_pictures(images)
    if min(map(len, sets)) < 2 or len({x.shape[1:] for x in sets}) > 1:
        told = " and ".join(f"{len(x)} of {x.shape[2]}x{x.shape[1]}" for x in sets)
        raise ArtganError(
            f"Comparing takes 2 pictures or more of each kind, of one size; not {told}."
        )
    network = load_mobilenet()
    real, *fakes = features = [network(pictures) for pictures in sets]
    if mirrored:
        fakes.append(network(sets[1][:, :, ::-1]))
    distances = np.stack([pairwise_distances(side, real) for side in fakes])
    distances /= usual_gap(shuffled(real))
    planted = network(np.roll(shuffled(sets[0], PLANTED), 3, axis=2))
    figures: dict[str, Any] = compare(sets, features)
    figures["nearest"] = np.median(nearest := distances.min((0, 2)))
    figures["nearest_1st_percentile"] = np.percentile(nearest, 1)
    figures["nearest_planted"] = np.median(nearest_distances(shuffled(real), planted))
    for name, value in figures.items():
        figures[name] = float(value) if abs(value) < 1e6 else None
    if labels is not None:
        figures["within_classes"] = within_classes(sets, features, labels)
    return Evaluation(figures, nearest_pairs(distances))


def compare(images: Sequence, features: Sequence) -> dict[str, float]:
    """KID, SWD, told_apart, diversity and structure; pairs as for `within_classes`."""
    sets, rows = ([shuffled(x, MAX_ROWS) for x in pair] for pair in (images, features))
    kid, apart = (math.nan, math.nan), math.nan
    if min(map(len, sets)) >= FEWEST:
        kid, apart = kernel_inception_distance(*rows), told_apart(*sets)
    count = max(2, min(512, MAX_PIXELS // math.prod(sets[0].shape[1:3])))
    some, half = [side[:count] for side in sets], min(count, len(sets[0])) // 2
    halves = sets[0][:half], sets[0][half : 2 * half]
    return {
        "kid": kid[0],
        "kid_deviation": kid[1],
        "diversity": diversity(*rows),
        "structure": structure(*sets),
        "told_apart": apart,
        "swd": np.mean(sliced_wasserstein_distance(*some)),
        "swd_floor": np.mean(sliced_wasserstein_distance(*halves)),
    }


def within_classes(images: Sequence, features: Sequence, labels: Sequence) -> dict:
    """{class: diversity and structure}, of those with 2 or more pictures of each kind.

    Pairs of real and painted: uint8 [n, h, w, 3], features [n, d], labels [n].
    """
    found = {}
    for name in np.intersect1d(*labels).tolist():
        real, fake = (np.asarray(side) == name for side in labels)
        if min(real.sum(), fake.sum()) >= 2:
            spread = diversity(features[0][real], features[1][fake])
            built = structure(images[0][real], images[1][fake])
            found[name] = {"diversity": float(spread), "structure": float(built)}
    return found


def nearest_pairs(distances: np.ndarray) -> list[Pair]:
    """The 16 painted pictures nearest to any real one, the nearest first.

    distances: of each painted one, and maybe its mirror image: [1 or 2, painted, real].
    """
    pairs, nearest = [], distances.min((0, 2))
    for painted in np.argsort(nearest, kind="stable")[:16].tolist():
        side, real = divmod(int(distances[:, painted].argmin()), distances.shape[2])
        pairs.append(Pair(painted, real, float(nearest[painted]), side == 1))
    return pairs


def shuffled(rows: np.ndarray, count: int | None = None) -> np.ndarray:
    """All of the rows or `count`, in an order that is random but always the same."""
    return rows[np.random.default_rng(0).permutation(len(rows))[:count]]
