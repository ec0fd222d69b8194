"""How many pictures a second this project learns from, beside other ways to write it.

python benchmarks/throughput.py [--preset seed] [--precision float32 bfloat16]

The same networks, batch, pictures, losses and augmentation in this project; in
idiomatic Keras 3 (a Model with its own train_step, fit); in the style of TensorFlow's
DCGAN tutorial; and in eager PyTorch, channels last, where torch is installed. Each is
measured in new processes, one after another and round after round, so that a
disturbance hurts all alike. Progress goes to stderr, the table to stdout: the median
step of all rounds, and the tenth that was slowest and that was fastest.

A step costs 3 forward passes of the generator (forward, gradients of the weights, of
the inputs), 8 of the discriminator (3 on real pictures, 3 on fakes, 2 when the
generator learns from it) and 5 of the layers that redraw; the tutorial saves one of
the discriminator's. Convolutions and dense layers are counted, two operations for a
multiplication and an addition. The peak is the fastest product of two square matrices,
by TensorFlow or PyTorch, in the same run.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.throughput_clock import CLOCKS  # noqa: E402
from benchmarks.throughput_report import (  # noqa: E402
    LABELS,
    describe,
    make_rows,
    print_table,
    write_csv,
)

PRECISIONS = ("float32", "bfloat16")


def count(text):
    """A whole number above 0."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be above 0")
    return number


def parse(arguments=None):
    """The options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--preset", default="seed", choices=("seed", "dcgan", "default"))
    add("--batch", type=count, default=16, help="pictures a step")
    add("--size", type=count, default=128, help="side of a picture in pixels")
    add("--steps", type=count, default=10, help="timed in each round")
    add("--warm-up", type=count, default=3, help="steps before those")
    add("--rounds", type=count, default=3)
    add("--precision", nargs="+", choices=PRECISIONS, default=PRECISIONS)
    add("--only", nargs="+", choices=LABELS, default=list(LABELS))
    add("--clock", choices=CLOCKS, default="wall", help="processor: on a busy machine")
    add("--data", type=Path, help="a folder of pictures instead of made-up ones")
    add("--seed", type=int, default=0)
    add("--csv", type=Path, help="where to write the rows as well")
    return parser.parse_args(arguments)


def watch_memory(worker):
    """Wait for a process to end: the most memory that it held in GiB."""
    process, peak = psutil.Process(worker.pid), 0
    try:
        while worker.poll() is None:
            try:
                peak = max(peak, process.memory_info().rss)
            except psutil.NoSuchProcess:
                pass
            time.sleep(0.05)
    finally:
        worker.kill()
    return peak / 2**30


def ask_worker(name, **task):
    """What a new process answers, and the most memory that it held in GiB."""
    task = json.dumps({"name": name} | task)
    command = [sys.executable, "-m", "benchmarks.throughput_worker", task]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as problems:
        worker = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=problems
        )
        memory = watch_memory(worker)
        if worker.returncode:
            problems.seek(0)
            last = problems.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            sys.exit(f"Measuring '{name}' failed: {''.join(last)}")
        output.seek(0)
        return json.loads(output.read().splitlines()[-1]), memory


def list_tasks(options):
    """What to measure in each round: (name, precision) pairs."""
    names = ["tensorflow peak", "torch peak", *options.only]
    if importlib.util.find_spec("torch") is None:
        names = [name for name in names if not name.startswith("torch")]
    return [(name, precision) for precision in options.precision for name in names]


def measure(options, tasks, config):
    """All that the workers answer: {(name, precision): [(answer, GiB), ...]}."""
    data = str(options.data.resolve()) if options.data else None
    steps = options.warm_up + options.steps
    answers = {task: [] for task in tasks}
    with tqdm(total=len(tasks) * options.rounds, desc="Measuring") as bar:
        for _ in range(options.rounds):
            for name, precision in tasks:
                bar.set_postfix_str(f"{name}, {precision}")
                settings = config | {"precision": precision}
                found = ask_worker(name, config=settings, data=data, steps=steps)
                answers[name, precision].append(found)
                bar.update()
    return answers


def summarize(answers, warm_up, clock):
    """Put answers together: ({task: (seconds, GiB)}, {precision: peak}) by a clock."""
    timings, peaks, which = {}, {}, CLOCKS.index(clock)
    for (name, precision), found in answers.items():
        if name in LABELS:
            steps = [step[which] for steps, _ in found for step in steps[warm_up:]]
            timings[name, precision] = steps, max(memory for _, memory in found)
        else:
            best = max(speeds[which] for speeds, _ in found)
            peaks[precision] = max(best, peaks.get(precision, 0))
    return timings, peaks


def main():
    """Measure and print."""
    options = parse()
    tasks = list_tasks(options)
    if not any(name in LABELS for name, _ in tasks):
        sys.exit("PyTorch is not installed: `pip install torch` first.")
    if options.data and not options.data.is_dir():
        sys.exit(f"There is no folder '{options.data}'. Choose another --data.")
    about = describe(options)
    for name, words in about.items():
        print(f"{name}: {words}")
    changes = {"size": options.size, "batch_size": options.batch, "seed": options.seed}
    settings, _ = ask_worker("settings", preset=options.preset, changes=changes)
    answers = measure(options, tasks, settings["config"])
    timings, peaks = summarize(answers, options.warm_up, options.clock)
    for precision, peak in peaks.items():
        print(f"peak in {precision}: {peak / 1e9:.0f} GFLOP/s")
    rows = make_rows(options.batch, timings, peaks, settings["operations"])
    print_table(rows)
    if importlib.util.find_spec("torch") is None:
        print("PyTorch is not installed: `pip install torch` adds its rows.")
    if options.csv:
        write_csv(options.csv, rows, about)


if __name__ == "__main__":
    main()
