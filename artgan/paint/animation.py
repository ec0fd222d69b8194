"""Films: the frames of a loop as a GIF, an animated WebP or an MP4."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from artgan.paint.files import DESCRIPTION, thumbnail, writing
from artgan.system.arguments import check_number
from artgan.system.errors import ArtganError
from artgan.system.files import replacing

ENDLESS: dict[str, Any] = {"save_all": True, "loop": 0}
FASTEST = {".gif": 50, ".webp": 100, ".mp4": 120}  # frames a second


def check_animation(target: Path, fps: float) -> str:
    """The ending of a film; ArtganError for what cannot be written, before painting."""
    if (kind := target.suffix.lower()) not in FASTEST:
        kinds = f"{', '.join(FASTEST)}, nor a folder, which ends in /"
        raise ArtganError(f"{str(target)!r:.300} is none of {kinds}.")
    check_number(f"fps of a {kind}", fps, 0.1, FASTEST[kind])
    try:
        if kind == ".mp4":
            import imageio_ffmpeg
            from imageio import v3  # noqa: F401

            imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        raise ArtganError(
            "MP4 needs ffmpeg, which is not here. `pip install imageio imageio-ffmpeg` "
            "brings it; .gif and .webp do without."
        ) from None
    return kind


def save_animation(frames: Iterable, target: Path, fps: float = 15, comment="") -> Path:
    """Write images of one size as one endless loop, of the kind of the target's ending.

    Raises ArtganError where MP4 lacks ffmpeg, or the disk is full.
    """
    kind = check_animation(target, fps)
    with writing(target) as temporary:
        if kind == ".gif":
            write_gif(frames, temporary, 10 * round(100 / fps), 256, comment)
        elif kind == ".mp4":
            write_mp4(frames, temporary, fps, comment)
        else:
            exif = Image.Exif()
            exif[DESCRIPTION] = comment
            options = {"duration": round(1000 / fps), "quality": 85, "exif": exif}
            first, *rest = frames
            first.save(temporary, "WEBP", append_images=rest, **ENDLESS, **options)
    return target


def write_gif(frames: Iterable, path: Path, duration: Any, colours=256, comment=""):
    """Write a GIF: for each frame its best colours, and no dither, which crawls."""
    plain = Image.Dither.NONE
    first, *rest = (frame.quantize(colours, dither=plain) for frame in frames)
    more = ENDLESS | {"duration": duration, "comment": comment}
    first.save(path, "GIF", append_images=rest, **more)


def write_mp4(frames: Iterable, path: Path, fps: float, comment: str) -> None:
    """Write an MP4 that every browser plays; its sides are made even, as it needs."""
    from imageio import v3

    arrays = np.stack([np.asarray(frame) for frame in frames])
    odd = [(0, side % 2) for side in arrays.shape[1:3]]
    arrays = np.pad(arrays, [(0, 0), *odd, (0, 0)], "edge")
    more = ["-f", "mp4", "-movflags", "+faststart", "-metadata", f"comment={comment}"]
    options: dict[str, Any] = {"plugin": "FFMPEG", "extension": ".mp4", "fps": fps}
    options |= {"codec": "libx264", "quality": 8, "macro_block_size": 2}
    v3.imwrite(path, arrays, **options, output_params=more)


def save_gif(paths: list[Path], target: Path) -> None:
    """Make one looping GIF of picture files, the last frame held for two seconds.

    Frames are spread evenly, 40 at most, the first and the last among them. ValueError
    if no file is whole.
    """
    chosen = np.linspace(0, len(paths) - 1, min(len(paths), 40)).round().astype(int)
    found = [thumbnail(paths[number], 512) for number in chosen]
    frames = [frame for frame in found if frame]
    if not frames:
        raise ValueError(f"no picture beside {paths[0]} is whole")
    with replacing(target) as temporary:
        write_gif(frames, temporary, [120] * (len(frames) - 1) + [2000], colours=128)
