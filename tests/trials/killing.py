"""Run a function in a process of its own, or kill it midway.

A function and its arguments must be importable and picklable. Where the system can
fork, a server process imports the modules once, so that a process is at work within
milliseconds.
"""

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from contextlib import redirect_stderr, redirect_stdout

CAN_FORK = "forkserver" in multiprocessing.get_all_start_methods()
CONTEXT = multiprocessing.get_context("forkserver" if CAN_FORK else "spawn")
LONGEST = 300  # seconds; a process that takes longer hangs
TRIES_TO_STRIKE = 20

if CAN_FORK:
    preloaded = "artgan.__main__", "artgan.gather.download", "artgan.gan.training"
    CONTEXT.set_forkserver_preload([__name__, *preloaded])


def run_to_end(log, function, *arguments):
    """Run undisturbed; return the exit code, 99 for an exception, and its prints."""
    work = log, function, arguments
    process = CONTEXT.Process(target=at_work, args=work, daemon=True)
    process.start()
    process.join(LONGEST)
    if process.is_alive():
        process.kill()
        raise AssertionError(f"still at work after {LONGEST} s")
    return process.exitcode, log.read_text("utf-8")


def at_work(log, function, arguments):
    """Do what a process is there for; its exit code is what the function returns."""
    with open(log, "w", encoding="utf-8") as file:
        with redirect_stdout(file), redirect_stderr(file):
            try:
                code = function(*arguments)
            except BaseException:
                traceback.print_exc()
                code = 99
    os._exit(code or 0)


def end_well(log, *work):
    """Run undisturbed to a good end; return what was printed."""
    code, output = run_to_end(log, *work)
    assert code == 0, output
    return output


def count_changes(log, *work):
    """How often an undisturbed process is about to change a file."""
    return int(end_well(log, counting, *work).split()[-1])


def kill_midway(draw, log, changes, begin):
    """Kill a process at or shortly after a drawn change of a file.

    changes: how many an undisturbed one makes; begin: a function that sets the stage
    and returns (function, *arguments). One that ends before that is begun again.
    """
    share, late = draw.random(), draw.choice([0.0, draw.expovariate(200)])
    for _ in range(TRIES_TO_STRIKE):
        number = 1 + int(share * changes)
        if run_to_end(log, dying, number, late, *begin())[0] < 0:
            return
        share *= 0.7
    raise AssertionError("it always ended before it was killed")


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


def command(*words):
    """Run a command of artgan, as a function for a process."""
    from artgan.__main__ import main

    sys.argv = ["artgan"]
    return main([str(word) for word in words])
