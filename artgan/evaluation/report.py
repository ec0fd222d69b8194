"""Painting with a model to compare it with its pictures, and telling what came out."""

import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from artgan.evaluation.copies import pair_sheet
from artgan.evaluation.evaluate import FEWEST, evaluate, within_classes
from artgan.gan.classes import class_counts
from artgan.paint.paint import paint_latents, seed_labels, seed_latents
from artgan.paint.walk import blend, closed_walk
from artgan.storage.json_file import write_object
from artgan.system.files import replacing
from artgan.system.printing import printable

if TYPE_CHECKING:
    from artgan.data.dataset import Dataset
    from artgan.paint.painter import Painter

WALK_CORNERS, WALK_STEPS = 6, 120
TABLE = """\
KID (MobileNetV2 features)  {kid:<15} 0: like real pictures
SWD (patches)               {swd:<15.0f} halves of the real pictures: {swd_floor:.0f}
diversity                   {diversity:<15.2f} well under 1: all alike
told apart (patches)        {told_apart:<15.2f} 0.5: never, so perfect; 1: always
structure                   {structure:<15.2f} 0: the same thing in the same place
nearest, median             {nearest:<15.2f} well under 1: mostly copies
nearest, 1st percentile     {nearest_1st_percentile:<15.2f} \
copies shifted by 3 pixels: {nearest_planted:.2f}
"""
WALK = """\
walk, variation of steps    {walk_variation:<15.2f} 0: even steps
walk, largest step          {walk_largest_step:<15.2f} large: it jumps
"""
NOTE = """\
A judge that learnt ImageNet, as MobileNetV2 did, flatters a GAN whose
discriminator did too (https://arxiv.org/abs/2203.06026): read SWD beside KID,
and look at the pairs."""


def evaluate_model(
    model: "Painter",
    dataset: "Dataset",
    count: int = 512,
    seed: int = 0,
    classes: np.ndarray | None = None,
):
    """Compare pictures of `count` seeds with a Dataset: (Evaluation, pair sheet).

    classes: the name of the class of each picture of the Dataset, to compare within
    them too.
    """
    config, seeds = model.config, range(seed, seed + count)
    latents = seed_latents(config, seeds, step=model.step)
    images = paint_all(model, latents, "Painting")
    positions = np.arange(WALK_STEPS) / WALK_STEPS
    corners = closed_walk(latents[:WALK_CORNERS], positions, partial(blend, config))
    walk = paint_all(model, corners, "Walking")
    evaluation = evaluate(images, dataset.images, config.flip, walk)
    if classes is not None:
        painted = np.array([*class_counts(config)])[seed_labels(config, seeds)]
        sets = dataset.images, images, classes, painted
        evaluation.figures["within_classes"] = within_classes(*sets)
    real = dataset.images, dataset.names
    return evaluation, pair_sheet(evaluation.pairs, images, *real, seed)


def paint_all(model: "Painter", latents: np.ndarray, title: str) -> np.ndarray:
    """Paint latents [n, latent_size]: [n, h, w, 3] uint8, with a progress bar."""
    pictures = paint_latents(model, latents)
    return np.stack(list(tqdm(pictures, title, len(latents), delay=2, disable=None)))


def describe(figures: dict[str, Any]) -> str:
    """The figures of an Evaluation as a table, and how to read it."""
    known: dict[str, Any] = {
        name: math.nan if x is None else x for name, x in figures.items()
    }
    kid = "{kid:.3f} ± {kid_deviation:.3f}".format(**known)
    known["kid"] = f"under {FEWEST} pictures" if math.isnan(known["kid"]) else kid
    table = (TABLE + WALK * ("walk_variation" in figures)).format(**known)
    for name, within in known.get("within_classes", {}).items():
        row = "within {:.20} diversity {diversity:.2f}, structure {structure:.2f}\n"
        table += row.format(f"{printable(name):<20}", **within)
    return table.replace(" nan", " - ") + NOTE


def save_evaluation(folder: Path, told: dict, sheet: Image.Image) -> tuple[Path, Path]:
    """Write evaluation.json and nearest.png into a folder; return their paths."""
    report, picture = folder / "evaluation.json", folder / "nearest.png"
    write_object(report, told)
    with replacing(picture) as temporary:
        sheet.save(temporary, "PNG")
    return report, picture
