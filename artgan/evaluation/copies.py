"""The painted pictures most like a real one, to look at: no figure says "no copies"."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from artgan.evaluation.nearest import pairwise_distances
from artgan.paint.grid import picture_grid
from artgan.system.printing import printable

TILE, CAPTION = 128, 18  # pixels


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


def pair_sheet(pairs, images, real_images, names, first_seed=0) -> Image.Image:
    """Lay pairs beside each other, the real one right of the painted, mirrored if so.

    images, real_images: [n, h, w, 3] and [m, h, w, 3] uint8; names: of the latter.
    """
    tiles = []
    for pair in pairs:
        real, step = real_images[pair.real], -1 if pair.mirrored else 1
        text = f"{pair.distance:.2f} {'mirrored ' * pair.mirrored}{names[pair.real]}"
        tiles.append(tile(images[pair.painted], f"seed {first_seed + pair.painted}"))
        tiles.append(tile(real[:, ::step], text))
    return picture_grid(np.stack(tiles), min(8, len(tiles)), gap=6)


def tile(picture: np.ndarray, text: str) -> np.ndarray:
    """A picture [h, w, 3] uint8 with a line of text below it, cut at its edge."""
    from matplotlib import font_manager  # it takes its time to load

    image = Image.new("RGB", (TILE, TILE + CAPTION), "white")
    fitted = Image.fromarray(np.ascontiguousarray(picture))
    image.paste(ImageOps.contain(fitted, (TILE, TILE), Image.Resampling.LANCZOS))
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), 11)
    ImageDraw.Draw(image).text((0, TILE + 1), printable(text), "#444444", font)
    return np.asarray(image)
