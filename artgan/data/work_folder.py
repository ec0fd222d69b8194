"""Folders in which caches grow, and which are removed whatever ends the work."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from artgan.system.errors import ArtganError
from artgan.system.lock import only_one

WORK_PREFIX = ".artgan-"


@contextmanager
def working_beside(place: Path) -> Iterator[Path]:
    """Give a work folder of one's own, locked so that no other process clears it."""
    work = Path(tempfile.mkdtemp(dir=place, prefix=WORK_PREFIX))
    try:
        with only_one(work, "preparing pictures in"):
            yield work
    finally:
        with suppress(OSError):
            discard(work)


def discard(work: Path) -> None:
    """Remove a work folder, its lock last, so that a kill leaves one that is known."""
    for path in sorted(work.iterdir(), key=lambda path: path.name == ".lock"):
        path.unlink()
    work.rmdir()


def clear_leavings(place: Path) -> None:
    """Remove the work folders of processes that were killed."""
    for work in list_folder(place):
        if not work.name.startswith(WORK_PREFIX):
            continue
        with suppress(OSError, ArtganError):
            if not (work / ".lock").exists():
                work.rmdir()  # only if it is empty
                continue
            with only_one(work, "preparing pictures in") as held:
                pass
            if held:
                discard(work)


def list_folder(place: Path) -> list[Path]:
    """What is in a folder; nothing, if it cannot be listed."""
    try:
        return list(place.iterdir())
    except OSError:
        return []
