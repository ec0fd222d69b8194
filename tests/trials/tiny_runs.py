"""A tiny training, as a function for a trial's process, and what comes of it."""

import shutil

from trials.killing import command, count_changes
from trials.work import fill_folder

from artgan.runs.log import read_log
from artgan.storage.checkpoints import checkpoint_paths, checkpoint_step
from artgan.storage.weights import first_whole

STEPS = 12
SETTINGS = {"size": 16, "initial_resolution": 4, "base_channels": 4, "max_channels": 8}
SETTINGS |= {"latent_size": 6, "ema_decay": 0.9, "batch_size": 2, "seed": 3}
SETTINGS |= {"precision": "float32"}


def train(data, run, steps=STEPS, kept=None):
    """Train a run with the command, saving after each step; kept: copies of all."""
    import artgan.runs.recorder as recorder

    begin, save = recorder.Recorder.__init__, recorder.save_checkpoint

    def begin_eagerly(self, *arguments, **options):
        begin(self, *arguments, **options)
        self.seconds_between_saves = -1.0

    def save_and_keep(*arguments, **options):
        path = save(*arguments, **options)
        if kept:
            shutil.copy(path, kept)
        return path

    recorder.Recorder.__init__ = begin_eagerly
    recorder.save_checkpoint = save_and_keep
    changes = [f"--set={field}={value}" for field, value in SETTINGS.items()]
    place = ["--run", run.name, "--runs", run.parent, "--until-step", steps]
    return command("train", "--data", data, *place, "--preset", "dcgan", *changes)


def newest_state(folder):
    """The newest whole checkpoint in a folder: (step, numbers); (0, {}) for none."""
    if not (paths := checkpoint_paths(folder)):
        return 0, {}
    path, (arrays, _) = first_whole(paths)
    return checkpoint_step(path), bits_of(arrays)


def bits_of(arrays):
    """Named arrays as bytes, to be compared to the bit."""
    return {name: array.tobytes() for name, array in arrays.items()}


def state_after(run):
    """What must be the same in all runs of a seed and length: numbers and log."""
    log = [row for row in read_log(run / "log.jsonl") if "structure" not in row]
    for row in log:
        del row["time"]
    return newest_state(run / "checkpoints"), log


def assert_nothing_left_over(run):
    """No half file and no old checkpoint is in a run's folder."""
    assert not [*run.rglob("*.part"), *run.rglob(".*.half")]
    assert 1 <= len(checkpoint_paths(run / "checkpoints")) <= 3


class Undisturbed:
    """What comes of a run that nothing disturbs, after each of its steps."""

    def __init__(self, place):
        self.data = fill_folder(place / "five")
        run, kept = place / "run", place / "kept"
        kept.mkdir()
        self.changes = count_changes(place / "log", train, self.data, run, STEPS, kept)
        assert_nothing_left_over(run)
        self.end, self.states = state_after(run), {0: {}}
        for path in checkpoint_paths(kept):
            alone = place / path.stem
            alone.mkdir()
            step, bits = newest_state(path.rename(alone / path.name).parent)
            self.states[step] = bits
        assert [*self.states] == [0, *range(STEPS, 0, -1)]
