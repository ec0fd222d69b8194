"""What stops a process, and one process at a time in a folder."""

import errno
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say

NO_LOCKS = (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL)


@contextmanager
def handling(names: tuple[str, ...], handler: Any) -> Iterator[None]:
    """Let a function handle signals, but for those that are ignored, as by `nohup`."""
    before = {}
    if threading.current_thread() is threading.main_thread():  # others have none
        for number in [getattr(signal, n) for n in names if hasattr(signal, n)]:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


@contextmanager
def ended_politely(names=("SIGTERM", "SIGHUP"), at: int = 1) -> Iterator[list]:
    """Let what ends a process stop this one as Ctrl-C does, once, so that it tidies up.

    Yields the signals that came; the one that is number `at` raises KeyboardInterrupt.
    """
    came: list[int] = []

    def stop(number, frame) -> None:
        came.append(number)
        if len(came) == at:
            raise KeyboardInterrupt

    with handling(names, stop):
        yield came


@contextmanager
def stopped_between_steps() -> Iterator[Callable]:
    """Hold back what stops this process until a step is over, its log row and all.

    Yields a function to call after each step, with anything, that raises the
    KeyboardInterrupt. A second signal does not wait; a third is nothing.
    """
    with ended_politely(("SIGINT", "SIGTERM", "SIGHUP"), at=2) as came:

        def stop_if_asked(*step) -> None:
            if came:
                raise KeyboardInterrupt

        yield stop_if_asked


@contextmanager
def only_one(folder: str | Path, doing: str) -> Iterator[None]:
    """Hold a folder for this process while it is `doing` something to it.

    The system lets go when the process ends, however it ends; an empty `.lock` stays.
    Raises ArtganError if another process holds it, or nothing can be written there.
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
                "Choose another folder."
            ) from error
        say(f"{shown} knows no locks: start no second program on it.", sys.stderr)
    try:
        yield
    finally:
        lock.release()
