"""One process at a time in a folder."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say

NO_LOCKS = (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL)


@contextmanager
def only_one(folder: str | Path, doing: str) -> Iterator[bool]:
    """Hold a folder for this process while it is `doing` something to it.

    Yields whether it is held: a file system may know no locks, and the work goes on
    all the same. The system lets go when the process ends, however it ends; the empty
    file `.lock` stays. Raises ArtganError when another process holds the folder, or
    nothing can be written there.
    """
    lock, shown = FileLock(Path(folder, ".lock")), printable(folder)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise ArtganError(
            f"Another process is {doing} {shown}. Nothing was changed. Wait until it "
            "ends, or choose another folder."
        ) from None
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise ArtganError(
                f"Cannot write in {shown} ({error.strerror}), and nothing was changed. "
                "Choose another folder, or ask who may write there."
            ) from error
        say(f"{shown} knows no locks: start no second program on it.", sys.stderr)
    try:
        yield lock.is_locked
    finally:
        lock.release()
