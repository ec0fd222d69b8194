"""How long until the first training step, and how much memory training takes.

python benchmarks/startup.py --data FOLDER [--preset default] [--steps 50]

Trains twice in new processes: once with no prepared pictures, once with those of the
first. Each line tells the seconds from the start of the process to the end of the first
step, and the most memory that the process held.
"""

import argparse
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent


def parse():
    """The options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--preset", default="default")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--batch-size", type=int, default=16)
    return parser.parse_args()


def measure(options, data, run):
    """Train for some steps: (seconds to the first step, peak memory in GiB)."""
    command = [sys.executable, "-m", "artgan", "train", "--data", str(data)]
    command += ["--preset", options.preset, "--set", f"batch_size={options.batch_size}"]
    command += ["--run", run.name, "--runs", str(run.parent)]
    began, peak = time.time(), 0
    training = subprocess.Popen(
        command + ["--steps", str(options.steps)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    process = psutil.Process(training.pid)
    while training.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.05)
    if training.wait():
        sys.exit(f"training ended with {training.returncode}")
    row = json.loads((run / "log.jsonl").read_text("utf-8").splitlines()[0])
    return row["time"] - began, peak / 2**30


def main():
    """Measure and print."""
    options = parse()
    print(f"{date.today()}, {platform.platform()}, {psutil.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as work:
        data = shutil.copytree(options.data, Path(work, "pictures"))
        count = sum(path.is_file() for path in data.rglob("*"))
        print(f"{count} files, preset {options.preset}, batch {options.batch_size}")
        for label in ("first start", "second start"):
            seconds, memory = measure(options, data, Path(work, label.split()[0]))
            print(
                f"{label}: {seconds:.1f} s to the first step, {memory:.2f} GiB at most"
            )


if __name__ == "__main__":
    main()
