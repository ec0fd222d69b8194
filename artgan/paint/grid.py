"""Sheets of pictures, and the GIF of the sheets of a training."""

import math
from pathlib import Path

import numpy as np
from PIL import Image

from artgan.paint.animation import write_gif
from artgan.system.files import replacing
from artgan.system.printing import printable, say


def picture_grid(images, columns=None, gap=2):
    """Lay pictures [count, h, w, 3] uint8 on a white sheet, `columns` in a row.

    By default as many in a row as in a column, or one more: four as 2x2.
    """
    count, height, width, _ = images.shape
    columns = columns or math.ceil(math.sqrt(count))
    rows = -(-count // columns)
    edges = [(0, rows * columns - count), (0, gap), (0, gap), (0, 0)]
    tiles = np.pad(images, edges, constant_values=255)
    tiles = tiles.reshape(rows, columns, *tiles.shape[1:]).swapaxes(1, 2)
    sheet = tiles.reshape(rows * (height + gap), columns * (width + gap), 3)
    return Image.fromarray(sheet[: len(sheet) - gap, : sheet.shape[1] - gap])


def grid_of_files(paths: list[Path], side: int = 256) -> Image.Image:
    """One sheet of picture files, each at most `side` pixels."""
    images = [Image.open(path).convert("RGB") for path in paths]
    for image in images:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return picture_grid(np.stack(images))


def read_frame(path: Path, most_pixels: int) -> Image.Image | None:
    """A picture, no side above `most_pixels`; None if it is damaged, which is told."""
    try:
        frame = Image.open(path).convert("RGB")
    except Exception:  # as a loss of power leaves it; a decoder raises anything then
        say(f"{printable(path, 400)} is damaged, and left out.")
        return None
    frame.thumbnail((most_pixels, most_pixels), Image.Resampling.LANCZOS)
    return frame


def save_gif(
    paths: list[Path],
    target: Path,
    most_frames: int = 40,
    most_pixels: int = 512,
    most_bytes: int = 5_000_000,
) -> Path:
    """Make one looping GIF of picture files, the last frame held for two seconds.

    At most `most_frames` frames, spread evenly, the first and the last among them, no
    side above `most_pixels`; both less where it would have more than `most_bytes`.
    Returns the path. Raises ValueError if no file is a whole picture.
    """
    chosen = np.linspace(0, len(paths) - 1, min(len(paths), most_frames)).round()
    found = [read_frame(paths[int(number)], most_pixels) for number in chosen]
    frames = [frame for frame in found if frame]
    if not frames:
        raise ValueError(f"no picture beside {paths[0]} is whole")
    durations = [120] * (len(frames) - 1) + [2000]
    with replacing(Path(target)) as temporary:
        write_gif(frames, temporary, durations, colours=128)
        size = temporary.stat().st_size
    if size <= most_bytes:
        return target
    less = len(frames) * 3 // 4, most_pixels * 7 // 8
    return save_gif(paths, target, *less, most_bytes)
