"""Painting with a model to compare it with its pictures, and telling what came out."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from tqdm import tqdm

from artgan.evaluation.copies import pair_sheet
from artgan.evaluation.evaluate import Evaluation, evaluate
from artgan.paint.paint import paint_latents, seed_latents
from artgan.paint.walk import closed_walk
from artgan.storage.json_file import write_object
from artgan.system.files import replacing

if TYPE_CHECKING:
    from artgan.data.dataset import Dataset
    from artgan.storage.open_model import Model

WALK_CORNERS, WALK_STEPS = 6, 120
NOTE = (
    "A judge that learnt ImageNet, as MobileNetV2 did, flatters a GAN whose\n"
    "discriminator did too (https://arxiv.org/abs/2203.06026): read SWD beside KID,\n"
    "and look at the pairs."
)


def evaluate_model(model: "Model", dataset: "Dataset", count: int = 512, seed: int = 0):
    """Compare a model's pictures with those of a Dataset: (Evaluation, sheet of pairs).

    model: as from `open_model`; picture number n is the one that `generate` paints for
    the seed n; count: 2 or more. Raises ArtganError as `evaluate` does.
    """
    latents = seed_latents(model.config, range(seed, seed + count))
    images = paint_all(model, latents, "Painting")
    positions = np.arange(WALK_STEPS) / WALK_STEPS
    walk = paint_all(model, closed_walk(latents[:WALK_CORNERS], positions), "Walking")
    mirrored = getattr(model.config, "flip", False)
    evaluation = evaluate(images, dataset.images, mirrored, walk)
    drawn = evaluation.pairs, images, dataset.images, dataset.names, seed
    return evaluation, pair_sheet(*drawn)


def paint_all(model: "Model", latents: np.ndarray, title: str) -> np.ndarray:
    """Paint latents [n, latent_size]: [n, size, size, 3] uint8, with a progress bar."""
    pictures = paint_latents(model, latents)
    return np.stack(list(tqdm(pictures, title, len(latents), delay=2, disable=None)))


def describe(figures: dict[str, float | None]) -> str:
    """The figures of an Evaluation as a table, and how to read it."""
    kid, deviation = (shown(figures[name], 3) for name in ("kid", "kid_deviation"))
    swd, floor = (shown(figures[name], 0) for name in ("swd", "swd_floor"))
    percentile = shown(figures["nearest_1st_percentile"])
    lines = [
        ("KID (MobileNetV2 features)", f"{kid} ± {deviation}", "0: like real pictures"),
        ("SWD (patches)", swd, f"halves of the real pictures: {floor}"),
        ("nearest, median", shown(figures["nearest"]), "well under 1: mostly copies"),
        ("nearest, 1st percentile", percentile, "near 0: some copies"),
        ("diversity", shown(figures["diversity"]), "well under 1: all alike"),
    ]
    if "walk_variation" in figures:
        variation = shown(figures["walk_variation"])
        largest = shown(figures["walk_largest_step"])
        lines.append(("walk, variation of steps", variation, "0: even steps"))
        lines.append(("walk, largest step", largest, "large: it jumps"))
    table = [f"{name:28}{value:16}{words}" for name, value, words in lines]
    return "\n".join([*table, NOTE])


def shown(value: float | None, digits: int = 2) -> str:
    """A figure as text."""
    return "no value" if value is None else f"{value:.{digits}f}"


def save_evaluation(
    folder: Path, facts: dict, evaluation: Evaluation, sheet: Image.Image
) -> tuple[Path, Path]:
    """Write evaluation.json and nearest.png into a folder; return their paths.

    facts: what was compared, by name; the figures are put beside them.
    """
    report, picture = folder / "evaluation.json", folder / "nearest.png"
    write_object(report, facts | evaluation.figures)
    with replacing(picture) as temporary:
        sheet.save(temporary, "PNG")
    return report, picture
