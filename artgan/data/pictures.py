"""From any picture file to an upright RGB image, and from images to batches."""

from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

Image.MAX_IMAGE_PIXELS = 125_000_000  # Pillow refuses a picture of twice as many
RAW = (".nef", ".arw", ".dng", ".cr2", ".cr3", ".orf", ".rw2", ".pef", ".raf")
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")

with suppress(ImportError):
    from pillow_heif import register_heif_opener

    register_heif_opener()


def read_picture(file, least):
    """Read a picture file as an upright RGB image; a large one comes smaller.

    least: pixels that its shorter side keeps. What is transparent lies on grey, where
    black and white both show. A damaged file raises almost anything.
    """
    with Image.open(file) as picture:
        picture.draft(None, (least, least))  # a JPEG is decoded at 1/2, 1/4 or 1/8
        picture.load()
        with suppress(Exception):  # damaged notes on how the camera was held
            ImageOps.exif_transpose(picture, in_place=True)
        if picture.mode[0] in "IF":  # greys of 12 or 16 bits, or real numbers
            values = np.nan_to_num(np.float32(picture), posinf=0).clip(0)
            picture = Image.fromarray(np.uint8(255 * values / max(values.max(), 1)))
        if picture.has_transparency_data:
            grey = Image.new("RGBA", picture.size, "grey")
            picture = Image.alpha_composite(grey, picture.convert("RGBA"))
        picture = picture.convert("RGB")
        return picture.reduce(max(1, min(picture.size) // least))


def read_square(file, size):
    """Read the middle of a picture file: an upright square [size, size, 3] uint8."""
    picture = read_picture(file, 2 * size)
    return np.asarray(ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS))


def reason_of(path: Path, error: Exception) -> str:
    """Say in a few words why a file is not used; error: what reading it raised."""
    if isinstance(error, Image.DecompressionBombError):
        return "of more than 250 megapixels"
    if isinstance(error, OSError) and error.errno:
        return f"not opened: {error.strerror}"
    if path.suffix.lower() in RAW:
        return "raw photographs: save as JPEG"
    if not isinstance(error, UnidentifiedImageError):
        return "damaged or cut short: copy or download again"
    with path.open("rb") as file:
        start = file.read(12)
    if start[4:8] == b"ftyp" and start[8:] in HEIC:
        return "in HEIC: pip install pillow-heif"
    return "without a picture: web pages, placeholders, text" if start else "empty"


def batch_indices(count: int, step: int, batch_size: int, seed: int, shuffle=True):
    """Which of `count` pictures make batch number `step`: int [batch_size].

    Every epoch has an order of its own that follows from (seed, epoch) alone, so a run
    that stopped at any step goes on with the very batches it would have had.
    """
    positions = np.arange(step * batch_size, (step + 1) * batch_size)
    if not shuffle:
        return positions % count
    epochs = set(positions // count)
    orders = {e: np.random.default_rng([seed, e]).permutation(count) for e in epochs}
    return np.array([orders[p // count][p % count] for p in positions])
