"""What a system sends to a process that it ends."""

import signal
from contextlib import contextmanager
from typing import Never


@contextmanager
def ended_politely():
    """Let a system that ends this process stop it as Ctrl-C does, so that it tidies up.

    A closed terminal sends SIGHUP, unless `nohup` has it ignored. Only the first signal
    counts, so that a second does not end the saving.
    """
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [getattr(signal, name) for name in names]
    before = {number: signal.getsignal(number) for number in numbers}
    caught = {number: old for number, old in before.items() if old != signal.SIG_IGN}

    def stop(number, frame) -> Never:
        for other in caught:
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in caught:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, old in caught.items():
            signal.signal(number, old)
