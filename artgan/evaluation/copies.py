"""The painted pictures most like a real one, to look at: no figure says "no copies"."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from artgan.evaluation.nearest import pairwise_distances

COLUMNS, TILE, GAP, CAPTION = 4, 128, 6, 18  # the last three in pixels


@dataclass(frozen=True)
class Pair:
    """A painted picture and the real one nearest to it, by their numbers."""

    painted: int
    real: int
    distance: float  # in the unit of `nearest_distances`
    mirrored: bool  # whether the mirror image of the real one is meant


def nearest_pairs(
    nearest: np.ndarray, fakes: Sequence[np.ndarray], real: np.ndarray, count: int = 16
) -> list[Pair]:
    """The `count` painted pictures nearest to any real one, the nearest first.

    fakes: the painted pictures' features [n, d], maybe also those of their mirror
    images; nearest: the `nearest_distances` of both, [1 or 2, n]; real: [m, d].
    """
    pairs = []
    for painted in np.argsort(nearest.min(0), kind="stable")[:count]:
        side = int(nearest[:, painted].argmin())
        number = int(pairwise_distances(fakes[side][[painted]], real).argmin())
        distance = float(nearest[side, painted])
        pairs.append(Pair(int(painted), number, distance, mirrored=side == 1))
    return pairs


def pair_sheet(
    pairs: Sequence[Pair],
    images: np.ndarray,
    dataset_images: np.ndarray,
    names: Sequence[str] | None = None,
    first_seed: int = 0,
) -> Image.Image:
    """Lay pairs beside each other, painted on the left, real on the right: an image.

    images, dataset_images: [n, h, w, 3] and [m, h, w, 3] uint8; names: of the latter.
    Below stand the seed, the distance and the name. A real picture whose mirror image
    is meant is shown mirrored.
    """
    wide, high = 2 * TILE + 3 * GAP, TILE + CAPTION + GAP
    columns, rows = min(COLUMNS, len(pairs)), -(-len(pairs) // COLUMNS)
    size = columns * wide + GAP, rows * high + CAPTION + GAP
    sheet = Image.new("RGB", size, "white")
    write(sheet, GAP, 2, "Painted | the nearest real picture", size[0])
    for number, pair in enumerate(pairs):
        left = GAP + number % COLUMNS * wide
        top = CAPTION + number // COLUMNS * high
        real, step = dataset_images[pair.real], -1 if pair.mirrored else 1
        name = names[pair.real] if names else f"number {pair.real}"
        text = f"{pair.distance:.2f}  {'mirrored ' * pair.mirrored}{name}"
        place(
            sheet, left, top, images[pair.painted], f"seed {first_seed + pair.painted}"
        )
        place(sheet, left + TILE + GAP, top, real[:, ::step], text)
    return sheet


def place(
    sheet: Image.Image, left: int, top: int, picture: np.ndarray, caption: str
) -> None:
    """Put a picture [h, w, 3] uint8 on the sheet with a line of text below it."""
    tile = Image.fromarray(picture).resize((TILE, TILE), Image.Resampling.LANCZOS)
    sheet.paste(tile, (left, top))
    write(sheet, left, top + TILE + 1, caption, TILE)


def write(sheet: Image.Image, left: int, top: int, text: str, width: int) -> None:
    """Write a line of small text, cut where it is wider than `width` pixels."""
    text = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), 11)
    while font.getlength(text) > width:
        text = text.removesuffix("…")[:-1] + "…"
    ImageDraw.Draw(sheet).text((left, top), text, "#444444", font)
