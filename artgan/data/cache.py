"""Prepared pictures in a file beside their folder, so that they are prepared once."""

import hashlib
import json
import re
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from artgan.data.likeness import chunks
from artgan.system.errors import ArtganError
from artgan.system.files import put_in_place
from artgan.system.lock import only_one

VERSION = 2  # raise it when the preparation changes, so that old caches are left
WORK_PREFIX = ".artgan-"  # of the folders in which caches grow
ENDS = 65_536  # bytes at each end of a file that tell its contents apart


@dataclass(frozen=True)
class Prepared:
    """Prepared pictures, and the files that could not be.

    images: [count, size, size, 3] uint8, on disk until read; names: the file of each;
    problems: file -> reason; fingerprint: of the pixels; flat: names of pictures in
    one colour; repeats: name -> an earlier picture that it looks like.
    """

    images: np.ndarray
    names: list
    problems: dict = field(default_factory=dict)
    fingerprint: str = ""
    flat: list = field(default_factory=list)
    repeats: dict = field(default_factory=dict)

    def __len__(self):
        return len(self.images)


def content_key(folder, paths):
    """A short name for the contents of files, from their ends, sizes and times."""
    digest = hashlib.sha256()
    for path in paths:
        name = path.relative_to(folder).as_posix()
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
        with suppress(OSError), path.open("rb") as file:  # reported when prepared
            status = path.stat()
            digest.update(f"{status.st_size} {status.st_mtime_ns} ".encode())
            digest.update(file.read(ENDS))
            file.seek(max(0, status.st_size - ENDS))
            digest.update(file.read(ENDS))
    return digest.hexdigest()[:16]


def settings_key(settings):
    """A short name for how pictures are prepared; settings: a dictionary."""
    text = json.dumps([VERSION, sorted(settings.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def fingerprint_of(images):
    """16 hexadecimal digits that identify prepared pictures by their pixels."""
    digest = hashlib.sha256(str(images.shape).encode())
    for _, some in chunks(images):
        digest.update(np.ascontiguousarray(some))
    return digest.hexdigest()[:16]


def cache_places(folder):
    """Where a cache may lie: beside the folder, else among temporary files."""
    folder = folder.resolve()
    code = hashlib.sha256(str(folder).encode("utf-8", "replace")).hexdigest()[:8]
    return folder.parent, Path(tempfile.gettempdir()) / "artgan" / code


def cache_name(folder):
    """The beginning of a cache's name: that of the folder, within what fits a disk."""
    name = folder.resolve().name
    code = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    return name if len(name) < 50 else f"{name[:40]}-{code}"


def writable_place(folder):
    """The first of `cache_places` that takes a file; raises OSError if none does."""
    for place in cache_places(folder):
        try:
            place.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place).close()
            return place
        except OSError as error:
            refusal = error
    raise refusal


def read_cache(cached, size):
    """Open a cache without reading the pictures: a Prepared.

    Raises whatever a damaged file leads to; nothing that is stored there is run.
    """
    notes = json.loads(cached.with_suffix(".json").read_text("utf-8"))
    images = np.load(cached, mmap_mode="r", allow_pickle=False)
    prepared = Prepared(images, **notes)
    wanted = (len(prepared.names), size, size, 3)
    if (images.shape, images.dtype) != (wanted, np.uint8):
        raise ValueError(f"{cached} holds something else")
    if not isinstance(prepared.problems, dict) or not prepared.fingerprint:
        raise ValueError(f"{cached} lacks its notes")
    return prepared


def write_cache(work, cached, prepared):
    """Put prepared pictures and their notes in place, both grown in the folder `work`.

    Raises OSError when the disk is full; what stood there stays.
    """
    np.save(work / "images.npy", prepared.images)
    notes = {k: v for k, v in vars(prepared).items() if k != "images"}
    (work / "notes.json").write_text(json.dumps(notes), "utf-8")
    # The notes come first: a cache counts only when both files are there.
    put_in_place(work / "notes.json", cached.with_suffix(".json"))
    put_in_place(work / "images.npy", cached)


def remove_outdated(cached, name):
    """Remove caches of the folder `name` whose pictures have changed since.

    cached: the path of the newest, `name.SIZEpx.SETTINGS.CONTENT.npy`.
    """
    content = cached.name.split(".")[-2]
    pattern = re.escape(name) + r"\.\d+px\.([0-9a-f]{8}\.)?([0-9a-f]{16})\.(npy|json)"
    for path in cached.parent.iterdir():
        found = re.fullmatch(pattern, path.name)
        if found and found[2] != content:
            with suppress(OSError):  # Windows keeps what another process has open
                path.unlink()


@contextmanager
def working_beside(place):
    """Give a work folder of one's own, locked so that no other process clears it."""
    work = Path(tempfile.mkdtemp(dir=place, prefix=WORK_PREFIX))
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
            with only_one(work, "preparing pictures in") as held:
                pass
            if held:
                discard(work)
