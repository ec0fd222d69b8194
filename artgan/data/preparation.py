"""Preparing the pictures of a folder once; they are kept in the user's cache folder."""

import hashlib
import json
import os
import shutil
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import numpy as np
from platformdirs import user_cache_dir
from tqdm import tqdm

from artgan.data.pictures import FLAT, GREY, read_pieces
from artgan.system.errors import ArtganError
from artgan.system.files import put_in_place
from artgan.system.printing import printable, say

VERSION = 8  # raise it when the preparation changes, so that old caches are left
CHUNK = 256  # pictures that are read ahead
OURS = "-".join(["[0-9a-f]" * 16] * 3) + "*"  # names of what is kept


def cache_folder() -> Path:
    """Where prepared pictures are kept; the variable ARTGAN_CACHE names another."""
    return Path(os.environ.get("ARTGAN_CACHE") or user_cache_dir("artgan"), "pictures")


def clean_cache() -> str:
    """Remove all prepared pictures, and say so; they are prepared again when needed."""
    for folder in cache_folder().glob(OURS):  # which may hold other things too
        shutil.rmtree(folder, ignore_errors=True)
    return f"Removed the prepared pictures in {cache_folder()}."


def find_or_prepare(
    folder: Path, paths: list[Path], settings: dict
) -> tuple[np.ndarray, dict]:
    """Open what was prepared of these files, or prepare and keep them: (images, notes).

    settings: arguments of `read_pieces`; images: [count, height, width, 3] uint8, on
    disk until read; notes: see `write_pieces`. ArtganError where nothing can be kept.
    """
    place = cache_place(folder, paths, settings)
    with suppress(Exception):  # not there; or damaged, which raises anything
        return read_cache(place, settings["size"])
    home, (of_folder, of_files, _) = place.parent, place.name.split("-")
    try:
        home.mkdir(parents=True, exist_ok=True)
        for other in home.glob(f"{of_folder}-*"):  # damaged, or as the files were
            if other == place or of_files not in other.name:
                shutil.rmtree(other, ignore_errors=True)
        with TemporaryDirectory(None, f"{place.name}.", home, True) as work:
            with open(Path(work, "images"), "wb") as file:
                notes = write_pieces(folder, paths, settings, file)
            Path(work, "notes.json").write_text(json.dumps(notes), "utf-8")
            with suppress(OSError):  # another process was first
                put_in_place(Path(work), place)
        kept = read_cache(place, settings["size"])
    except OSError as error:
        raise ArtganError(
            f"Prepared pictures cannot be kept in {printable(home)} "
            f"({error.strerror or error}). Make room there, or let the variable "
            "ARTGAN_CACHE name another folder."
        ) from None
    told = f"Prepared pictures are kept in {printable(home)};"
    say(f"{told} `artgan runs --clean-cache` removes them.", sys.stderr)
    return kept


def cache_place(folder: Path, paths: list[Path], settings: dict) -> Path:
    """Where files, prepared so, are kept: told by their names, sizes and times."""
    status = {path.relative_to(folder).as_posix(): path.stat() for path in paths}
    facts = [(name, s.st_size, s.st_mtime_ns) for name, s in status.items()]
    parts = str(folder.resolve()), facts, [VERSION, settings]
    names = [hashlib.sha256(repr(part).encode()).hexdigest()[:16] for part in parts]
    return cache_folder() / "-".join(names)


def read_cache(place: Path, size: tuple[int, int]) -> tuple[np.ndarray, dict]:
    """Open a cache; what is missing or damaged raises anything, and nothing is run."""
    notes = json.loads((place / "notes.json").read_text("utf-8"))
    shape = len(notes["names"]), size[1], size[0], 3
    if (place / "images").stat().st_size != np.prod(shape):
        raise ValueError(f"{place} is damaged")
    if not shape[0]:  # an empty file is mapped by no system
        return np.zeros(shape, np.uint8), notes
    return np.memmap(place / "images", np.uint8, "r", shape=shape), notes


def write_pieces(folder: Path, paths: list[Path], settings: dict, to: BinaryIO) -> dict:
    """Write the pieces of picture files, byte for byte, and return notes on them.

    The notes: names, the file of each piece; remarks, words -> names of files; stretch,
    the median of pieces; fingerprint, 16 digits that identify the pixels.
    """
    names: list[str] = []
    stretches: list[float] = []
    seen: dict[bytes, str] = {}
    remarks = defaultdict(list)
    digest = hashlib.sha256(str(settings["size"]).encode())
    bar = tqdm(total=len(paths), desc="Preparing pictures", disable=None)
    for path, (pieces, found, stretch) in read_all(paths, settings):
        name = path.relative_to(folder).as_posix()
        for words, detail in found.items():
            remarks[words].append(name + detail)
        for piece in pieces:
            names.append(name)
            stretches.append(stretch)
            digest.update(piece.tobytes())
            to.write(piece.tobytes())
        if pieces and FLAT not in found:
            first = seen.setdefault(hashlib.sha256(pieces[0]).digest(), name)
            remarks["the same as another"] += [f"{name}: {first}"] * (first != name)
        bar.update()
    bar.close()
    if len(remarks[GREY]) + len(remarks[FLAT]) == len(set(names)):
        del remarks[GREY]  # it is remarkable among colours only
    usual = np.clip(np.percentile(stretches or [1], 50, method="lower"), 0.1, 10)
    notes = {"names": names, "remarks": remarks, "stretch": round(float(usual), 3)}
    return notes | {"fingerprint": digest.hexdigest()[:16]}


def read_all(paths: list[Path], settings: dict) -> Iterator[tuple]:
    """Yield (path, what `read_pieces` returns) in order; every core reads one."""
    read = partial(read_pieces, **settings)
    with warnings.catch_warnings(), ThreadPoolExecutor(os.cpu_count()) as threads:
        warnings.simplefilter("ignore")  # of Pillow, about odd metadata
        for start in range(0, len(paths), CHUNK):  # so that few wait in memory
            some = paths[start : start + CHUNK]
            yield from zip(some, threads.map(read, some), strict=True)
