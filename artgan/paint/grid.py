"""Pictures of what the generator makes: grids and GIFs; and the log beside them."""

import json
import os
from pathlib import Path

import numpy as np
from PIL import Image

from artgan.gan.training import draw_latents


def generate(gan, count, seed=0):
    """Paint pictures with the averaged generator: [count, size, size, 3] uint8.

    The scale from [-pixel_range, pixel_range] to 0..255 is the same for every picture
    and every step, so that two grids can be compared.
    """
    latents = draw_latents(gan.config, count, [gan.config.seed, 2**31 - 1 - seed])
    images = gan.generator_ema.predict_on_batch(latents) / gan.config.pixel_range
    return np.uint8(np.clip(np.round(images * 127.5 + 127.5), 0, 255))


def picture_grid(images, columns=8, gap=2):
    """Lay pictures [count, h, w, 3] uint8 on a white sheet, `columns` in a row."""
    count, height, width, _ = images.shape
    rows = -(-count // columns)
    sheet = np.full(
        [rows * (height + gap) - gap, columns * (width + gap) - gap, 3], 255, np.uint8
    )
    for number, image in enumerate(images):
        top = number // columns * (height + gap)
        left = number % columns * (width + gap)
        sheet[top : top + height, left : left + width] = image
    return Image.fromarray(sheet)


def read_frame(path, most_pixels):
    """A picture in 128 colours, no side above `most_pixels`; None if it is damaged."""
    try:
        frame = Image.open(path).convert("RGB")
    except (OSError, SyntaxError, ValueError):  # as a loss of power leaves it
        print(f"{path} is damaged, and left out.")
        return None
    frame.thumbnail((most_pixels, most_pixels), Image.Resampling.LANCZOS)
    return frame.quantize(128, dither=Image.Dither.NONE)


def save_gif(paths, target, most_frames=40, most_pixels=512, most_bytes=5_000_000):
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
    temporary = Path(target).with_suffix(".part")
    durations = [120] * (len(frames) - 1) + [2000]
    more = {"append_images": frames[1:], "duration": durations, "loop": 0}
    try:
        frames[0].save(temporary, "GIF", save_all=True, **more)
        if temporary.stat().st_size > most_bytes:
            less = len(frames) * 3 // 4, most_pixels * 7 // 8
            return save_gif(paths, target, *less, most_bytes)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)  # a full disk needs the room
    return target


def read_log(log):
    """The rows of a JSON lines log, as dictionaries, up to a torn or damaged one."""
    rows = []
    for line in Path(log).read_text("utf-8", "replace").splitlines():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return rows
