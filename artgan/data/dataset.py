"""A folder of pictures as one memory-mapped array, prepared once and kept beside it."""

import hashlib
import json
import os
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tqdm import tqdm

from artgan.data.folder import list_folder
from artgan.data.pictures import prepare_pictures
from artgan.system.errors import ArtganError
from artgan.system.lock import only_one

CACHE_VERSION = 1  # raise it when the preparation changes, so that old caches are left
WORK_PREFIX = ".artgan-"  # of the folders in which caches grow


@dataclass(frozen=True)
class Collection:
    """Prepared pictures with their names, and the files that could not be used.

    images: [count, size, size, 3] uint8, on disk until read.
    """

    images: np.ndarray
    names: list
    problems: dict = field(default_factory=dict)  # file name -> reason

    def __len__(self):
        return len(self.images)


def load_collection(folder, size, fit="crop", progress=True):
    """Prepare every picture under `folder`, or find what an earlier call prepared.

    Returns a Collection. Raises ArtganError when fewer than 2 pictures are usable; the
    files themselves are never changed.
    """
    folder = Path(folder)
    paths = list(list_folder(folder))
    key = content_key(folder, paths, size, fit)
    for place in cache_places(folder):
        clear_leavings(place)
        cached = place / f"{folder.resolve().name}.{size}px.{key}.npy"
        try:
            return read_cache(cached, size)
        except (OSError, ValueError, EOFError, LookupError, TypeError):
            continue  # not there, or damaged
    return write_cache(folder, paths, size, fit, cached.name, progress)


def content_key(folder, paths, size, fit):
    """A short name for these files' contents prepared in this way."""
    digest = hashlib.sha256(f"{CACHE_VERSION} {size} {fit}".encode())
    for path in paths:
        digest.update(path.relative_to(folder).as_posix().encode("utf-8", "replace"))
        with suppress(OSError), path.open("rb") as file:  # reported when it is prepared
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def cache_places(folder):
    """Where a cache may lie: beside the folder, else among temporary files."""
    return folder.resolve().parent, Path(tempfile.gettempdir()) / "artgan"


def read_cache(cached, size):
    """Open a cache written by `write_cache` without reading the pictures."""
    notes = json.loads(cached.with_suffix(".json").read_text("utf-8"))
    images = np.load(cached, mmap_mode="r", allow_pickle=False)
    wanted = (len(notes["names"]), size, size, 3)
    if (images.shape, images.dtype) != (wanted, np.uint8):
        raise ValueError(f"{cached} holds something else")
    return Collection(images, notes["names"], notes["problems"])


def write_cache(folder, paths, size, fit, name, progress):
    """Prepare the pictures into a cache file, and open it.

    Raises ArtganError when the disk is full; what stood there stays.
    """
    place = writable_place(folder)
    try:
        prepare_into(place / name, folder, paths, size, fit, progress)
    except OSError as error:
        reason = error if error.errno else "no space is left"  # numpy tells no reason
        raise ArtganError(
            f"The prepared pictures could not be kept in {place}: {reason}. Your "
            "pictures are as they were. Make room there, then run this again."
        ) from error
    return read_cache(place / name, size)


def prepare_into(cached, folder, paths, size, fit, progress):
    """Prepare pictures one at a time in a work folder, then put both files in place."""
    with working_beside(cached) as work:
        raw, names, problems = work / "raw", [], {}
        bar = tqdm(paths, "Preparing pictures", disable=not progress or None)
        with raw.open("wb") as out:
            for path, picture, problem in prepare_pictures(bar, size, fit):
                shown = path.relative_to(folder).as_posix()
                if problem:
                    problems[shown] = problem
                else:
                    names.append(shown)
                    out.write(picture.tobytes())
        check_enough(folder, names, problems)
        rows = np.memmap(raw, np.uint8, "r", shape=(len(names), size, size, 3))
        np.save(work / "images.npy", rows)
        del rows  # Windows deletes no file that is mapped
        notes = work / "notes.json"
        notes.write_text(json.dumps({"names": names, "problems": problems}), "utf-8")
        # The notes come first: a cache counts only when both files are there.
        os.replace(notes, cached.with_suffix(".json"))
        os.replace(work / "images.npy", cached)


@contextmanager
def working_beside(cached):
    """Give a work folder of one's own, locked so that no other process clears it."""
    work = Path(tempfile.mkdtemp(dir=cached.parent, prefix=WORK_PREFIX))
    try:
        with only_one(work, "preparing pictures in"):
            yield work
    finally:
        with suppress(OSError):
            discard(work)


def discard(work):
    """Remove a work folder, its lock last, so that a kill leaves one that is known."""
    for path in sorted(work.iterdir(), key=lambda path: path.name == ".lock"):
        path.unlink()
    work.rmdir()


def clear_leavings(place):
    """Remove the work folders of processes that were killed."""
    for work in place.glob(f"{WORK_PREFIX}*"):
        with suppress(OSError, ArtganError):
            if not (work / ".lock").exists():
                work.rmdir()  # only if it is empty
                continue
            with only_one(work, "preparing pictures in"):
                pass
            discard(work)


def writable_place(folder):
    """The first of `cache_places` that takes a file."""
    for place in cache_places(folder):
        try:
            place.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place).close()
            return place
        except OSError:
            continue
    raise ArtganError(
        f"Nowhere to keep the prepared pictures: neither {cache_places(folder)[0]} nor "
        f"{cache_places(folder)[1]} can be written. Nothing was changed. Free some "
        "space, or copy the pictures to a folder of yours."
    )


def check_enough(folder, names, problems):
    """Raise ArtganError unless two pictures or more can be used."""
    if len(names) >= 2:
        return
    reasons = "; ".join(f"{name}: {why}" for name, why in list(problems.items())[:10])
    raise ArtganError(
        f"{folder} has {len(names)} usable picture(s); training needs 2 or more. "
        + (f"Not used: {reasons}." if reasons else "No other picture files are there.")
    )
