"""What prepared pictures show: nothing, only grey, or what another one shows."""

import numpy as np
from PIL import Image

FLAT = "of one colour or nearly black"
GREY = "grey, and teach grey: move them out to leave them out"
DEVIATION = 2.0  # below which a picture is all of one colour, of 255
DARK, BRIGHTER = 24, 0.002  # a level of 255, and the fraction of values above it
COLOURLESS = 12  # the most by which the colours of a pixel of a grey picture differ
ALIKE = 4.0  # root mean square difference of thumbnails, of 255
CHUNK = 256  # pictures that are compared at once


def colours_of(image: np.ndarray) -> str:
    """What a picture [height, width, 3] uint8 lacks: FLAT, GREY or "" for nothing."""
    deviation, bright = image.std(axis=(0, 1)).max(), (image > DARK).mean()
    if deviation < DEVIATION or bright < BRIGHTER:
        return FLAT
    red, green, blue = np.moveaxis(np.int16(image), 2, 0)
    colour = np.maximum(np.abs(red - green), np.abs(green - blue)).max()
    return GREY if colour < COLOURLESS else ""


def thumbnail(image: np.ndarray) -> np.ndarray:
    """A picture [height, width, 3] uint8 as [768] uint8, by which it is compared."""
    small = Image.fromarray(image).resize((16, 16), Image.Resampling.BOX)
    return np.asarray(small).ravel()


def repeats(thumbnails: list[np.ndarray]) -> dict[int, int]:
    """Find pictures that look like an earlier one: later index -> first such index."""
    small = np.float32(thumbnails).reshape(-1, 768) / np.sqrt(768)
    squares, found = np.square(small).sum(axis=1), {}
    for start in range(0, len(small), CHUNK):
        some = slice(start, start + CHUNK)
        distances = squares[some, None] + squares - 2 * small[some] @ small.T
        alike = np.tril(distances < ALIKE**2, start - 1)
        for row in np.flatnonzero(alike.any(axis=1)):
            found[int(start + row)] = int(alike[row].argmax())
    return found
