"""A run: a folder that training starts in, stops in, and goes on in."""

import json
import re
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from artgan.gan.training import GAN, train
from artgan.paint.grid import save_gif
from artgan.runs.board import Board
from artgan.runs.log import read_log
from artgan.runs.recorder import Recorder
from artgan.storage.checkpoints import load_checkpoint, refuse_former
from artgan.storage.run_folder import existing_run
from artgan.system.errors import ArtganError
from artgan.system.files import replacing
from artgan.system.lock import only_one
from artgan.system.printing import printable, say
from artgan.system.signals import stopped_between_steps

if TYPE_CHECKING:
    from artgan.gan.config import Config


@contextmanager
def open_run(
    folder: Path,
    config: "Config",
    images: np.ndarray | None = None,
    fresh: bool = False,
    board=None,
):
    """Hold a run's folder, new or resumed, for the block; yield its GAN and Recorder.

    images: the real pictures, for the health; fresh: an old run there is kept under
    another name; board: whether to write for TensorBoard too. Raises ArtganError when
    another process trains there, or the run was started with another config.
    """
    folder = Path(folder)
    if fresh and folder.exists():
        with only_one(folder, "training in"):
            pass  # Windows renames no folder in which a file is held
        print(f"The old run is kept as {set_aside(folder)}.")
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder, "training in"):
        gan = GAN(config)
        restored = resume(gan, folder)
        remove_half_files(folder)
        forget_unsaved(folder, int(gan.step))
        recorder = Recorder(gan, folder, images)
        recorder.last_good = restored
        if board:
            place = folder / "tensorboard"
            recorder.board = recorder.attempt("TensorBoard", Board, place)
        if not restored:
            recorder.save_sample(gan)
        yield gan, recorder


def resume(gan: GAN, folder: Path):
    """Go on from the newest whole checkpoint; return its path, or None."""
    refuse_former(folder / "checkpoints")
    try:
        return load_checkpoint(gan, folder / "checkpoints")
    except (RuntimeError, ValueError) as error:
        raise ArtganError(
            f"{error} Nothing was changed. Give the settings the run was started with "
            "or none, another --run name, or --fresh to start it over."
        ) from None


def remove_half_files(folder: Path) -> None:
    """Remove what a process that was killed had not finished writing."""
    for path in folder.rglob("*.part"):
        with suppress(OSError):
            path.unlink()


def forget_unsaved(folder: Path, step: int) -> None:
    """Remove what a killed run recorded of steps that it did not save."""
    log = folder / "log.jsonl"
    if log.exists():
        kept = [row for row in read_log(log) if row["step"] <= step]
        with replacing(log) as temporary:
            lines = (json.dumps(row) + "\n" for row in kept)
            temporary.write_text("".join(lines), "utf-8")
    for sample in folder.glob("samples/*.png"):
        if sample.stem.isdecimal() and int(sample.stem) > step:
            sample.unlink()


def run_training(
    gan: GAN,
    recorder: Recorder,
    images: np.ndarray,
    steps: int | None = None,
    minutes: float | None = None,
    callbacks=(),
):
    """Train so many more steps or minutes, and leave the run saved however it ends.

    callbacks: functions that are called after each step with (gan, losses).
    Returns the paths of the GIF and the curves. Raises ArtganError on a loss that is
    not a number, or where the state could not be saved at last; the checkpoints are
    then as they were.
    """
    with explained(recorder):
        try:
            with stopped_between_steps() as stop_if_asked:
                actions = [recorder, *callbacks, stop_if_asked]
                train(gan, images, steps, minutes, actions)
        except KeyboardInterrupt:
            say("\nStopped. Saving; the same command goes on from here.")
        save_at_last(gan, recorder)
    if problem := recorder.saver.problem:
        last = last_good(recorder)
        raise ArtganError(f"{problem} The last good checkpoint is {last}.")
    return recorder.attempt("The GIF", draw_run, recorder.folder) or (None, None)


def save_at_last(gan: GAN, recorder: Recorder) -> None:
    """Save the end of a training, even if it is told to stop just then."""
    try:
        recorder.save(gan)
    except KeyboardInterrupt:
        recorder.save(gan)
    recorder.save_sample(gan)


@contextmanager
def explained(recorder: Recorder):
    """Turn what ends a training badly into an ArtganError that tells what was kept."""
    try:
        yield
        return
    except FloatingPointError as error:
        happened = f"Training stopped: {error}. Nothing of that was saved."
        next_time = "Run this again, or a new run with --set precision=float32."
    except tf.errors.OpError as error:
        happened = f"Training could not go on: {reason(error)}."
        next_time = "Make room in memory, or train with a smaller --set batch_size."
    last = last_good(recorder)
    raise ArtganError(f"{happened} The last good checkpoint is {last}. {next_time}")


def last_good(recorder: Recorder):
    """The path of the last checkpoint that was saved, as words."""
    return printable(recorder.last_good or "none yet", 400)


def reason(error: tf.errors.OpError) -> str:
    """What TensorFlow says has happened, without where in its graph.

    It says "{{function_node ...}} what happened [Op:Conv2D]".
    """
    line = re.sub(r"\{\{.*?\}\}|\[Op:.*", "", error.message, flags=re.DOTALL)
    return printable(line.rpartition("; ")[2].strip() or type(error).__name__)


def dry_run(config: "Config") -> None:
    """Print the config and train two steps on noise, to see that all of it works."""
    print("\n".join(f"{name} = {value!r}" for name, value in asdict(config).items()))
    shape = [2 * config.batch_size, config.size, config.size, 3]
    images = np.random.default_rng(config.seed).integers(0, 256, shape, np.uint8)
    gan = GAN(config)
    train(gan, images, steps=2)
    for network in gan.generator, gan.discriminator:
        print(f"The {network.name} has {network.count_params():,} parameters.")
    print("Two steps ran, and nothing was kept.")


def draw_run(folder: Path):
    """Make the GIF and the curves of a run's folder; return their paths.

    Raises ArtganError where there is no run, or no sample is whole.
    """
    from artgan.runs.figures import plot_curves  # matplotlib takes its time to load

    samples = sorted(existing_run(folder).glob("samples/*.png"))
    if not samples:
        raise ArtganError(f"{printable(folder)} has no samples yet. Train it longer.")
    gif, curves = folder / "training.gif", folder / "curves.png"
    try:
        save_gif(samples, gif)
    except ValueError as error:
        raise ArtganError(f"No GIF was made: {error}. Train {folder} longer.") from None
    if (folder / "log.jsonl").exists():
        plot_curves(folder / "log.jsonl", curves)
    return gif, curves


def set_aside(folder: Path):
    """Rename a run's folder so that its name is free; return the new path."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}-old-{number}")).exists():
        number += 1
    return folder.rename(aside)
