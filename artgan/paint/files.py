"""Pictures as files, which tell what they were made from, and sheets of them."""

import json
import math
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin
from tqdm import tqdm

from artgan.system.errors import ArtganError
from artgan.system.files import replacing
from artgan.system.printing import printable, say

# More compression of a PNG takes as long as painting it, and gains little.
FORMATS: dict[str, dict[str, Any]] = {
    ".png": {"format": "PNG", "compress_level": 1},
    ".jpg": {"format": "JPEG", "quality": 92},
    ".webp": {"format": "WEBP", "quality": 90},
}
DESCRIPTION = 0x010E  # the tag of Exif


def picture_grid(images, columns=None, gap=2):
    """Lay pictures [count, h, w, 3] uint8 on a white sheet: `columns` in a row."""
    count, height, width, _ = images.shape
    columns = columns or math.ceil(math.sqrt(count))
    rows = -(-count // columns)
    edges = [(0, rows * columns - count), (0, gap), (0, gap), (0, 0)]
    tiles = np.pad(images, edges, constant_values=255)
    tiles = tiles.reshape(rows, columns, *tiles.shape[1:]).swapaxes(1, 2)
    sheet = tiles.reshape(rows * (height + gap), columns * (width + gap), 3)
    return Image.fromarray(sheet[: len(sheet) - gap, : sheet.shape[1] - gap])


def thumbnail(path: Path, side: int) -> Image.Image | None:
    """A picture, no side above `side` pixels; None if it is damaged, which is told."""
    try:
        image = Image.open(path).convert("RGB")
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        return image
    except Exception:  # as a loss of power leaves it; a decoder raises anything then
        say(f"{printable(path, 400)} is damaged, and left out.")
        return None


def grid_of_files(paths: list[Path]) -> Image.Image:
    """One sheet of picture files of one size, each at most 256 pixels."""
    return picture_grid(np.stack([thumbnail(path, 256) for path in paths]))


def series_path(name: str, seeds: Sequence[int], folder: Path, ending: str) -> Path:
    """The path of what is made of seeds: the folder, the model's name, the seeds."""
    more = f"-and-{len(seeds) - 1}-more" if len(seeds) > 1 else ""
    return Path(folder, f"{name}-seed{seeds[0]:06d}{more}{ending}")


def resample(picture: np.ndarray, size: tuple[int, int]) -> Image.Image:
    """Bring a picture [h, w, 3] uint8 to an image of (width, height), maybe its own."""
    return Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS)


def stretched(images: np.ndarray, config: Any) -> np.ndarray:
    """Pictures [n, h, w, 3] uint8 of a model or its dataset, as they are looked at."""
    return np.stack([resample(image, config.shown) for image in images])


def frame_paths(folder: Path, count: int) -> list[Path]:
    """The paths of the numbered pictures of a film."""
    return [folder / f"{number:04}.png" for number in range(1, count + 1)]


def check_targets(paths: Iterable[Any], force: bool = False) -> list[Path]:
    """Make the folder of files; ArtganError if none can be there, or one is already."""
    try:
        paths = [Path(path) for path in paths]
        existing = [path for path in paths if path.exists() and not force]
        paths[0].parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=paths[0].parent).close()
    except (OSError, TypeError, ValueError) as error:
        raise ArtganError(f"Nothing can be written there ({error!r:.200}).") from None
    if existing:
        raise ArtganError(
            f"{existing[0]} exists already, so nothing was painted. --force paints "
            "over what is there, --out goes elsewhere."
        )
    return paths


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """As `replacing`, but ArtganError says if the disk is full or the name too long."""
    try:
        with replacing(path) as temporary:
            yield temporary
    except OSError as error:
        told = f"could not be written ({error.strerror or error}). Make room"
        raise ArtganError(f"{str(path)!r:.300} {told}, or name another.") from None


def save_picture(image: Image.Image, path: Path, facts: dict[str, str]) -> None:
    """Write an image with facts: as PNG text, or as JSON in Exif's description."""
    options = FORMATS.get(path.suffix.lower().replace("jpeg", "jpg"))
    if not options:
        raise ArtganError(f"{str(path)!r:.300} is none of {', '.join(FORMATS)}.")
    text, exif = PngImagePlugin.PngInfo(), Image.Exif()
    for name, value in facts.items():
        text.add_text(name, value)
    exif[DESCRIPTION] = json.dumps(facts) if facts else ""
    told = {"pnginfo": text} if options["format"] == "PNG" else {"exif": exif}
    with writing(path) as temporary:
        image.save(temporary, **options, **told)


def save_pictures(images: Iterable, paths: list[Path], facts: list[dict]) -> None:
    """Write an image to each path, with its facts; ArtganError tells how many are."""
    todo = zip(tqdm(paths, "Painting", disable=None), images, facts, strict=True)
    for done, (path, image, fact) in enumerate(todo):
        try:
            save_picture(image, path, fact)
        except ArtganError as error:
            told = f"{done} of {len(paths)} pictures are there"
            raise ArtganError(f"{error} {told}: run this again with --force.") from None
