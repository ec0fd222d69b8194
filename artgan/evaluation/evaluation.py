"""Judging what a generator paints against the pictures that it learnt from."""

import json
import math

import numpy as np
from tqdm import tqdm

from artgan.evaluation.features import picture_features
from artgan.evaluation.metrics import (
    diversity_ratio,
    kernel_distance,
    nearest_ratio,
    walk_smoothness,
)
from artgan.evaluation.nearest import nearest_sheet
from artgan.paint.paint import paint_latents, seed_latents
from artgan.paint.walk import closed_walk
from artgan.system.files import replacing

MOST_COMPARED = 1000  # pictures a side: the figures' memory grows with the square
WALK_CORNERS, WALK_STEPS = 6, 120


def evaluate(model, collection, network, count=512, seed=0):
    """Compare a model's pictures with those of a Collection by a network's features.

    model has .config and .averaged; picture number n is the one that `generate` paints
    for the seed n; count is 2 or more. Returns the figures by name, None where one has
    no value, and a sheet of samples beside the real pictures nearest to them.
    """
    latents = seed_latents(model.config, range(seed, seed + count))
    painted = paint_all(model, latents, "Painting")
    fake = picture_features(network, painted, "Looking at them")
    real = picture_features(network, collection.images, "Looking at real pictures")
    walk = closed_walk(latents[:WALK_CORNERS], np.arange(WALK_STEPS) / WALK_STEPS)
    steps = paint_all(model, walk, "Walking")
    steps = picture_features(network, steps, "Looking at the walk")
    sheet = nearest_sheet(painted, fake, collection, real, seed)
    return figures(some_of(real), some_of(fake), steps), sheet


def figures(real, fake, walk):
    """The figures by name, from the features of three sets of pictures."""
    kid, deviation = kernel_distance(real, fake)
    variation, largest = walk_smoothness(walk)
    values = {
        "kid": kid,
        "kid_deviation": deviation,
        "nearest": nearest_ratio(real, fake),
        "diversity": diversity_ratio(real, fake),
        "walk_variation": variation,
        "walk_largest_step": largest,
    }
    return {n: float(v) if math.isfinite(v) else None for n, v in values.items()}


def some_of(rows, limit=MOST_COMPARED):
    """At most `limit` of the rows, mixed, always in the same way."""
    return rows[np.random.default_rng(0).permutation(len(rows))[:limit]]


def paint_all(model, latents, words):
    """Paint latents [n, latent_size] with a progress bar: [n, size, size, 3] uint8."""
    pictures = paint_latents(model, latents)
    return np.stack(list(tqdm(pictures, words, len(latents), disable=None)))


def describe(values):
    """The figures as lines of text, with what each of them means."""
    kid, deviation = (shown(values[name], 4) for name in ("kid", "kid_deviation"))
    lines = [
        ("KID", f"{kid} ± {deviation}", "0: like more real pictures"),
        ("nearest", shown(values["nearest"]), "well under 1: copies of real pictures"),
        ("diversity", shown(values["diversity"]), "well under 1: few different ones"),
        ("walk, variation", shown(values["walk_variation"]), "0: steps of one size"),
        ("walk, largest", shown(values["walk_largest_step"]), "large: it jumps"),
    ]
    return "\n".join(f"{name:16} {value:18} {words}" for name, value, words in lines)


def shown(value, digits=2):
    """A figure as text."""
    return "no value" if value is None else f"{value:.{digits}f}"


def save_evaluation(folder, facts, sheet):
    """Write evaluation.json and nearest.png into a folder; return their paths."""
    report, picture = folder / "evaluation.json", folder / "nearest.png"
    with replacing(report) as temporary:
        text = json.dumps(facts, indent=2, ensure_ascii=False)
        temporary.write_text(text + "\n", "utf-8")
    with replacing(picture) as temporary:
        sheet.save(temporary, "PNG")
    return report, picture
