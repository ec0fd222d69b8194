"""Pictures a second of this project beside what a user would write, in one run.

python benchmarks/throughput.py
python benchmarks/throughput.py --preset dcgan
python benchmarks/throughput.py --size 384x256 --set base_channels=8   # ours alone
python benchmarks/throughput.py --devices 8
python benchmarks/throughput.py --former ../clone-at-d9ea946 --precision float32 --avx2

Each implementation is a process of its own. They take turns, so that a disturbance
hurts all alike; the figure is the median over all steps, in brackets the slowest and
the fastest tenth. `--devices N` compares 1 to N GPUs of this machine instead, each with
a batch of its own; without GPUs they are logical processors that share the cores, which
shows that it runs, not how fast. PyTorch joins in for `dcgan` where it is installed.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PRECISIONS = "auto", "float32", "bfloat16", "float16"
sys.path.insert(0, str(ROOT))
from benchmarks.machine import describe_machine, peak_memory  # noqa: E402


def parse(arguments=None):
    """The options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--preset", default="default", choices=("default", "dcgan"))
    add("--precision", default="auto", choices=PRECISIONS)
    add("--batch-size", type=int, help="default: the preset's own")
    add("--size", default="128", help="of the pictures, as 128 or 192x128")
    add("--set", action="append", default=[], metavar="FIELD=VALUE")
    add("--threads", type=int, help="default: as many as there are cores")
    add("--steps", type=int, default=10, help="in each turn (default: 10)")
    add("--rounds", type=int, default=5, help="turns of each (default: 5)")
    add("--former", type=Path, metavar="CLONE", help="of this project, at d9ea946")
    add("--devices", type=int, metavar="N", help="compare 1 to N devices instead")
    add("--avx2", action="store_true", help="as on a processor with AVX2 and no more")
    add("--worker", help=argparse.SUPPRESS)
    add("--began", type=float, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def implementations(options):
    """The names of what is compared, this project first."""
    if options.devices:
        return [str(count) for count in range(1, options.devices + 1)]
    torch = options.preset == "dcgan" and importlib.util.find_spec("torch")
    plain = "x" not in options.size and not options.set
    present = {"artgan": 1, "keras": plain, "torch": torch, "former": options.former}
    return [name for name in present if present[name]]


def make_step(name, options):
    """(a function that trains one step of an implementation, its config)."""
    width, height = [int(side) for side in options.size.split("x") * 2][:2]
    changes = {"size": height, "precision": options.precision}
    changes |= {"width": width} if width != height else {}
    if options.batch_size:
        changes["batch_size"] = options.batch_size
    if name == "former":
        sys.path.insert(0, str(options.former.resolve()))
        from artgan.config import preset
        from artgan.training import GAN, next_batch, train_step
    elif name == "artgan":
        from artgan.system.tensorflow import load_quietly

        load_quietly()
        from artgan.gan.training import GAN, next_batch, train_step
    elif name.isdecimal():
        return make_shared_step(int(name), changes, options)
    elif name == "keras":
        from benchmarks.throughput_keras import KerasGAN as GAN
    else:
        from benchmarks.throughput_torch import TorchGAN as GAN
    if name != "former":
        from artgan.commands.train import setting
        from artgan.gan.config import preset

        changes |= dict(map(setting, options.set))
    config = preset(options.preset, **changes)
    shape = [256, height, width, 3]
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    gan = GAN(config)
    if name in ("artgan", "former"):
        return lambda: train_step(gan, next_batch(gan, images)), config
    return lambda: gan.step(images[: config.batch_size]), config


def make_shared_step(devices, changes, options):
    """As `make_step`, on so many devices, each with a batch of its own."""
    from artgan.system.tensorflow import load_quietly

    load_quietly()
    from artgan.gan.config import preset
    from artgan.gan.devices import find_strategy, shared_step
    from artgan.gan.training import GAN, next_batch

    strategy = find_strategy(devices)
    one = preset(options.preset, **changes).batch_size
    config = preset(options.preset, **changes | {"batch_size": devices * one})
    shape = [256, *config.shape, 3]
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    with strategy.scope():
        gan = GAN(config)
    go = shared_step(strategy)
    return lambda: go(gan, next_batch(gan, images)), config


def work(name, options):
    """Train when asked: each line of input is a number of steps to time."""
    step, config = make_step(name, options)
    float(step()[0])
    facts = {"first": time.time() - options.began, "onednn": onednn()}
    facts |= {"precision": config.precision, "batch_size": config.batch_size}
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            began = time.perf_counter()
            float(step()[0])  # waits for it
            seconds.append(time.perf_counter() - began)
        print(json.dumps({"seconds": seconds, "memory": peak_memory()}), flush=True)


def onednn():
    """Whether the TensorFlow of this process, if there is one, computes with oneDNN."""
    if "tensorflow" not in sys.modules:
        return "its own"
    from tensorflow.python.framework.test_util import IsMklEnabled

    return "on" if IsMklEnabled() else "off"


class Worker:
    """A process that trains one implementation."""

    def __init__(self, name, arguments, options):
        self.name, self.seconds = name, []
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
        if options.threads:
            names = "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"
            environment |= dict.fromkeys(names, str(options.threads))
        if options.avx2:
            # There TensorFlow leaves oneDNN off, unless somebody asks as artgan does.
            environment |= {"ONEDNN_MAX_CPU_ISA": "AVX2"}
            environment |= {"TF_ENABLE_ONEDNN_OPTS": "1" if name == "artgan" else "0"}
        command = [sys.executable, __file__, *arguments, "--worker", name]
        command += ["--began", str(time.time())]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, env=environment, **pipes)
        self.facts = self.answer()

    def answer(self):
        """What the process says next."""
        line = self.process.stdout.readline()
        return json.loads(line) if line else sys.exit(f"'{self.name}' failed.")

    def train(self, steps):
        """Let it time some steps."""
        print(steps, file=self.process.stdin, flush=True)
        answer = self.answer()
        self.seconds += answer["seconds"]
        self.facts["memory"] = answer["memory"]

    def speeds(self):
        """Pictures a second: those of the slowest tenth, the median, the fastest."""
        speeds = self.facts["batch_size"] / np.array(self.seconds)
        return np.percentile(speeds, [10, 50, 90])


