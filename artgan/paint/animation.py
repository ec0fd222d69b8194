"""Writing the frames of a loop as a GIF, an animated WebP or an MP4."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from artgan.paint.files import DESCRIPTION, writing
from artgan.system.arguments import check_number
from artgan.system.errors import ArtganError

FASTEST = {".gif": 50, ".webp": 100, ".mp4": 120}  # frames a second
SLOWEST = 0.1


def save_animation(
    frames: Iterable[Image.Image], target: Path, fps: float = 15, comment: str = ""
) -> Path:
    """Write frames as one endless loop, of the kind that the target's ending names.

    frames: images of one size, of any iterable; all are shown equally long. comment:
    text for the file. Raises ArtganError where MP4 is asked for and ffmpeg is missing,
    or the disk is full.
    """
    check_animation(target, fps)
    with writing(target) as temporary:
        if target.suffix == ".gif":
            write_gif(frames, temporary, 10 * round(100 / fps), comment)
        else:
            write = write_webp if target.suffix == ".webp" else write_mp4
            write(frames, temporary, fps, comment)
    return target


def check_animation(target: Path, fps: float) -> None:
    """Raise ArtganError for what cannot be written, before frames are painted."""
    most = FASTEST.get(target.suffix)
    if not most:
        raise ArtganError(
            f"{str(target)!r:.300} is none of {', '.join(FASTEST)}. Nothing was "
            "painted."
        )
    check_number("fps", fps, SLOWEST, 1e6)
    if fps > most:
        raise ArtganError(
            f"A {target.suffix[1:]} shows at most {most} frames a second, not {fps:g}. "
            "Nothing was painted."
        )
    if target.suffix == ".mp4":
        find_ffmpeg()


def write_gif(
    frames: Iterable[Image.Image],
    path: Path,
    duration: int | Sequence[int],
    comment: str = "",
    colours: int = 256,
) -> None:
    """Write a GIF: for each frame its best colours, and no dither, which crawls.

    duration: milliseconds of each frame, or of all.
    """
    first, *rest = (
        frame.quantize(colours, dither=Image.Dither.NONE) for frame in frames
    )
    more = {"append_images": rest, "duration": duration, "loop": 0}
    first.save(path, "GIF", save_all=True, comment=comment, **more)


def write_webp(
    frames: Iterable[Image.Image], path: Path, fps: float, comment: str
) -> None:
    """Write an animated WebP, in true colours and a quarter of a GIF's size."""
    exif = Image.Exif()
    exif[DESCRIPTION] = comment
    first, *rest = frames
    more = {"append_images": rest, "duration": round(1000 / fps), "loop": 0}
    first.save(path, "WEBP", save_all=True, quality=85, exif=exif, **more)


def write_mp4(
    frames: Iterable[Image.Image], path: Path, fps: float, comment: str
) -> None:
    """Write an MP4 that every browser plays; its sides are made even, as it needs."""
    from imageio import v3

    arrays = np.stack([np.asarray(frame) for frame in frames])
    odd = [(0, side % 2) for side in arrays.shape[1:3]]
    arrays = np.pad(arrays, [(0, 0), *odd, (0, 0)], "edge")
    more = ["-f", "mp4", "-movflags", "+faststart", "-metadata", f"comment={comment}"]
    options: dict[str, Any] = {
        "codec": "libx264",
        "quality": 8,
        "macro_block_size": 2,
        "fps": fps,
    }
    options |= {"plugin": "FFMPEG", "extension": ".mp4", "output_params": more}
    v3.imwrite(path, arrays, **options)


def find_ffmpeg() -> None:
    """Raise ArtganError where there is no ffmpeg to make MP4s with."""
    try:
        import imageio_ffmpeg
        from imageio import v3  # noqa: F401

        imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        raise ArtganError(
            "MP4 needs ffmpeg, which is not here. `pip install imageio imageio-ffmpeg` "
            "brings it; .gif and .webp do without."
        ) from None
