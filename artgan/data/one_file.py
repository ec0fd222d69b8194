"""One file of a folder: its pieces, and what its owner should know about it."""

import io
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, UnidentifiedImageError

from artgan.data.likeness import colours_of
from artgan.data.pictures import RAW, read_picture, reason_of
from artgan.data.squares import cut_black_bars, cut_squares, shape_of

HUGE = 25_000_000  # pixels; of such pictures one at a time is in memory
one_huge = threading.Lock()


def read_pieces(path: Path, **settings: Any) -> tuple[list[np.ndarray], dict[str, str]]:
    """Read a picture file as `read_squares` does; why it cannot be read is a remark."""
    try:
        return read_squares(path, **settings)
    except Exception as error:  # damaged files raise almost anything
        return [], {reason_of(path, error): ""}


def read_squares(
    path: Path, size: Any, fit: str = "crop", crops: int = 1, cut_bars: bool = True
) -> tuple[list[np.ndarray], dict[str, str]]:
    """Read a picture file: (pieces as from `cut_squares`, {remark: details}).

    Raises whatever Pillow does.
    """
    remarks, shape = {}, shape_of(size)
    with Image.open(path) as file:
        # Another program would read the first; Pillow reads a thumbnail of the others.
        if file.format == "EPS" or path.suffix.lower() in RAW:
            raise UnidentifiedImageError
        profile, (width, height) = file.info.get("icc_profile"), file.size
        if file.format != "MPO" and (frames := getattr(file, "n_frames", 1)) > 1:
            remarks["with more frames or pages: the first is used"] = f": {frames}"
        with one_huge if width * height > HUGE else nullcontext():
            if file.has_transparency_data:
                if np.asarray(file.convert("RGBA").getchannel("A")).min() < 255:
                    remarks["transparent, laid on grey"] = ""
            picture = to_srgb(read_picture(path, 2 * max(shape)), profile)
    picture = cut_black_bars(picture) if cut_bars else picture
    if 1.5 * min(picture.size) < min(shape):
        remarks["much smaller than what is painted, so blurred"] = f": {width}x{height}"
    pieces = cut_squares(picture, shape, fit, crops)
    if lacking := colours_of(pieces[0]):
        remarks[lacking] = ""
    return pieces, remarks


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
