"""Seconds from the command to the end of the first training step, and the memory.

python benchmarks/startup.py --data FOLDER [--preset default] [--steps 50]

Trains twice in new processes: first with no prepared pictures, then with those of the
first time.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.machine import describe_machine, peak_memory  # noqa: E402


def parse(arguments=None):
    """The options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, default=ROOT / "data/vedute", metavar="FOLDER")
    add("--preset", default="default")
    add("--steps", type=int, default=50)
    add("--batch-size", type=int, default=16)
    return parser.parse_args(arguments)


def seconds_to_first_step(options, data, run):
    """Train for some steps on a folder; how long the first step took to end."""
    command = [sys.executable, "-m", "artgan", "train", "--data", str(data)]
    command += ["--preset", options.preset, "--steps", str(options.steps)]
    command += ["--set", f"batch_size={options.batch_size}"]
    command += ["--run", run.name, "--runs", str(run.parent)]
    began = time.time()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    row = json.loads((run / "log.jsonl").read_text("utf-8").splitlines()[0])
    return row["time"] - began


def main():
    """Measure and print."""
    options = parse()
    print(describe_machine())
    with tempfile.TemporaryDirectory() as work:
        data = shutil.copytree(options.data, Path(work, "pictures"))
        count = sum(path.is_file() for path in data.rglob("*"))
        print(f"{count} files, preset {options.preset}, batch {options.batch_size}")
        for label in ("first", "second"):
            seconds = seconds_to_first_step(options, data, Path(work, label))
            print(f"{label} start: {seconds:.1f} s to the first step")
    print(f"{peak_memory(children=True):.2f} GiB at most")


if __name__ == "__main__":
    main()
