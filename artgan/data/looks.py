"""One file of a folder: its pieces, and what its owner should know about it."""

import io
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, UnidentifiedImageError

from artgan.data.pictures import RAW, read_picture
from artgan.data.squares import cut_black_bars, cut_squares, shape_of

HUGE = 25_000_000  # pixels; of such pictures one at a time is in memory
one_huge = threading.Lock()
FLAT = 2.0  # standard deviation below which a picture is all of one colour, of 255
DARK, BRIGHTER = 24, 0.002  # a level of 255, and the fraction of values above it
COLOURLESS = 12  # the most by which the colours of a pixel of a grey picture differ
ALIKE = 4.0  # root mean square difference of thumbnails, of 255
CHUNK = 256  # pictures


def read_squares(
    path: Path, size: Any, fit: str = "crop", crops: int = 1, cut_bars: bool = True
) -> tuple[list[np.ndarray], dict[str, str]]:
    """Read a picture file: (pieces as from `cut_squares`, what is odd about it).

    What is odd: a word of `report.WORDS` -> details. Raises whatever Pillow does.
    """
    odd, shape = {}, shape_of(size)
    with Image.open(path) as file:
        # Another program would read the first; Pillow reads a thumbnail of the others.
        if file.format == "EPS" or path.suffix.lower() in RAW:
            raise UnidentifiedImageError
        profile, whole = file.info.get("icc_profile"), file.size
        if file.format != "MPO" and (frames := getattr(file, "n_frames", 1)) > 1:
            odd["frames"] = f": {frames}"
        with one_huge if whole[0] * whole[1] > HUGE else nullcontext():
            if file.has_transparency_data:
                if file.convert("RGBA").getextrema()[3][0] < 255:
                    odd["transparent"] = ""
            picture = to_srgb(read_picture(path, 2 * max(shape)), profile)
    picture = cut_black_bars(picture) if cut_bars else picture
    if 1.5 * min(picture.size) < min(shape):
        odd["small"] = f": {whole[0]}x{whole[1]}"
    pieces = cut_squares(picture, shape, fit, crops)
    return pieces, odd | colours_of(pieces[0])


def to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert an RGB image from an ICC profile to sRGB, if that is sound."""
    if not profile or b"sRGB" in profile:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):  # damaged, or not of RGB
        return picture


def colours_of(image: np.ndarray) -> dict[str, str]:
    """What a picture [height, width, 3] uint8 lacks: {"flat" or "grey": ""}, or {}."""
    if image.std(axis=(0, 1)).max() < FLAT or (image > DARK).mean() < BRIGHTER:
        return {"flat": ""}
    return {"grey": ""} if np.ptp(image, axis=2).max() < COLOURLESS else {}


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
