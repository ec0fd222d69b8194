"""From any picture file to square uint8 pictures, and from those to batches."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from artgan.data.colours import as_rgb
from artgan.data.kinds import SIGNATURES, problem_of
from artgan.data.squares import cut_black_bars, cut_squares
from artgan.system.printing import printable

MOST_PIXELS = 500_000_000  # of a picture of one's own; few scans have more
MOST_BYTES = 1_600_000_000  # of memory to decode one picture
UNKNOWN = "damaged (it begins as a picture does, and is none that can be read)"
HUGE = 8_000_000  # pixels; larger pictures are made smaller before all else
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def read_picture(
    path: str | Path, least: int | None = None, most_pixels: int = MOST_PIXELS
) -> Image.Image:
    """Read a picture file of any kind as an upright 8-bit RGB image.

    Of an animation the first frame is read. least: large pictures come smaller, for
    less time and memory, but no side smaller than this many pixels. Raises OSError or
    ValueError if the file is damaged, no picture, or has more than `most_pixels`.
    """
    Image.init()
    known = [kind for kind in SIGNATURES if kind in Image.OPEN]
    try:
        with Image.open(path, formats=known) as file:
            check_pixels(file, most_pixels)
            whole = file.size
            if least:
                file.draft(None, (least, least))  # a JPEG is decoded at 1/2, 1/4, 1/8
            check_memory(file, whole)
            file.load()
            return as_rgb(upright(shrink(file, least) if least else file))
    except (OSError, ValueError):
        raise
    except Exception as error:  # a damaged file can raise anything in a decoder
        raise ValueError(f"{error}".strip() or type(error).__name__) from error


def check_pixels(file: Image.Image, most_pixels: int) -> None:
    """Raise ValueError if an opened picture has too many pixels."""
    if file.width * file.height > most_pixels:
        raise ValueError(
            f"too large ({file.width}x{file.height} pixels; at most "
            f"{most_pixels // 1_000_000} megapixels are read)"
        )


def check_memory(file: Image.Image, whole: tuple[int, int]) -> None:
    """Raise ValueError if decoding an opened picture would take too much memory.

    whole: its width and height before `draft` made them smaller.
    """
    small = file.mode in ("1", "L", "P") or file.mode.startswith("I;16")
    copies = 2 if file.format in ("WEBP", "AVIF", "HEIF", "JPEG2000") else 1
    needed = file.width * file.height * (2 if small else 4) * copies
    if file.info.get("progressive"):  # all coefficients are kept until the last scan
        needed += whole[0] * whole[1] * 2 * len(file.getbands())
    if needed > MOST_BYTES:
        raise ValueError(
            f"too large ({whole[0]}x{whole[1]} pixels take {needed / 1e9:.1f} GB of "
            "memory; save it smaller, or as plain JPEG)"
        )


def shrink(picture: Image.Image, least: int) -> Image.Image:
    """Average a huge image over squares of pixels, but let no side be below `least`.

    Strip by strip, so that no second image of that size is in memory.
    """
    factor = min(picture.size) // least
    if factor < 2 or picture.width * picture.height < HUGE:
        return picture
    mode = averageable_mode(picture)
    sheet = Image.new(mode, (-(-picture.width // factor), -(-picture.height // factor)))
    for top in range(0, picture.height, 64 * factor):
        bottom = min(top + 64 * factor, picture.height)
        strip = picture.crop((0, top, picture.width, bottom)).convert(mode)
        sheet.paste(strip.reduce(factor), (0, top // factor))
    sheet.info = {k: v for k, v in picture.info.items() if k != "transparency"}
    return sheet


def averageable_mode(picture: Image.Image) -> str:
    """The mode in which the pixels of an image can be averaged."""
    if picture.mode.startswith("I;16"):
        return "I"
    if picture.has_transparency_data:
        return "RGBA"
    return {"1": "L", "P": "RGB"}.get(picture.mode, picture.mode)


def upright(picture: Image.Image) -> Image.Image:
    """Turn an image as its EXIF data say, if they can be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # damaged data raise anything, and the picture may be sound
        return picture


def reason_of(error: Exception) -> str:
    """Say in a few words why `read_picture` raised this."""
    text = printable(error).strip() or type(error).__name__
    if isinstance(error, Image.DecompressionBombError) or "decompression bomb" in text:
        return f"too large (more than {2 * MOST_PIXELS // 1_000_000} megapixels)"
    if isinstance(error, UnidentifiedImageError):
        return "no picture"
    if isinstance(error, OSError) and error.errno:
        return f"not opened ({error.strerror})"
    if "truncated" in text:
        return "cut short (copy or download it again)"
    return text if text.startswith("too large") else f"damaged ({text})"


def prepare_pictures(
    paths: Iterable[str | Path],
    size: int,
    fit: str = "crop",
    crops: int = 1,
    cut_bars: bool = True,
    most_pixels: int = MOST_PIXELS,
) -> Iterator[tuple[str | Path, np.ndarray | None, str | None]]:
    """Yield (path, square, problem) for each square cut from files; one is None.

    square: [size, size, 3] uint8; problem: a reason in words, once for a file.
    """
    for path in paths:
        try:
            picture = read_picture(path, 2 * size, most_pixels)
        except (OSError, ValueError) as error:
            unknown = isinstance(error, UnidentifiedImageError)
            problem = problem_of(Path(path)) or UNKNOWN if unknown else reason_of(error)
            yield path, None, problem
            continue
        picture = cut_black_bars(picture) if cut_bars else picture
        for square in cut_squares(picture, size, fit, crops):
            yield path, square, None


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
