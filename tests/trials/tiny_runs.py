"""What is done to tiny runs, as functions that a trial's process can do."""

import hashlib
import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image
from trials.killing import command, die, seconds_of

from artgan.data.dataset import Dataset
from artgan.storage.checkpoints import checkpoint_step, newest_checkpoint

STEPS = 40
SETTINGS = {
    "size": 16,
    "width": 4,
    "discriminator_width": 4,
    "latent_size": 6,
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
    Dataset(folder, SETTINGS["size"], progress=False)
    return folder


def train(data, run, steps=STEPS, pretend=False, seconds=0.0, fatal=0, late=0.0):
    """Train a run with the command, and tell each step that was saved.

    pretend: change all numbers at each step by what needs no gradients. seconds:
    between saves. fatal: the number of the save, counted from 1, that is killed `late`
    seconds after it begins; 0 for none.
    """
    import artgan.runs.recorder
    import artgan.runs.run

    save, numbers = artgan.runs.recorder.save_checkpoint, iter(range(1, 10**6))

    def save_and_tell(gan, manager):
        if next(numbers) == fatal:
            die(late)
        save(gan, manager)
        print(f"\nsaved {int(gan.step)}", flush=True)

    artgan.runs.recorder.save_checkpoint = save_and_tell
    artgan.runs.run.Recorder = partial(
        artgan.runs.recorder.Recorder, minutes_between_saves=seconds / 60
    )
    if pretend:
        artgan.runs.run.train = pretend_to_train
    changes = [f"--set={field}={value}" for field, value in SETTINGS.items()]
    place = ["--run", run.name, "--runs", run.parent, "--steps", steps]
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
            action(gan, [0.5, 0.25])


def train_and_keep(data, run, pretend):
    """Train a run undisturbed, and keep a copy of every checkpoint beside it."""
    import artgan.runs.recorder

    save = artgan.runs.recorder.save_checkpoint

    def save_and_keep(gan, manager):
        path = Path(save(gan, manager))
        for file in path.parent.glob(f"{path.name}.*"):
            shutil.copy(file, run.parent)

    artgan.runs.recorder.save_checkpoint = save_and_keep
    return train(data, run, STEPS, pretend)


def saved_steps(output):
    """The steps that the output of `train` says were saved."""
    words = [line.split() for line in output.splitlines()]
    return [int(line[1]) for line in words if line[:1] == ["saved"]]


def newest_state(folder):
    """The step of the newest whole checkpoint in a folder, and what it holds."""
    path, _ = newest_checkpoint(folder)
    return (checkpoint_step(Path(path)), stored_state(path)) if path else (0, "")


def stored_state(path):
    """The digest of all numbers in a checkpoint, but for the count of savings."""
    reader, digest = tf.train.load_checkpoint(str(path)), hashlib.sha256()
    for name in sorted(reader.get_variable_to_shape_map()):
        if name != "_CHECKPOINTABLE_OBJECT_GRAPH" and "save_counter" not in name:
            digest.update(name.encode() + np.asarray(reader.get_tensor(name)).tobytes())
    return digest.hexdigest()


def state_after(run):
    """What must be the same in all runs of a seed and length: numbers and pictures."""
    rows = (run / "log.jsonl").read_text("utf-8").splitlines()
    log = [json.loads(row) for row in rows]
    for row in log:
        del row["time"]
    samples = sorted(
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in (run / "samples").iterdir()
    )
    return newest_state(run / "checkpoints"), log, samples


def assert_nothing_left_over(run):
    """Every file in a run's folder is one that a training leaves on purpose."""
    kept = {"samples", "checkpoints", "log.jsonl", ".lock", "training.gif"}
    assert {path.name for path in run.iterdir()} == kept | {"losses.png"}
    names = {path.name for path in (run / "checkpoints").iterdir()}
    indexes = sorted(name for name in names if name.endswith(".index"))
    assert len(indexes) <= 3
    data = {name.replace(".index", ".data-00000-of-00001") for name in indexes}
    assert names == {"checkpoint", *indexes, *data}


class Undisturbed:
    """What comes of a run that nothing disturbs, after each of its steps."""

    def __init__(self, place, pretend):
        self.data, self.pretend = make_pictures(place / "five"), pretend
        run, work = place / "runs" / "run", (self.data, place / "runs" / "run", pretend)
        self.seconds = seconds_of(place / "log", train_and_keep, *work)
        assert_nothing_left_over(run)
        kept = [run.parent / f"ckpt-{step}" for step in range(1, STEPS + 1)]
        self.states = ["", *map(stored_state, kept)]
        self.end = state_after(run)
