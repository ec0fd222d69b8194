"""Painting with a model to compare it with its pictures, and telling what came out."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont, ImageOps
from tqdm import tqdm

from artgan.evaluation.evaluate import FEWEST, evaluate
from artgan.gan.classes import class_counts
from artgan.paint.files import picture_grid, resample
from artgan.paint.paint import paint_latents, seed_labels, seed_latents, truncate
from artgan.system.printing import printable

TILE, CAPTION = 128, 18  # pixels
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
NOTE = """\
A judge that learnt ImageNet, as MobileNetV2 did, flatters a GAN whose
discriminator did too (https://arxiv.org/abs/2203.06026): read SWD beside KID,
and look at the pairs."""


def evaluate_model(
    model: Any, dataset: Any, count=512, seed=0, classes: Any = None, truncation=1.0
):
    """Compare a Painter's `count` seeds with a Dataset: (Evaluation, pair sheet).

    classes: of each picture of the Dataset by name, to compare within them too.
    """
    config, seeds = model.config, range(seed, seed + count)
    latents = truncate(config, seed_latents(config, seeds, step=model.step), truncation)
    painted = paint_latents(model, latents)
    images = np.stack([*tqdm(painted, "Painting", count, delay=2, disable=None)])
    names = np.array([*class_counts(config)])
    labels = None if classes is None else (classes, names[seed_labels(config, seeds)])
    evaluation = evaluate(images, dataset.images, config.flip, labels)
    sets = images, dataset.images, dataset.names
    return evaluation, pair_sheet(evaluation.pairs, *sets, config.shown, seed)


def describe(figures: dict[str, Any]) -> str:
    """The figures of an Evaluation of a model as a table, and how to read it."""
    known = {name: math.nan if x is None else x for name, x in figures.items()}
    kid = "{kid:.3f} ± {kid_deviation:.3f}".format(**known)
    kid = f"of {FEWEST} or more" if math.isnan(known["kid"]) else kid
    table = TABLE.format(**known | {"kid": kid})
    for name, within in figures.get("within_classes", {}).items():
        row = "within {:.20} diversity {diversity:.2f}, structure {structure:.2f}\n"
        table += row.format(f"{printable(name):<20}", **within)
    return table.replace(" nan", " - ") + NOTE


def pair_sheet(
    pairs: Sequence, images: Any, reals: Any, names: Sequence, size: Any, seed: int = 0
) -> Image.Image:
    """Lay pairs beside each other, the real one right of the painted, mirrored if so.

    images, reals: [n, h, w, 3] and [m, h, w, 3] uint8; names: of the latter; size:
    width and height of what they show; seed: of the first painted one.
    """
    tiles = []
    for pair in pairs:
        real, step = reals[pair.real], -1 if pair.mirrored else 1
        name = names[pair.real].rpartition("/")[2]
        text = f"{pair.distance:.2f} {'mirrored ' * pair.mirrored}{name}"
        tiles.append(tile(images[pair.painted], size, f"seed {seed + pair.painted}"))
        tiles.append(tile(real[:, ::step], size, text))
    return picture_grid(np.stack(tiles), min(8, len(tiles)), gap=6)


def tile(picture: np.ndarray, size: tuple[int, int], text: str) -> np.ndarray:
    """A picture [h, w, 3] uint8 in a shape, with a line of text, cut at its edge."""
    image = Image.new("RGB", (TILE, TILE + CAPTION), "white")
    shown = resample(np.ascontiguousarray(picture), size)
    image.paste(ImageOps.contain(shown, (TILE, TILE), Image.Resampling.LANCZOS))
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf", 10)
    draw.text((0, TILE + 1), printable(text), "#444444", font)
    return np.asarray(image)
