"""Prepared pictures in the user's cache folder, so that they are prepared once."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

import numpy as np
from platformdirs import user_cache_dir

from artgan.system.files import put_in_place

VERSION = 4  # raise it when the preparation changes, so that old caches are left
DAY = 24 * 3600  # seconds
Prepared = tuple[np.ndarray, dict]  # images [count, height, width, 3] uint8, and notes


def cache_folder() -> Path:
    """Where prepared pictures are kept; the variable ARTGAN_CACHE names another."""
    return Path(os.environ.get("ARTGAN_CACHE") or user_cache_dir("artgan"), "pictures")


def clean_cache() -> str:
    """Remove all prepared pictures, and say so; they are prepared again when needed."""
    files = [path for path in cache_folder().rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    shutil.rmtree(cache_folder(), ignore_errors=True)
    return f"Removed {size:,.0f} MB of prepared pictures from {cache_folder()}."


def cache_place(folder: Path, paths: list[Path], settings: dict) -> Path:
    """Where files, prepared so, are kept: told by their names, sizes and times."""
    facts = []
    for path in paths:
        facts.append(os.fsencode(path.relative_to(folder)))
        with suppress(OSError):  # reported when it is prepared
            status = path.stat()
            facts.append(f"{status.st_size} {status.st_mtime_ns}".encode())
    how = str([VERSION, settings]).encode()
    parts = os.fsencode(folder.resolve()), b"\0".join(facts), how
    names = [hashlib.sha256(part).hexdigest()[:16] for part in parts]
    return cache_folder() / "-".join(names)


def read_cache(place: Path) -> Prepared:
    """Open a cache; its images stay on disk until they are read.

    Raises whatever a missing or damaged file leads to; nothing stored there is run.
    """
    notes = json.loads((place / "notes.json").read_text("utf-8"))
    images = np.load(place / "images.npy", mmap_mode="r")
    if images.dtype != np.uint8 or len(images) != len(notes["names"]):
        raise ValueError(f"{place} holds something else")
    return images, notes


def write_cache(place: Path, prepare: Callable[[BinaryIO], dict]) -> Prepared:
    """Let `prepare` write images into a file and return notes; keep both, open them.

    Both grow in a folder that is renamed when it is whole. Raises OSError when nothing
    can be written; then nothing is left.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    remove_outdated(place)
    work = Path(mkdtemp(dir=place.parent, prefix=f"{place.name}."))
    try:
        with open(work / "images.npy", "wb") as file:
            notes = prepare(file)
        (work / "notes.json").write_text(json.dumps(notes), "utf-8")
        with suppress(Exception):  # another process was first
            return read_cache(place)
        shutil.rmtree(place, ignore_errors=True)
        put_in_place(work, place)
        return read_cache(place)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def remove_outdated(place: Path) -> None:
    """Remove what is kept of a folder as it was before, and what killed ones left."""
    folder, content, _ = place.name.split("-")
    for other in place.parent.glob(f"{folder}-*"):
        left = "." in other.name and time.time() - other.stat().st_mtime > DAY
        if left or other.name.split("-")[1] != content:
            shutil.rmtree(other, ignore_errors=True)
