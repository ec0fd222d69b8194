"""Putting a file in its place at once, so that it is never half written."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between attempts to rename


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; then it takes the place of it.

    If the block raises, what stood there stays, and nothing else. Raises
    OSError when the file cannot be put in place.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        yield temporary
        put_in_place(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()  # A full disk needs the room.
        raise


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a finished file over another one.

    Windows refuses while a virus scanner or a viewer has one of them open, mostly for
    a moment, so it is tried again. Raises OSError when it is refused for good.
    """
    for pause in PAUSES:
        try:
            return os.replace(temporary, path)
        except PermissionError:
            time.sleep(pause)
    os.replace(temporary, path)
