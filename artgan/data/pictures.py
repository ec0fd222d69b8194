"""From any picture file to square uint8 pictures, and from those to batches."""

import numpy as np
from PIL import Image, ImageOps

MOST_PIXELS = 80_000_000  # more than any photograph; a decompression bomb has more
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def read_picture(path):
    """Read a picture of any kind as an upright 8-bit RGB image.

    Grey, palette, CMYK, 16-bit and animated files (their first frame) are converted and
    transparency is laid on white. Raises OSError or ValueError for a file that is
    damaged, is no picture, or unpacks to more than `MOST_PIXELS`.
    """
    # No others: some of Pillow's readers run another program, such as Ghostscript.
    formats = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"]
    try:
        with Image.open(path, formats=formats) as file:
            if file.width * file.height > MOST_PIXELS:
                raise ValueError(f"it unpacks to {file.width}x{file.height} pixels")
            picture = ImageOps.exif_transpose(file)
            if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
                values = np.nan_to_num(np.asarray(picture, np.float32).clip(0))
                peak = values.max()
                white = next(most for most in (1, 255, 65535, peak) if peak <= most)
                picture = Image.fromarray(np.uint8(values * (255 / white)))
            if picture.has_transparency_data:
                picture = picture.convert("RGBA")
                white = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(white, picture)
            return picture.convert("RGB")
    except (OSError, ValueError):
        raise
    except Exception as error:  # a damaged file can raise anything in a decoder
        raise ValueError(f"{error}".strip() or type(error).__name__) from error


def cut_black_bars(picture, darkest=16):
    """Cut the black borders that a scan or a film frame leaves round an RGB image.

    A row or column at the edge goes while all its values are below `darkest` of 255;
    a picture that would lose more than half of a side is kept as it is.
    """
    red, green, blue = np.asarray(picture).transpose(2, 0, 1)
    brightest = np.maximum(np.maximum(red, green), blue)
    rows = np.flatnonzero(brightest.max(axis=1) >= darkest)
    columns = np.flatnonzero(brightest.max(axis=0) >= darkest)
    if 2 * len(rows) < picture.height or 2 * len(columns) < picture.width:
        return picture
    return picture.crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))


def square_picture(picture, size, fit="crop"):
    """Make an RGB image square: [size, size, 3] in 0..255 (uint8).

    "crop" keeps the centre and the aspect ratio; "squash" bends the whole picture.
    """
    if fit == "crop":
        picture = ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS)
    else:
        picture = picture.resize((size, size), Image.Resampling.LANCZOS)
    return np.asarray(picture)


def prepare_pictures(paths, size, fit="crop"):
    """Yield (path, picture, problem) for each file; picture or problem is None.

    picture: [size, size, 3] uint8; problem: a reason in words.
    """
    for path in paths:
        try:
            picture = read_picture(path)
        except (OSError, ValueError) as error:
            yield path, None, f"{error}".strip() or type(error).__name__
        else:
            yield path, square_picture(cut_black_bars(picture), size, fit), None


def batch_indices(count, step, batch_size, seed, shuffle=True):
    """Which of `count` pictures make batch number `step`: int [batch_size].

    Every epoch has an order of its own that follows from (seed, epoch) alone, so a run
    that stopped at any step goes on with the very batches it would have had.
    """
    positions = np.arange(step * batch_size, (step + 1) * batch_size)
    epochs, places = positions // count, positions % count
    if not shuffle:
        return places
    orders = {
        e: np.random.default_rng([seed, e]).permutation(count) for e in set(epochs)
    }
    return np.array([orders[e][place] for e, place in zip(epochs, places, strict=True)])
