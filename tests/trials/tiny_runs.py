"""What is done to tiny runs, as functions that a trial's process can do."""

import json
import re
import shutil
from functools import partial

import numpy as np
from PIL import Image
from trials.killing import command, die, seconds_of

from artgan.data.dataset import Dataset
from artgan.storage.checkpoints import (
    checkpoint_paths,
    checkpoint_step,
    newest_checkpoint,
)
from artgan.storage.weights import fingerprint, read_tensors

STEPS = 40
PRESET = "dcgan"
SETTINGS = {
    "size": 16,
    "initial_resolution": 4,
    "base_channels": 4,
    "max_channels": 8,
    "latent_size": 6,
    "ema_decay": 0.9,
    "batch_size": 2,
    "precision": "float32",
    "seed": 3,
}


def make_pictures(folder):
    """Put five pictures into a new folder, and prepare them as a training does."""
    draw = np.random.default_rng(0)
    folder.mkdir(parents=True)
    for number in range(5):
        values = draw.integers(0, 256, [20, 24, 3], np.uint8)
        Image.fromarray(values).save(folder / f"{number}.png")
    Dataset(folder, SETTINGS["size"])
    return folder


def train(data, run, steps=STEPS, pretend=False, seconds=0.0, fatal=0, late=0.0):
    """Train a run with the command, and tell each step that was saved.

    pretend: change all numbers at each step by what needs no gradients. seconds:
    between saves. fatal: the number of the save, counted from 1, that is killed `late`
    seconds after it begins; 0 for none.
    """
    import artgan.runs.recorder
    import artgan.runs.run
    import artgan.runs.saving

    save, numbers = artgan.runs.saving.save_checkpoint, iter(range(1, 10**6))

    def save_and_tell(gan, folder):
        if next(numbers) == fatal:
            die(late)
        path = save(gan, folder)
        if folder == run / "checkpoints":
            print(f"\nsaved {int(gan.step)}", flush=True)
        return path

    artgan.runs.saving.save_checkpoint = save_and_tell
    artgan.runs.saving.PAUSES = (0.0,)
    artgan.runs.run.Recorder = partial(
        artgan.runs.recorder.Recorder, minutes_between_saves=seconds / 60
    )
    if pretend:
        artgan.runs.run.train = pretend_to_train
    changes = [f"--set={field}={value}" for field, value in SETTINGS.items()]
    place = ["--run", run.name, "--runs", run.parent, "--until-step", steps]
    place += ["--preset", PRESET]
    return command("train", "--data", data, *place, *changes)


def pretend_to_train(gan, images, steps, minutes, after_step):
    """Make steps in which every number follows from the one before and the step."""
    networks = gan.generator, gan.discriminator, gan.generator_ema
    optimizers = gan.generator_optimizer, gan.discriminator_optimizer
    variables = [v for part in (*networks, *optimizers) for v in part.variables]
    for _ in range(steps):
        gan.step.assign_add(1)
        for number, variable in enumerate(variables):
            change = np.asarray(int(gan.step) * (number + 1) / 1e4, variable.dtype)
            variable.assign(variable.value * np.asarray(0.75, variable.dtype) + change)
        for action in after_step:
            action(gan, [0.5, 0.25, 0.75])


def train_and_keep(data, run, pretend):
    """Train a run undisturbed, and keep a copy of every checkpoint beside it."""
    import artgan.runs.saving

    save = artgan.runs.saving.save_checkpoint

    def save_and_keep(gan, folder):
        path = save(gan, folder)
        shutil.copy(path, run.parent)
        return path

    artgan.runs.saving.save_checkpoint = save_and_keep
    return train(data, run, STEPS, pretend)


def saved_steps(output):
    """The steps that the output of `train` says were saved."""
    words = [line.split() for line in output.splitlines()]
    return [int(line[1]) for line in words if line[:1] == ["saved"]]


def newest_state(folder):
    """The step of the newest whole checkpoint in a folder, and what it holds."""
    found = newest_checkpoint(folder)
    return (checkpoint_step(found[0]), digest_of(found[1])) if found else (0, "")


def digest_of(arrays):
    """The digest of all numbers in a checkpoint."""
    return fingerprint(arrays, {})


def state_after(run):
    """What must be the same in all runs of a seed and length: numbers and pictures."""
    rows = (run / "log.jsonl").read_text("utf-8").splitlines()
    log = [json.loads(row) for row in rows]
    for row in log:
        del row["time"]
    last = max((run / "samples").iterdir())
    return newest_state(run / "checkpoints"), log, (last.name, last.read_bytes())


def assert_nothing_left_over(run):
    """Every file in a run's folder is one that a training leaves on purpose."""
    kept = {"samples", "checkpoints", "log.jsonl", ".lock", "run.json"}
    kept |= {"training.gif", "curves.png", "latest.png"}
    assert {path.name for path in run.iterdir()} == kept
    names = {path.name for path in (run / "checkpoints").iterdir()}
    assert 1 <= len(names) <= 3
    assert all(re.fullmatch(r"step-\d{7}\.safetensors", name) for name in names)
    samples = {path.name for path in (run / "samples").iterdir()}
    assert all(re.fullmatch(r"\d{7}\.png", name) for name in samples)


class Undisturbed:
    """What comes of a run that nothing disturbs, after each of its steps."""

    def __init__(self, place, pretend):
        self.data, self.pretend = make_pictures(place / "five"), pretend
        run, work = place / "runs" / "run", (self.data, place / "runs" / "run", pretend)
        self.seconds = seconds_of(place / "log", train_and_keep, *work)
        assert_nothing_left_over(run)
        paths = checkpoint_paths(run.parent)[::-1]
        assert len(paths) == STEPS
        self.states = ["", *(digest_of(read_tensors(path)[0]) for path in paths)]
        self.end = state_after(run)
