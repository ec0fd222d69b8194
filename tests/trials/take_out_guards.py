"""Take out one guard after another in a copy of the project, and run its tests there.

python tests/trials/take_out_guards.py                 # all: some minutes
python tests/trials/take_out_guards.py --only cache    # those with that in their file

A guard without which all of its tests still pass is named at the end, with exit code 1:
it wants a test, or is not needed.
"""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from trials.guards import GUARDS  # noqa: E402

LEFT_OUT = ".git", ".venv", "runs", "results"  # at the top
LONGEST = 300  # seconds that the tests of a guard may take: a hang is a failure


def left_out(folder, names):
    """The names in a folder that are not copied."""
    return {"__pycache__", *(LEFT_OUT if Path(folder) == ROOT else ())}


def take_out(copy, file, text, replacement):
    """Change a file of the copy; return its path and what stood there."""
    path = copy / file
    before = path.read_text("utf-8")
    if before.count(text) != 1:
        sys.exit(f"{text!r} occurs {before.count(text)} times in {file}, not once.")
    path.write_text(before.replace(text, replacement), "utf-8", newline="\n")
    return path, before


def tests_fail(copy, tests):
    """Run tests, a place and words for -k; tell whether one fails, or never ends."""
    place, _, words = tests.partition(" ")
    command = [sys.executable, "-B", "-m", "pytest", "-xq", "--no-header", place]
    command += ["-k", words] if words else []
    try:
        done = subprocess.run(
            command, cwd=copy, capture_output=True, text=True, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        return True
    if done.returncode > 1:
        sys.exit(f"{tests} cannot be run:\n{done.stdout[-2000:]}{done.stderr[-500:]}")
    return done.returncode != 0  # below 0: a signal ended it


def survivors(copy, guards):
    """Yield the guards that no test misses."""
    tried = set()
    for number, (file, text, replacement, tests) in enumerate(guards, 1):
        if tests not in tried and tests_fail(copy, tests):
            sys.exit(f"{tests} fail with all guards in their places.")
        tried.add(tests)
        began = time.monotonic()
        path, before = take_out(copy, file, text, replacement)
        missed = tests_fail(copy, tests)
        path.write_text(before, "utf-8", newline="\n")
        seconds = time.monotonic() - began
        what = "missed" if missed else "NOT MISSED"
        print(
            f"{number}/{len(guards)} {what}, {seconds:.0f} s: {file}: {text}",
            flush=True,
        )
        if not missed:
            yield file, text


def main():
    """Take out the guards that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", default="", metavar="PATTERN", help="in a file or text"
    )
    only = parser.parse_args().only
    guards = [guard for guard in GUARDS if only in guard[0] or only in guard[1]]
    with TemporaryDirectory() as place:
        copy = Path(place, "copy")
        shutil.copytree(ROOT, copy, ignore=left_out)
        left = list(survivors(copy, guards))
    for file, text in left:
        print(f"No test misses it: {file}: {text}")
    print(f"{len(guards) - len(left)} of {len(guards)} guards are missed.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
