"""Run a function in a process of its own, kill it at a random moment, run it again.

A function and its arguments must be importable and picklable. What it prints goes to
`log`. Where the system can fork, a server process imports the modules once, so that a
process is at work within milliseconds and the kills fall into the work.
"""

import multiprocessing
import os
import random
import sys
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout

CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
CONTEXT = multiprocessing.get_context("forkserver" if CAN_FORK else "spawn")
PRELOADED = ("artgan.__main__", "artgan.download", "artgan.runs")
LONGEST = 600  # Seconds; a process that takes longer hangs.
TRIES_TO_STRIKE = 20

if CAN_FORK:
    CONTEXT.set_forkserver_preload([__name__, *PRELOADED])


def at_work(begun, log, function, arguments):
    """Do what a process is there for; its exit code is what the function returns."""
    with open(log, "a", encoding="utf-8") as file:
        with redirect_stdout(file), redirect_stderr(file):
            try:
                begun.send(True)
                code = function(*arguments)
            except BaseException:
                traceback.print_exc()
                code = 99
    os._exit(code or 0)


class Worker:
    """A process at work on function(*arguments); its prints are added to `log`."""

    def __init__(self, log, function, *arguments):
        waiting, begun = CONTEXT.Pipe(duplex=False)
        self.process = CONTEXT.Process(
            target=at_work, args=(begun, log, function, arguments), daemon=True
        )
        self.process.start()
        begun.close()
        try:
            waiting.recv()
        except EOFError:
            pass  # It ended before it began; its exit code tells why.
        self.began_at = time.monotonic()

    def end(self):
        """Wait for the end; return the exit code, 99 for an exception."""
        self.process.join(LONGEST)
        if self.process.is_alive():
            self.process.kill()
            raise AssertionError(f"still at work after {LONGEST} s")
        return self.process.exitcode

    def kill_after(self, seconds):
        """Kill it so long after its beginning; tell whether that ended it."""
        self.process.join(max(0.0, self.began_at + seconds - time.monotonic()))
        self.process.kill()
        return self.end() < 0


def seconds_of(log, function, *arguments):
    """How long an undisturbed process is at work; it must end well."""
    worker = Worker(log, function, *arguments)
    assert worker.end() == 0, log.read_text("utf-8")
    return time.monotonic() - worker.began_at


def kill_midway(seed, seconds, begin, log):
    """Kill a process at a moment that the seed draws from its first `seconds`.

    begin: a function that sets the stage anew and returns (function, *arguments). A
    process that was quicker than the kill is begun again, and killed sooner.
    """
    moment = random.Random(seed).uniform(0, seconds)
    for _ in range(TRIES_TO_STRIKE):
        worker = Worker(log, *begin())
        if worker.kill_after(moment):
            return moment
        moment *= 0.7
    raise AssertionError(f"it always ended within {moment:.3f} s, unkilled")


def run_to_end(log, function, *arguments):
    """Run undisturbed; return the exit code and what was printed."""
    log.unlink(missing_ok=True)
    code = Worker(log, function, *arguments).end()
    return code, log.read_text("utf-8")


def command(*words):
    """Run a command of artgan, as a function for a process."""
    from artgan.__main__ import main

    sys.argv = ["artgan"]
    return main([str(word) for word in words])
