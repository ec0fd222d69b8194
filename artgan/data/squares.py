"""From an image of any shape to pieces of the one that is wanted."""

import re
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from artgan.system.arguments import LARGEST_SIDE, check_whole, wrong

OBLONG = 1.15  # the long side over the short one, from which several squares are cut


def shape_of(size: Any) -> tuple[int, int]:
    """Width and height of 128, (192, 128) or "192x128"; raises ArtganError."""
    sides: Any = size if isinstance(size, (list, tuple)) else [size]
    if isinstance(size, str) and re.fullmatch(r"\d{1,9}(x\d{1,9})?", size):
        sides = [int(side) for side in size.split("x")]
    if len(sides) not in (1, 2):
        raise wrong("size", size, "a number of pixels, or a width and a height")
    checked = [check_whole("size", side, 1, LARGEST_SIDE) for side in sides]
    return checked[0], checked[-1]


def bar_lengths(bright: np.ndarray) -> tuple[int, int]:
    """How many of the first and of the last lines of a picture are black bars.

    bright: [lines, pixels] booleans. (0, 0) unless there are bars at both ends, of less
    than half of the lines in all, that end at a line which is bright for the most part.
    """
    lines = np.flatnonzero(bright.any(axis=1))
    if not len(lines) or 2 * len(lines) < len(bright):
        return 0, 0
    first, last = int(lines[0]), int(lines[-1])
    straight = bright[[first, last]].mean(axis=1).min() > 0.5
    both = straight and first > 0 and last < len(bright) - 1
    return (first, len(bright) - 1 - last) if both else (0, 0)


def cut_black_bars(picture: Image.Image, darkest: int = 16) -> Image.Image:
    """Cut the black bars of a film frame or scan: above and below, or left and right.

    picture: RGB; black: all values below `darkest` of 255. What is black all round is
    the picture's own ground, and stays; so does black at one side only.
    """
    red, green, blue = map(np.asarray, picture.split())
    bright = np.maximum(np.maximum(red, green), blue) >= darkest
    (top, bottom), (left, right) = bar_lengths(bright), bar_lengths(bright.T)
    if bool(top) == bool(left):
        return picture
    return picture.crop((left, top, picture.width - right, picture.height - bottom))


def cut_squares(
    picture: Image.Image, size: Any, fit: str = "crop", crops: int = 1
) -> list[np.ndarray]:
    """Cut pieces of one shape from an RGB image: a list of [height, width, 3] uint8.

    size: as for `shape_of`. "crop" keeps the aspect ratio and the centre, or `crops`
    pieces evenly along what is too long; "squash" bends the whole picture into one.
    """
    shape, resample = shape_of(size), Image.Resampling.LANCZOS
    if fit == "squash":
        return [np.asarray(picture.resize(shape, resample))]
    ratio = picture.width * shape[1] / (picture.height * shape[0])
    count = crops if max(ratio, 1 / ratio) > OBLONG else 1
    places = [(at, at) for at in (np.linspace(0, 1, count) if count > 1 else [0.5])]
    cut = [ImageOps.fit(picture, shape, resample, centering=place) for place in places]
    return [np.asarray(piece) for piece in cut]
