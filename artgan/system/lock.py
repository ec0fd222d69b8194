"""One process at a time in a folder."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say

if sys.platform == "win32":
    import msvcrt

    def lock(file) -> None:
        """Lock an open file; OSError if another process holds it."""
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def lock(file) -> None:
        """Lock an open file; OSError if another process holds it."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


HELD = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
warned: set = set()  # what was said once is not said again


@contextmanager
def only_one(folder: str | Path, doing: str) -> Iterator[bool]:
    """Hold a folder for this process while it is `doing` something to it.

    Yields True, or False on a file system that knows no locks, where the work goes on
    all the same. The operating system lets go when the process ends, however it ends.
    The empty file `.lock` stays. Raises ArtganError when another process holds the
    folder, or nothing can be written there.
    """
    with open_lock_file(Path(folder)) as file:
        yield take_lock(file, folder, doing)


def open_lock_file(folder: Path) -> IO[str]:
    """Open the file that is locked; raises ArtganError where none can be made."""
    try:
        return open(folder / ".lock", "a", encoding="utf-8")
    except OSError as error:
        raise ArtganError(
            f"Cannot write in {printable(folder)} ({error.strerror}), and "
            "nothing was changed. Choose another folder, or ask who may write there."
        ) from error


def take_lock(file: IO[str], folder: str | Path, doing: str) -> bool:
    """Lock a file: True; False where there are no locks; ArtganError if it is held."""
    try:
        lock(file)
    except OSError as error:
        if error.errno not in HELD:
            warn_once(error)
            return False
        raise ArtganError(
            f"Another process is {doing} {printable(folder)}. Nothing was changed. "
            "Wait until it ends, or choose another folder."
        ) from None
    return True


def warn_once(error: OSError) -> None:
    """Say that nothing keeps a second process away."""
    if "no locks" not in warned:
        warned.add("no locks")
        say(
            f"This file system cannot lock files ({error.strerror}), so take care not "
            "to start two programs that write to the same folder.",
            sys.stderr,
        )
