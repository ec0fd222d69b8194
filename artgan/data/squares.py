"""From a picture of any shape to squares."""

import numpy as np
from PIL import Image, ImageOps

OBLONG = 1.15  # the long side over the short one, from which several squares are cut


def bar_lengths(bright: np.ndarray) -> tuple[int, int]:
    """How many of the first and of the last lines of a picture are black bars.

    bright: [lines, pixels] booleans. (0, 0) unless there are bars at both ends, of less
    than half of the lines in all, that end at a line which is bright for the most part.
    """
    lines = np.flatnonzero(bright.any(axis=1))
    if not len(lines) or 2 * len(lines) < len(bright):
        return 0, 0
    first, last = lines[0], lines[-1]
    straight = bright[[first, last]].mean(axis=1).min() > 0.5
    if not straight or first == 0 or last == len(bright) - 1:
        return 0, 0
    return int(first), int(len(bright) - 1 - last)


def cut_black_bars(picture: Image.Image, darkest: int = 16) -> Image.Image:
    """Cut the black bars of a film frame or scan: above and below, or left and right.

    picture: RGB; black: all values below `darkest` of 255. What is black all round is
    the picture's own ground, and stays; so does black at one side only.
    """
    bright = np.asarray(picture).max(axis=2) >= darkest
    top, bottom = bar_lengths(bright)
    left, right = bar_lengths(bright.T)
    if top and left:
        return picture
    return picture.crop((left, top, picture.width - right, picture.height - bottom))


def cut_squares(
    picture: Image.Image, size: int, fit: str = "crop", crops: int = 1
) -> list[np.ndarray]:
    """Cut squares from an RGB image: a list of [size, size, 3] in 0..255 (uint8).

    "crop" keeps the aspect ratio and the centre, or `crops` squares evenly along the
    long side of an oblong picture; "squash" bends the whole picture into one square.
    """
    if fit == "squash":
        return [np.asarray(picture.resize((size, size), Image.Resampling.LANCZOS))]
    count = crops if max(picture.size) > OBLONG * min(picture.size) else 1
    places = np.linspace(0, 1, count) if count > 1 else [0.5]
    return [
        np.asarray(
            ImageOps.fit(
                picture,
                (size, size),
                Image.Resampling.LANCZOS,
                centering=(place, place),
            )
        )
        for place in places
    ]
