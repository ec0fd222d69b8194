"""Preparing the pictures of a folder once, on disk; or in memory, if need be."""

import io
import sys
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from tqdm import tqdm

from artgan.data.cache import (
    Prepared,
    cache_name,
    cache_places,
    content_key,
    fingerprint_of,
    read_cache,
    remove_outdated,
    settings_key,
    writable_place,
    write_cache,
)
from artgan.data.likeness import flat_images, repeated_images
from artgan.data.pictures import prepare_pictures
from artgan.data.work_folder import clear_leavings, working_beside
from artgan.system.errors import ArtganError
from artgan.system.printing import ForgivingStream, say


def find_or_prepare(
    folder: Path, paths: list[Path], settings: dict, progress: bool
) -> Prepared:
    """Open what an earlier call prepared of these files, or prepare them.

    settings: keyword arguments of `prepare_pictures`.
    """
    size, name = settings["size"], cache_name(folder)
    keys = f"{settings_key(settings)}.{content_key(folder, paths)}"
    file_name = f"{name}.{size}px.{keys}.npy"
    for place in cache_places(folder):
        clear_leavings(place)
        try:
            return read_cache(place / file_name, size)
        except Exception:  # not there; or damaged, which raises anything
            continue
    try:
        cached = writable_place(folder) / file_name
        prepared = prepare_cache(cached, folder, paths, settings, progress)
    except (OSError, ArtganError) as error:
        tell_not_kept(error)
        return prepare_in_memory(folder, paths, settings, progress)
    remove_outdated(cached, name)
    return prepared


def tell_not_kept(error: Exception) -> None:
    """Say why prepared pictures cannot be kept, and what follows from it."""
    reason = getattr(error, "strerror", None) or "no space is left"  # numpy tells none
    say(
        f"The prepared pictures cannot be kept on disk ({reason}), so they are "
        "prepared in memory, and again next time.",
        sys.stderr,
    )


def prepare_cache(
    cached: Path, folder: Path, paths: list[Path], settings: dict, progress: bool
) -> Prepared:
    """Prepare pictures into a cache file and open it; raises OSError on a full disk."""
    size = settings["size"]
    with working_beside(cached.parent) as work:
        raw = work / "raw"
        with raw.open("wb") as out:
            names, problems = prepare_into(out, folder, paths, settings, progress)
        if len(set(names)) < 2:  # of no use; the caller says so
            return summarize(np.fromfile(raw, np.uint8), names, problems, size)
        rows = np.memmap(raw, np.uint8, "r")
        write_cache(work, cached, summarize(rows, names, problems, size))
        del rows  # Windows deletes no file that is mapped
    return read_cache(cached, size)


def prepare_in_memory(
    folder: Path, paths: list[Path], settings: dict, progress: bool
) -> Prepared:
    """Prepare pictures where no file can be written."""
    out = io.BytesIO()
    names, problems = prepare_into(out, folder, paths, settings, progress)
    pixels = np.frombuffer(out.getbuffer(), np.uint8)
    return summarize(pixels, names, problems, settings["size"])


def prepare_into(
    out: BinaryIO, folder: Path, paths: list[Path], settings: dict, progress: bool
) -> tuple[list[str], dict[str, str]]:
    """Write the pixels of all squares to a binary file: (names, problems)."""
    names: list[str] = []
    problems: dict[str, str] = {}
    stream = ForgivingStream(sys.stderr) if sys.stderr else None
    quiet = not (progress and stream) or None  # None: unless it is a terminal
    bar = tqdm(paths, "Preparing pictures", disable=quiet, file=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about odd metadata
        for path, square, problem in prepare_pictures(bar, **settings):
            if square is None:
                problems[relative_name(path, folder)] = problem or ""
            else:
                names.append(relative_name(path, folder))
                out.write(square.tobytes())
    return names, problems


def summarize(
    pixels: np.ndarray, names: list[str], problems: dict[str, str], size: int
) -> Prepared:
    """Make a Prepared of pixels [count * size * size * 3] uint8, and look at them."""
    images = pixels.reshape(len(names), size, size, 3)
    flat = flat_images(images)
    repeats = {
        names[later]: names[first]
        for later, first in repeated_images(images).items()
        if not {later, first} & set(flat) and names[later] != names[first]
    }
    flat_names = list(dict.fromkeys(names[number] for number in flat))
    return Prepared(
        images, names, problems, fingerprint_of(images), flat_names, repeats
    )


def relative_name(path: str | Path, folder: Path) -> str:
    """The name of a file in a folder, with slashes on every system."""
    return Path(path).relative_to(folder).as_posix()
