"""What a system, or a person, sends to a process to stop it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def handling(names: tuple[str, ...], handler: Any) -> Iterator[None]:
    """Let a function handle signals, for the block: those that the system has.

    What is ignored stays so: `nohup` has a closed terminal's SIGHUP ignored. Signals
    are the main thread's alone; in another, nothing changes.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in [getattr(signal, n) for n in names if hasattr(signal, n)]:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


@contextmanager
def ended_politely() -> Iterator[None]:
    """Let a system that ends this process stop it as Ctrl-C does, so that it tidies up.

    Only the first signal counts, so that a second does not end the saving.
    """
    asked: list[int] = []

    def stop(number, frame) -> None:
        asked.append(number)
        if len(asked) == 1:
            raise KeyboardInterrupt

    with handling(("SIGTERM", "SIGHUP"), stop):
        yield


@contextmanager
def stopped_between_steps() -> Iterator[Callable]:
    """Hold back what stops this process until a step is over, its log row and all.

    Yields a function to call after each step, with anything: it raises the
    KeyboardInterrupt that was held back. A second signal does not wait; a third is
    nothing.
    """
    asked: list[int] = []

    def hold_back(number, frame) -> None:
        asked.append(number)
        if len(asked) == 2:
            raise KeyboardInterrupt

    def stop_if_asked(*step) -> None:
        if asked:
            raise KeyboardInterrupt

    with handling(("SIGINT", "SIGTERM", "SIGHUP"), hold_back):
        yield stop_if_asked
