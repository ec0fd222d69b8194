"""Putting a file in its place at once, so that it is never half written."""

import os
from contextlib import contextmanager, suppress


@contextmanager
def replacing(path):
    """Give a temporary path beside `path` to write to; then it takes the place of it.

    path: a Path. If the block raises, what stood there stays, and nothing else.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        yield temporary
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()  # A full disk needs the room.
        raise
