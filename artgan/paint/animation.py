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

FASTEST = {".gif": 50, ".webp": 100, ".mp4": 120}  # frames a second


def check_animation(target: Path, fps: float) -> None:
    """Raise ArtganError for what cannot be written, before frames are painted."""
    if target.suffix not in FASTEST:
        raise ArtganError(f"{str(target)!r:.300} is none of {', '.join(FASTEST)}.")
    check_number(f"fps of a {target.suffix}", fps, 0.1, FASTEST[target.suffix])
    try:
        if target.suffix == ".mp4":
            import imageio_ffmpeg
            from imageio import v3  # noqa: F401

            imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        raise ArtganError(
            "MP4 needs ffmpeg, which is not here. `pip install imageio imageio-ffmpeg` "
            "brings it; .gif and .webp do without."
        ) from None


def save_animation(
    frames: Iterable[Image.Image], target: Path, fps: float = 15, comment: str = ""
) -> Path:
    """Write images of one size as one endless loop, of the kind of the target's ending.

    Raises ArtganError where MP4 lacks ffmpeg, or the disk is full.
    """
    check_animation(target, fps)
    with writing(target) as temporary:
        if target.suffix == ".gif":
            write_gif(frames, temporary, 10 * round(100 / fps), comment=comment)
        elif target.suffix == ".mp4":
            write_mp4(frames, temporary, fps, comment)
        else:
            exif = Image.Exif()
            exif[DESCRIPTION] = comment
            options = {"duration": round(1000 / fps), "quality": 85, "exif": exif}
            write_loop(frames, temporary, "WEBP", **options)
    return target


def write_gif(
    frames: Iterable[Image.Image], path: Path, duration: Any, colours=256, **more: Any
) -> None:
    """Write a GIF: for each frame its best colours, and no dither, which crawls."""
    few = (frame.quantize(colours, dither=Image.Dither.NONE) for frame in frames)
    write_loop(few, path, "GIF", duration=duration, **more)


def write_loop(
    frames: Iterable[Image.Image], path: Path, kind: str, **more: Any
) -> None:
    """Write frames for ever, with options of Pillow's format."""
    first, *rest = frames
    first.save(path, kind, save_all=True, append_images=rest, loop=0, **more)


def write_mp4(
    frames: Iterable[Image.Image], path: Path, fps: float, comment: str
) -> None:
    """Write an MP4 that every browser plays; its sides are made even, as it needs."""
    from imageio import v3

    arrays = np.stack([np.asarray(frame) for frame in frames])
    odd = [(0, side % 2) for side in arrays.shape[1:3]]
    arrays = np.pad(arrays, [(0, 0), *odd, (0, 0)], "edge")
    more = ["-f", "mp4", "-movflags", "+faststart", "-metadata", f"comment={comment}"]
    options: dict[str, Any] = {"plugin": "FFMPEG", "extension": ".mp4", "fps": fps}
    options |= {"codec": "libx264", "quality": 8, "macro_block_size": 2}
    v3.imwrite(path, arrays, **options, output_params=more)


def save_gif(
    paths: list[Path],
    target: Path,
    most_frames: int = 40,
    most_pixels: int = 512,
    most_bytes: int = 5_000_000,
) -> Path:
    """Make one looping GIF of picture files, the last frame held for two seconds.

    Frames are spread evenly, the first and the last among them; fewer and smaller ones
    where there would be more than `most_bytes`. ValueError if no file is whole.
    """
    chosen = np.linspace(0, len(paths) - 1, min(len(paths), most_frames)).round()
    found = [thumbnail(paths[int(number)], most_pixels) for number in chosen]
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
