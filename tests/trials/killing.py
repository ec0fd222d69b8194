"""Run a function in a process of its own, kill it at a random moment, run it again.

A function and its arguments must be importable and picklable. What it prints goes to
`log`. Where the system can fork, a server process imports the modules once, so that a
process is at work within milliseconds and the kills fall into the work.
"""

import multiprocessing
import os
import random
import signal
import sys
import threading
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout

CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
CONTEXT = multiprocessing.get_context("forkserver" if CAN_FORK else "spawn")
PRELOADED = ("artgan.__main__", "artgan.gather.download", "artgan.runs.run")
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
    """Kill a process at a moment that the seed draws.

    begin: a function that sets the stage anew and returns (function, *arguments).
    Seeds by turns draw from the first `seconds` of the process, and from its changes of
    files. One that ends before it is killed is begun again, and killed sooner.
    """
    draw = random.Random(seed)
    share, late = draw.random(), draw.choice([0.0, draw.expovariate(2000)])
    if seed % 2:
        changes = count_changes(log, *begin())
    for _ in range(TRIES_TO_STRIKE):
        if seed % 2:
            number = 1 + int(share * changes)
            struck = Worker(log, dying, number, late, *begin()).end() < 0
        else:
            struck = Worker(log, *begin()).kill_after(share * seconds)
        if struck:
            return
        share *= 0.7
    raise AssertionError("it always ended before it was killed")


def count_changes(log, *work):
    """How often a process is about to change a file."""
    code, output = run_to_end(log, counting, *work)
    assert code == 0, output
    return int(output.split()[-1])


def counting(function, *arguments):
    """Do some work and print how many changes of files there were."""
    numbers = watch_changes(lambda number: None)
    code = function(*arguments)
    print(f"\n{len(numbers)}")
    return code


def dying(fatal, late, function, *arguments):
    """Do some work, but be killed `late` seconds after the fatal change begins."""
    watch_changes(lambda number: die(late) if number == fatal else None)
    return function(*arguments)


def watch_changes(look):
    """Call `look` with 1, 2, ... before each change of a file; return those numbers."""
    numbers = []

    def hook(event, arguments):
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir"):
            numbers.append(len(numbers) + 1)
            look(numbers[-1])

    sys.addaudithook(hook)
    return numbers


def die(late):
    """Send this process the signal that cannot be caught, now or a little later."""
    if late:
        threading.Timer(late, die, [0]).start()
    else:
        os.kill(os.getpid(), signal.SIGKILL)


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
