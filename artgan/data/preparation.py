"""Preparing the pictures of a folder once, on all cores, row by row to a file."""

import hashlib
import io
import sys
import warnings
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from tqdm import tqdm

from artgan.data.cache import cache_folder, cache_place, read_cache, write_cache
from artgan.data.looks import read_squares, repeats, thumbnail
from artgan.data.pictures import read_files, reason_of
from artgan.data.report import WORDS
from artgan.system.printing import printable, say

MOST_COMPARED = 20_000  # pictures among which repeats are looked for


def find_or_prepare(
    folder: Path, paths: list[Path], settings: dict, progress: bool
) -> tuple[np.ndarray, dict]:
    """Open what an earlier call prepared of these files, or prepare them.

    settings: keyword arguments of `read_squares`. Returns (images, notes) as
    `read_cache` does; in memory where nothing can be kept, with a sentence.
    """
    place, first = cache_place(folder, paths, settings), not cache_folder().exists()
    prepare = partial(write_squares, folder, paths, settings, progress)
    try:
        return read_cache(place)
    except Exception:  # not there; or damaged, which raises anything
        pass
    where = f"in {printable(cache_folder())}"
    try:
        kept = write_cache(place, prepare)
    except OSError as error:
        why = error.strerror or "no space is left"
        here = "so they are prepared in memory, and again next time"
        say(f"Prepared pictures cannot be kept {where} ({why}), {here}.", sys.stderr)
        file = io.BytesIO()
        notes = prepare(file)
        file.seek(0)
        return np.load(file), notes
    if first:
        how = "to begin at once next time; `artgan runs --clean-cache` removes them"
        say(f"Prepared pictures are kept {where}, {how}.", sys.stderr)
    return kept


def write_squares(
    folder: Path, paths: list[Path], settings: dict, progress: bool, out: BinaryIO
) -> dict:
    """Write the pieces of picture files into a .npy file, and return notes on them.

    The notes: names, the file of each piece; problems, name -> reason; odd, a word of
    `report.WORDS` -> names; fingerprint, 16 digits that identify the pixels.
    """
    names, problems, odd, small = [], {}, {word: [] for word in WORDS}, []
    digest = hashlib.sha256(str(settings["size"]).encode())
    write_header(out, 0, settings["size"])
    quiet = not (progress and sys.stderr) or None  # None: unless it is a terminal
    read = read_files(paths, partial(read_squares, **settings))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow, about odd metadata
        bar = tqdm(read, "Preparing pictures", len(paths), disable=quiet)
        for path, found, error in bar:
            name = path.relative_to(folder).as_posix()
            if error:
                problems[name] = reason_of(path, error)
                continue
            pieces, remarks = found
            for word, detail in remarks.items():
                odd[word].append(name + detail)
            names += [name] * len(pieces)
            rows = np.stack(pieces).tobytes()
            digest.update(rows)
            out.write(rows)
            small += map(thumbnail, pieces[: max(0, MOST_COMPARED - len(small))])
    write_header(out, len(names), settings["size"])
    compare_all(names, odd, small)
    notes = {"names": names, "problems": problems, "odd": odd}
    return notes | {"fingerprint": digest.hexdigest()[:16]}


def write_header(out: BinaryIO, count: int, shape: tuple[int, int]) -> None:
    """Begin a .npy file of pictures; NumPy leaves room for any count to be put in."""
    out.seek(0)
    header = {"descr": "|u1", "fortran_order": False}
    header["shape"] = (count, shape[1], shape[0], 3)
    np.lib.format.write_array_header_1_0(out, header)


def compare_all(names: list[str], odd: dict, small: list[np.ndarray]) -> None:
    """Add to what is odd the pictures that repeat others; grey is odd among colours."""
    flat = set(odd["flat"])
    for later, first in repeats(small).items():
        pair = {names[later], names[first]}
        if len(pair) == 2 and not flat & pair:
            odd["repeats"].append(f"{names[later]}: {names[first]}")
    if len(odd["grey"]) + len(flat) == len(set(names)):
        odd["grey"] = []
