"""A real training whose process writes down what it holds: memory, files, threads."""

import json

import psutil
from trials.killing import command

from artgan.runs import run as runs
from artgan.runs.recorder import Recorder

STEPS_BETWEEN_ROWS = 25
STEPS_BETWEEN_SAVES = 100
SMALLEST = {
    "size": 32,
    "base_channels": 4,
    "mixing_channels": 4,
    "head_channels": 4,
    "latent_size": 6,
    "batch_size": 2,
    "precision": "float32",
}


class TracedRecorder(Recorder):
    """A recorder that saves every 100 steps and adds a row to `trace.jsonl`."""

    def __call__(self, gan, losses):
        super().__call__(gan, losses)
        step = int(gan.step)
        if step % STEPS_BETWEEN_SAVES == 0:
            self.save(gan)
        if step % STEPS_BETWEEN_ROWS == 0:
            with open(self.folder / "trace.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps({"step": step} | holdings()) + "\n")


def holdings():
    """What this process holds: resident memory in bytes, open files, threads."""
    process = psutil.Process()
    # Windows counts handles, which files are among.
    files = getattr(process, "num_fds", None) or process.num_handles
    memory = process.memory_info().rss
    return {"memory": memory, "files": files(), "threads": process.num_threads()}


def train_traced(data, run, steps):
    """Train the smallest network so many steps with the command of that name."""
    runs.Recorder = TracedRecorder
    changes = []
    for name, value in SMALLEST.items():
        changes += ["--set", f"{name}={value}"]
    place = ("--data", data, "--run", run.name, "--runs", run.parent)
    return command("train", *place, "--steps", steps, *changes)
