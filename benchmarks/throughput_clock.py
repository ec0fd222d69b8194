"""Two clocks: that on the wall, and that of the processors that work for this process.

The second leaves out what other programs take from a shared machine. It flatters work
that does not keep every core busy, so it is for comparing and not for promising.
"""

import os
import time

CLOCKS = ("wall", "processor")


def now():
    """(seconds on the wall, seconds that all cores together have worked for this)."""
    return time.perf_counter(), time.process_time() / os.cpu_count()


class Clock:
    """Notes the seconds between one tick and the next, by both clocks."""

    def __init__(self):
        self.seconds, self.last = [], now()

    def tick(self):
        """Note the time since the last tick."""
        this = now()
        self.seconds.append([b - a for a, b in zip(self.last, this, strict=True)])
        self.last = this


def best_speed(work, operations, repeats=6):
    """Operations a second of the fastest of some runs of `work`, by each clock."""
    work()
    clock = Clock()
    for _ in range(repeats):
        work()
        clock.tick()
    return [operations / min(seconds) for seconds in zip(*clock.seconds, strict=True)]
