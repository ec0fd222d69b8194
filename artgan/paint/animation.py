"""Writing the frames of a loop as a GIF, an animated WebP or an MP4."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from artgan.system.arguments import check_number
from artgan.system.errors import ArtganError
from artgan.system.files import replacing
from artgan.system.printing import printable

FASTEST = {".gif": 50, ".webp": 100, ".mp4": 120}  # frames a second
SLOWEST = 0.1


def save_animation(
    frames: Iterable[Image.Image], target: Path, fps: float = 15, comment: str = ""
):
    """Write frames as one endless loop, of the kind that the target's ending names.

    frames: images of one size, of any iterable; all are shown equally long. comment:
    text for the file. Raises ArtganError where MP4 is asked for and ffmpeg is missing.
    """
    check_animation(target, fps)
    with replacing(target) as temporary:
        WRITERS[target.suffix](iter(frames), temporary, fps, comment)
    return target


def check_animation(target: Path, fps: float) -> None:
    """Raise ArtganError for what cannot be written, before frames are painted."""
    if target.suffix not in FASTEST:
        raise ArtganError(
            f"{printable(target)} is none of {', '.join(FASTEST)}. Nothing was painted."
        )
    check_number("fps", fps, SLOWEST, 1e6)
    if fps > FASTEST[target.suffix]:
        raise ArtganError(
            f"A {target.suffix[1:]} shows at most {FASTEST[target.suffix]} frames a "
            f"second, not {fps:g}. Nothing was painted."
        )
    if target.suffix == ".mp4":
        find_ffmpeg()


def write_gif(
    frames: Iterable[Image.Image], path: Path, fps: float, comment: str
) -> None:
    """Write a GIF: for each frame its best 256 colours, and no dither, which crawls."""
    reduced = (frame.quantize(256, dither=Image.Dither.NONE) for frame in frames)
    options = {"duration": 10 * round(100 / fps), "loop": 0, "comment": comment}
    write_with_pillow(reduced, path, "GIF", options)


def write_webp(
    frames: Iterable[Image.Image], path: Path, fps: float, comment: str
) -> None:
    """Write an animated WebP, in true colours and a quarter of a GIF's size."""
    exif = Image.Exif()
    exif[0x010E] = comment
    options = {"duration": round(1000 / fps), "loop": 0, "quality": 85, "exif": exif}
    write_with_pillow(iter(frames), path, "WEBP", options)


def write_with_pillow(
    frames: Iterator[Image.Image], path: Path, kind: str, options: dict
) -> None:
    """Write the first frame with all others after it."""
    next(frames).save(path, kind, save_all=True, append_images=frames, **options)


def write_mp4(
    frames: Iterable[Image.Image], path: Path, fps: float, comment: str
) -> None:
    """Write an MP4 that every browser plays; its sides are made even, as it needs."""
    from imageio import v3

    find_ffmpeg()
    arrays = [np.asarray(frame) for frame in frames]
    odd = [(0, side % 2) for side in arrays[0].shape[:2]] + [(0, 0)]
    arrays = [np.pad(array, odd, "edge") for array in arrays]
    options = [
        "-f",
        "mp4",
        "-movflags",
        "+faststart",
        "-metadata",
        f"comment={comment}",
    ]
    v3.imwrite(
        path,
        arrays,
        plugin="FFMPEG",
        extension=".mp4",
        fps=fps,
        codec="libx264",
        quality=8,
        macro_block_size=2,
        output_params=options,
    )


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


WRITERS = {".gif": write_gif, ".webp": write_webp, ".mp4": write_mp4}
