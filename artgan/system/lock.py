"""One process at a time in a folder."""

import os
from contextlib import contextmanager
from pathlib import Path

from artgan.system.errors import ArtganError

if os.name == "nt":
    import msvcrt

    def lock(file):
        """Lock an open file; OSError if another process holds it."""
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def lock(file):
        """Lock an open file; OSError if another process holds it."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def only_one(folder, doing):
    """Hold a folder for this process while it is `doing` something to it.

    The operating system lets go when the process ends, however it ends. The empty file
    `.lock` stays. Raises ArtganError when another process holds the folder.
    """
    with open(Path(folder) / ".lock", "a", encoding="utf-8") as file:
        try:
            lock(file)
        except (BlockingIOError, PermissionError):
            raise ArtganError(
                f"Another process is {doing} {folder}. Nothing was changed. Wait "
                "until it ends, or choose another folder."
            ) from None
        yield
