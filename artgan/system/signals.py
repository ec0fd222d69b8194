"""What a system, or a person, sends to a process to stop it."""

import signal
import threading
from contextlib import contextmanager
from typing import Never


def handlers(*names: str):
    """What happens at each of these signals, where the system has it and it counts.

    Signals are the main thread's alone: in another there is none to handle.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    found = {number: signal.getsignal(number) for number in numbers}
    nobody = signal.SIG_IGN, None
    return {number: old for number, old in found.items() if old not in nobody}


def handle(chosen: dict) -> None:
    """Let each signal be handled as chosen: {its number: its handler}."""
    for number, handler in chosen.items():
        signal.signal(number, handler)


@contextmanager
def ended_politely():
    """Let a system that ends this process stop it as Ctrl-C does, so that it tidies up.

    A closed terminal sends SIGHUP, unless `nohup` has it ignored. Only the first signal
    counts, so that a second does not end the saving.
    """
    before = handlers("SIGTERM", "SIGHUP")

    def stop(number, frame) -> Never:
        handle(dict.fromkeys(before, signal.SIG_IGN))
        raise KeyboardInterrupt

    handle(dict.fromkeys(before, stop))
    try:
        yield
    finally:
        handle(before)


@contextmanager
def stopped_between_steps():
    """Hold back what stops this process until a step is over, its log row and all.

    Yields a function to call after each step, with anything: it raises the
    KeyboardInterrupt that was held back. A second signal does not wait.
    """
    before, asked = handlers("SIGINT", "SIGTERM", "SIGHUP"), threading.Event()

    def hold_back(number, frame) -> None:
        asked.set()
        handle(before)

    def stop_if_asked(*step) -> None:
        if asked.is_set():
            raise KeyboardInterrupt

    handle(dict.fromkeys(before, hold_back))
    try:
        yield stop_if_asked
    finally:
        if not asked.is_set():  # then it is done, and a second may have changed them
            handle(before)
