"""Prepared pictures in a file beside their folder, so that they are prepared once."""

import hashlib
import json
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from artgan.data.likeness import chunks
from artgan.data.work_folder import list_folder
from artgan.system.files import put_in_place

VERSION = 3  # raise it when the preparation changes, so that old caches are left
ENDS = 65_536  # bytes at each end of a file that tell its contents apart


@dataclass(frozen=True)
class Prepared:
    """Prepared pictures, and the files that could not be.

    images: [count, size, size, 3] uint8, on disk until read; names: the file of each;
    problems: file -> reason; fingerprint: of the pixels; flat: names of pictures in
    one colour; repeats: name -> an earlier picture that it looks like.
    """

    images: np.ndarray
    names: list[str]
    problems: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    flat: list[str] = field(default_factory=list)
    repeats: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.images)


def content_key(folder: Path, paths: list[Path]) -> str:
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


def settings_key(settings: dict) -> str:
    """A short name for how pictures are prepared; settings: a dictionary."""
    text = json.dumps([VERSION, sorted(settings.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def fingerprint_of(images: np.ndarray) -> str:
    """16 hexadecimal digits that identify prepared pictures by their pixels."""
    digest = hashlib.sha256(str(images.shape).encode())
    for _, some in chunks(images):
        digest.update(np.ascontiguousarray(some))
    return digest.hexdigest()[:16]


def cache_places(folder: Path) -> tuple[Path, Path]:
    """Where a cache may lie: beside the folder, else among temporary files."""
    folder = folder.resolve()
    code = hashlib.sha256(str(folder).encode("utf-8", "replace")).hexdigest()[:8]
    return folder.parent, Path(tempfile.gettempdir()) / "artgan" / code


def cache_name(folder: Path) -> str:
    """The beginning of a cache's name: that of the folder, within what fits a disk."""
    name = folder.resolve().name
    code = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    return name if len(name) < 50 else f"{name[:40]}-{code}"


def writable_place(folder: Path) -> Path:
    """The first of `cache_places` that takes a file; raises OSError if none does."""
    for place in cache_places(folder):
        try:
            place.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place).close()
            return place
        except OSError as error:
            refusal = error
    raise refusal


def read_cache(cached: Path, size: int) -> Prepared:
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


def write_cache(work: Path, cached: Path, prepared: Prepared) -> None:
    """Put prepared pictures and their notes in place, both grown in the folder `work`.

    Raises OSError when the disk is full; what stood there stays.
    """
    np.save(work / "images.npy", prepared.images)
    notes = {k: v for k, v in vars(prepared).items() if k != "images"}
    (work / "notes.json").write_text(json.dumps(notes), "utf-8")
    # The notes come first: a cache counts only when both files are there.
    put_in_place(work / "notes.json", cached.with_suffix(".json"))
    put_in_place(work / "images.npy", cached)


def remove_outdated(cached: Path, name: str) -> None:
    """Remove caches of the folder `name` whose pictures have changed since.

    cached: the path of the newest, `name.SIZEpx.SETTINGS.CONTENT.npy`.
    """
    content = cached.name.split(".")[-2]
    pattern = re.escape(name) + r"\.\d+px\.([0-9a-f]{8}\.)?([0-9a-f]{16})\.(npy|json)"
    for path in list_folder(cached.parent):
        found = re.fullmatch(pattern, path.name)
        if found and found[2] != content:
            with suppress(OSError):  # Windows keeps what another process has open
                path.unlink()
