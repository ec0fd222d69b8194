"""Preparing the pictures of a folder once, on all cores, row by row to a file."""

import hashlib
import io
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from tqdm import tqdm

from artgan.data import cache
from artgan.data.likeness import FLAT, GREY, repeats, thumbnail
from artgan.data.one_file import read_pieces
from artgan.system.printing import printable, say

CHUNK = 256  # files that are read ahead
MOST_COMPARED = 20_000  # pictures among which repeats are looked for


def find_or_prepare(folder: Path, paths: list[Path], settings: dict) -> cache.Prepared:
    """Open what an earlier call prepared of these files, or prepare them.

    settings: keyword arguments of `read_squares`. The images are in memory where
    nothing can be kept, with a sentence.
    """
    place = cache.cache_place(folder, paths, settings)
    first = not place.parent.exists()
    prepare = partial(write_squares, folder, paths, settings)
    with suppress(Exception):  # not there; or damaged, which raises anything
        return cache.read_cache(place)
    where, how = f"in {printable(place.parent)}", "`artgan runs --clean-cache`"
    try:
        kept = cache.write_cache(place, prepare)
    except OSError as error:
        why = error.strerror or "no space is left"
        here = "so they are prepared in memory, and again next time"
        say(f"Prepared pictures cannot be kept {where} ({why}), {here}.", sys.stderr)
        notes = prepare(file := io.BytesIO())
        file.seek(0)
        return np.load(file), notes
    if first:
        say(f"Prepared pictures are kept {where}; {how} removes them.", sys.stderr)
    return kept


def write_squares(
    folder: Path, paths: list[Path], settings: dict, out: BinaryIO
) -> dict:
    """Write the pieces of picture files into a .npy file, and return notes on them.

    The notes: names, the file of each piece; remarks, words -> names of files;
    fingerprint, 16 digits that identify the pixels.
    """
    names: list[str] = []
    small: list[np.ndarray] = []
    remarks = defaultdict(list)
    digest = hashlib.sha256(str(settings["size"]).encode())
    write_header(out, 0, settings["size"])
    for path, (pieces, found) in read_all(paths, settings):
        name = path.relative_to(folder).as_posix()
        for words, detail in found.items():
            remarks[words].append(name + detail)
        for piece in pieces:
            names.append(name)
            digest.update(piece.tobytes())
            out.write(piece.tobytes())
            if len(small) < MOST_COMPARED:
                small.append(thumbnail(piece))
    write_header(out, len(names), settings["size"])
    for later, first in repeats(small).items():
        pair = {names[later], names[first]}
        if len(pair) == 2 and not pair.intersection(remarks[FLAT]):
            remarks["much like another"].append(f"{names[later]}: {names[first]}")
    if len(remarks[GREY]) + len(remarks[FLAT]) == len(set(names)):
        del remarks[GREY]  # it is remarkable among colours only
    fingerprint = digest.hexdigest()[:16]
    return {"names": names, "remarks": remarks, "fingerprint": fingerprint}


def read_all(paths: list[Path], settings: dict) -> Iterator[tuple]:
    """Read files on all cores: yields (path, what `read_pieces` returns), in order."""
    quiet = None if sys.stderr else True  # None: unless it is a terminal
    bar = tqdm(total=len(paths), desc="Preparing pictures", disable=quiet)
    with warnings.catch_warnings(), ThreadPoolExecutor() as threads, bar:
        warnings.simplefilter("ignore")  # of Pillow, about odd metadata
        for start in range(0, len(paths), CHUNK):  # so that few wait in memory
            some = paths[start : start + CHUNK]
            read = threads.map(partial(read_pieces, **settings), some)
            for answer in zip(some, read, strict=True):
                yield answer
                bar.update()


def write_header(out: BinaryIO, count: int, shape: tuple[int, int]) -> None:
    """Begin a .npy file of pictures; NumPy leaves room for any count to be put in."""
    out.seek(0)
    header = {"descr": "|u1", "fortran_order": False}
    header["shape"] = (count, shape[1], shape[0], 3)
    np.lib.format.write_array_header_1_0(out, header)
