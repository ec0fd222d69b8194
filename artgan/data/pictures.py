"""From any picture file to upright RGB pieces of one shape, and to batches of them."""

import io
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from artgan.system.arguments import LARGEST_SIDE, check_whole, wrong

Image.MAX_IMAGE_PIXELS = 125_000_000  # Pillow refuses a picture of twice as many
SRGB = ImageCms.createProfile("sRGB")
OBLONG = 1.15  # the long side over the short one, from which several squares are cut
FLAT = "of one colour or nearly black"
GREY = "grey, and teach grey: move them out to leave them out"

with suppress(ImportError):
    from pillow_heif import register_heif_opener

    register_heif_opener()


def read_picture(file, least):
    """Read a picture file as upright RGB; its shorter side keeps `least` pixels.

    What is transparent lies on grey. A damaged file raises almost anything.
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


def read_pieces(
    path: Path, size: tuple[int, int], fit: str, crops: int, cut_bars: bool
) -> tuple[list[np.ndarray], dict[str, str], float]:
    """Read a picture file: (pieces as from `cut_pieces`, {remark: details}, stretch).

    Why it cannot be read is a remark too; stretch: how much wider it is than they are.
    """
    remarks = {}
    try:
        with Image.open(path) as file:
            profile, (width, height) = file.info.get("icc_profile"), file.size
            clear = file.convert("RGBA") if file.has_transparency_data else None
            if clear and np.asarray(clear)[..., 3].min() < 255:
                remarks["transparent, and laid on grey"] = ""
        picture = read_picture(path, 2 * max(size))
        if profile and b"sRGB" not in profile:
            with suppress(ImageCms.PyCMSError, OSError, ValueError):  # it is unsound
                source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
                ImageCms.profileToProfile(picture, source, SRGB, inPlace=True)
        picture = cut_black_bars(picture) if cut_bars else picture
        across, down = picture.width / size[0], picture.height / size[1]
        if 1.5 * min(across, down) < 1:
            words = "much smaller than what is painted, so blurred"
            remarks[words] = f": {width}x{height}"
        pieces = cut_pieces(picture, size, fit, crops)
    except Exception as error:  # damaged files raise almost anything
        return [], {reason_of(path, error): ""}, 1.0
    if lacking := colours_of(pieces[0]):
        remarks[lacking] = ""
    return pieces, remarks, across / down


def colours_of(image: np.ndarray) -> str:
    """What a picture [height, width, 3] uint8 lacks: FLAT, GREY or "" for nothing."""
    if image.std(axis=(0, 1)).max() < 2 or (image > 24).mean() < 0.002:
        return FLAT
    return GREY if np.ptp(image, axis=2).max() < 12 else ""


def reason_of(path: Path, error: Exception) -> str:
    """Say in a few words why a file is not used; error: what reading it raised."""
    if isinstance(error, OSError) and error.errno:
        return f"not opened: {error.strerror}"
    with path.open("rb") as file:
        if file.read(12)[4:10] in (b"ftyphe", b"ftypmi"):
            return "in HEIC: pip install pillow-heif"
    if isinstance(error, UnidentifiedImageError):
        return "without a picture: empty, web pages, placeholders, text"
    return "damaged, cut short, or of more than 250 megapixels"


def shape_of(size: Any, ratio: float = 1.0) -> tuple[int, int]:
    """Width and height of 128 at a ratio, (192, 128) or "192x128"; or ArtganError."""
    sides: Any = size if isinstance(size, (list, tuple)) else [size]
    if isinstance(size, str) and re.fullmatch(r"\d{1,9}(x\d{1,9})?", size.lower()):
        sides = [int(side) for side in size.lower().split("x")]
    if len(sides) not in (1, 2):
        raise wrong("size", size, "a number of pixels, or a width and a height")
    checked = [check_whole("size", side, 1, LARGEST_SIDE) for side in sides]
    told = len(checked) == 2
    return checked[0] if told else max(1, round(checked[0] * ratio)), checked[-1]


def bar_lengths(bright: np.ndarray) -> tuple[int, int]:
    """How many of the first and of the last lines [lines, pixels] are black bars.

    (0, 0) unless both are, less than half in all, and end at a mostly bright line.
    """
    lines = np.flatnonzero(bright.any(axis=1))
    if not len(lines) or 2 * len(lines) < len(bright):
        return 0, 0
    first, last = int(lines[0]), int(lines[-1])
    straight = bright[[first, last]].mean(axis=1).min() > 0.5
    both = straight and first > 0 and last < len(bright) - 1
    return (first, len(bright) - 1 - last) if both else (0, 0)


def cut_black_bars(picture: Image.Image, darkest: int = 16) -> Image.Image:
    """Cut black bars of an RGB picture: above and below, or left and right.

    What is black all round, or at one side only, is the picture's own ground.
    """
    bright = np.asarray(picture).max(axis=2) >= darkest
    (top, bottom), (left, right) = bar_lengths(bright), bar_lengths(bright.T)
    if bool(top) == bool(left):
        return picture
    return picture.crop((left, top, picture.width - right, picture.height - bottom))


def cut_pieces(
    picture: Image.Image, shape: tuple[int, int], fit: str = "crop", crops: int = 1
) -> list[np.ndarray]:
    """Cut pieces of one shape from an RGB image: a list of [height, width, 3] uint8.

    shape: width and height; "crop" gives the centre, or `crops` pieces evenly along
    what is too long; "squash" bends the whole picture into one.
    """
    resample = Image.Resampling.LANCZOS
    if fit == "squash":
        return [np.asarray(picture.resize(shape, resample))]
    ratio = picture.width * shape[1] / (picture.height * shape[0])
    count = crops if max(ratio, 1 / ratio) > OBLONG else 1
    places = np.linspace(0, 1, count) if count > 1 else [0.5]
    cut = [ImageOps.fit(picture, shape, resample, centering=(at, at)) for at in places]
    return [np.asarray(piece) for piece in cut]


def batch_indices(count: int, step: int, batch_size: int, seed: int, shuffle=True):
    """Which of `count` pictures make batch number `step`: int [batch_size].

    Every epoch has an order of its own that follows from (seed, epoch) alone.
    """
    positions = np.arange(step * batch_size, (step + 1) * batch_size)
    if not shuffle:
        return positions % count
    epochs = set(positions // count)
    orders = {e: np.random.default_rng([seed, e]).permutation(count) for e in epochs}
    return np.array([orders[p // count][p % count] for p in positions])