def print_table(workers):
    """Print what was measured of each as a Markdown table."""
    print("| | pictures/s | ours is faster by | first step | memory | oneDNN |")
    print("|---|---|---|---|---|---|")
    ours = workers[0].speeds()[1]
    for worker in workers:
        low, median, high = worker.speeds()
        cells = [worker.name, f"{median:.1f} ({low:.1f}-{high:.1f})"]
        cells += [
            f"{ours / median:.2f}",
            "{first:.1f} s",
            "{memory:.2f} GiB",
            "{onednn}",
        ]
        print(f"| {' | '.join(cells)} |".format(**worker.facts))


def print_devices(workers):
    """Print what more devices gained as a Markdown table."""
    print("| devices | pictures/s | speed-up | efficiency |")
    print("|---|---|---|---|")
    one = workers[0].speeds()[1]
    for worker in workers:
        low, median, high = worker.speeds()
        gain = median / one
        shown = f"{median:.1f} ({low:.1f}-{high:.1f})"
        share = gain / int(worker.name)
        print(f"| {worker.name} | {shown} | {gain:.2f} | {share:.0%} |")


def main():
    """Measure and print."""
    options = parse()
    if options.worker:
        return work(options.worker, options)
    print(describe_machine(), flush=True)
    names, arguments = implementations(options), sys.argv[1:]
    workers = [Worker(name, arguments, options) for name in names]
    for _ in range(options.rounds):
        for worker in workers:
            worker.train(options.steps)
    facts = "batches of {batch_size}, {precision}".format(**workers[0].facts)
    count = len(workers[0].seconds)
    print(f"{options.preset}, {options.size} pixels, {facts}, {count} steps")
    (print_devices if options.devices else print_table)(workers)
    for worker in workers:
        worker.process.communicate()


if __name__ == "__main__":
    main()
