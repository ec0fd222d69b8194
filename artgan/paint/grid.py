"""Pictures of what the generator makes: grids and GIFs."""

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from artgan.gan.training import sample_latents
from artgan.system.files import replacing
from artgan.system.printing import printable, say

if TYPE_CHECKING:
    from artgan.gan.training import GAN


def generate(gan: "GAN", count: int, seed: int = 0):
    """Paint pictures with the EMA generator: [count, size, size, 3] uint8.

    The scale from [-pixel_range, pixel_range] to 0..255 is the same for every picture
    and every step, so that two grids can be compared.
    """
    latents = sample_latents(gan.config, count, [gan.config.seed, 2**31 - 1 - seed])
    images = gan.generator_ema.predict_on_batch(latents) / gan.config.pixel_range
    return np.uint8(np.clip(np.round(images * 127.5 + 127.5), 0, 255))


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


def read_frame(path: Path, most_pixels: int):
    """A picture in 128 colours, no side above `most_pixels`; None if it is damaged."""
    try:
        frame = Image.open(path).convert("RGB")
    except Exception:  # as a loss of power leaves it; a decoder raises anything then
        say(f"{printable(path, 400)} is damaged, and left out.")
        return None
    frame.thumbnail((most_pixels, most_pixels), Image.Resampling.LANCZOS)
    return frame.quantize(128, dither=Image.Dither.NONE)


def save_gif(
    paths: list[Path],
    target: Path,
    most_frames: int = 40,
    most_pixels: int = 512,
    most_bytes: int = 5_000_000,
):
    """Make one looping GIF of picture files, the last frame held for two seconds.

    At most `most_frames` frames, spread evenly, the first and the last among them, no
    side above `most_pixels`; both less where it would have more than `most_bytes`.
    Returns the path. Raises ValueError if no file is a whole picture.
    """
    chosen = np.linspace(0, len(paths) - 1, min(len(paths), most_frames)).round()
    frames = [read_frame(paths[int(number)], most_pixels) for number in chosen]
    frames = [frame for frame in frames if frame]
    if not frames:
        raise ValueError(f"no picture beside {paths[0]} is whole")
    durations = [120] * (len(frames) - 1) + [2000]
    more = {"append_images": frames[1:], "duration": durations, "loop": 0}
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, **more)
    if buffer.tell() > most_bytes:
        less = len(frames) * 3 // 4, most_pixels * 7 // 8
        return save_gif(paths, target, *less, most_bytes)
    with replacing(Path(target)) as temporary:
        temporary.write_bytes(buffer.getvalue())
    return target
