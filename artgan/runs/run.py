"""A run: a folder that training starts in, stops in, and goes on in."""

import json
import re
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
import tensorflow as tf

from artgan.gan.config import Config
from artgan.gan.training import GAN, train
from artgan.paint.grid import read_log, save_gif
from artgan.runs.recorder import Recorder
from artgan.storage.checkpoints import make_manager, newest_checkpoint, restore_newest
from artgan.storage.recovery import clear_remains, remove_unfinished
from artgan.system.errors import ArtganError
from artgan.system.files import replacing
from artgan.system.lock import only_one


@contextmanager
def open_run(folder, config, fresh=False):
    """Hold a run's folder, new or resumed, for the block; yield its GAN and Recorder.

    fresh: an old run there is kept under another name. Raises ArtganError when another
    process trains there, or the run was started with another config.
    """
    folder = Path(folder)
    if fresh and folder.exists():
        with only_one(folder, "training in"):
            pass  # Windows renames no folder in which a file is held
        print(f"The old run is kept as {set_aside(folder)}.")
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder, "training in"):
        gan = GAN(config)
        clear_remains(folder)
        recorder = Recorder(gan, folder)
        resume(gan, recorder)
        yield gan, recorder


def resume(gan, recorder):
    """Go on from the newest whole checkpoint, or begin with a grid of noise."""
    try:
        restore_newest(gan, recorder.manager)
    except ValueError as error:
        raise ArtganError(
            f"{error} Nothing was changed. Give the settings the run was started with, "
            "another --run name, or --fresh to start it over."
        ) from None
    if gan.step == 0:
        recorder.save_sample(gan)
    forget_unsaved(recorder, int(gan.step))


def forget_unsaved(recorder, step):
    """Remove what a killed run recorded of steps that it did not save."""
    if recorder.log.exists():
        kept = [row for row in read_log(recorder.log) if row["step"] <= step]
        with replacing(recorder.log) as temporary:
            lines = (json.dumps(row) + "\n" for row in kept)
            temporary.write_text("".join(lines), "utf-8")
        if not kept:  # The recorder shall begin it anew.
            recorder.log.unlink()
    for sample in recorder.samples.glob("*.png"):
        if sample.stem.isdecimal() and int(sample.stem) > step:
            sample.unlink()


def run_training(gan, recorder, images, steps=None, minutes=None):
    """Train, and leave the run saved however the training ends, but for a bad loss.

    steps: how many the run shall have in all; minutes: how much longer it shall train.
    Returns the paths of the GIF and the curves. Raises ArtganError on a loss that is
    not a number or a full disk; the checkpoints are then as they were.
    """
    if steps and steps <= int(gan.step):
        print("The run has made these steps already; a larger --steps goes on.")
        recorder.save_sample(gan)  # It may have been killed before this.
        return draw_run(recorder.folder)
    steps = steps and steps - int(gan.step)
    with explained(recorder):
        try:
            train(gan, images, steps, minutes, [recorder])
        except KeyboardInterrupt:
            print("\nStopped. Saving; the same command goes on from here.")
        recorder.save(gan)
        recorder.save_sample(gan)
    return draw_run(recorder.folder)


@contextmanager
def explained(recorder):
    """Turn what ends a training badly into an ArtganError that tells what was kept."""
    try:
        yield
        return
    except FloatingPointError as error:
        happened = f"Training stopped: {error}. Nothing of that was saved."
        next_time = "Run this again, or a new run with --set precision=float32."
    except tf.errors.OpError as error:
        remove_unfinished(recorder.manager.directory)  # A full disk needs the room.
        happened = f"Training could not go on: {reason(error)}."
        next_time = "Make room on the disk or in memory, then run this again."
    last = recorder.manager.latest_checkpoint or "none yet"
    raise ArtganError(f"{happened} The last good checkpoint is {last}. {next_time}")


def reason(error):
    """What TensorFlow says has happened, without where in its graph and in which file.

    It says "{{function_node ...}} a/path; No space left on device [Op:SaveV2]".
    """
    line = re.sub(r"\{\{.*?\}\}|\[Op:.*", "", error.message, flags=re.DOTALL)
    return line.rpartition("; ")[2].strip()[:200]


def dry_run(config):
    """Print the config and train two steps on noise, to see that all of it works."""
    print("\n".join(f"{name} = {value!r}" for name, value in asdict(config).items()))
    shape = [2 * config.batch_size, config.size, config.size, 3]
    images = np.random.default_rng(config.seed).integers(0, 256, shape, np.uint8)
    gan = GAN(config)
    train(gan, images, steps=2)
    for network in gan.generator, gan.discriminator:
        print(f"The {network.name} has {network.count_params():,} parameters.")
    print("Two steps ran, and nothing was kept.")


def load_gan(folder):
    """The GAN of a run, to paint with. Raises ArtganError where there is none."""
    folder = existing_run(folder)
    try:
        path, stored = newest_checkpoint(folder / "checkpoints")
        if path is None:
            raise ArtganError(f"{folder} has no checkpoint yet. Train it longer.")
        gan = GAN(Config(**stored))
        restore_newest(gan, make_manager(gan, folder / "checkpoints"))
    except (TypeError, ValueError) as error:
        raise ArtganError(f"{folder} cannot be loaded: {error}") from None
    return gan


def existing_run(folder):
    """The folder, if it is that of a run; else an ArtganError that lists the runs."""
    if (folder / "checkpoints").is_dir():
        return folder
    names = sorted(p.parent.name for p in folder.parent.glob("*/checkpoints"))
    others = f"The runs there are: {', '.join(names)}." if names else "Train one first."
    raise ArtganError(f"There is no run {folder}. {others}")


def draw_run(folder):
    """Make the GIF and the loss curves of a run's folder; return their paths."""
    from artgan.runs.figures import (
        plot_losses,  # loads matplotlib, which takes its time
    )

    samples = sorted(existing_run(folder).glob("samples/*.png"))
    if not samples:
        raise ArtganError(f"{folder} has no samples yet. Train it longer.")
    gif, curves = folder / "training.gif", folder / "losses.png"
    try:
        save_gif(samples, gif)
    except ValueError as error:
        raise ArtganError(f"No GIF was made: {error}. Train {folder} longer.") from None
    if (folder / "log.jsonl").exists():
        plot_losses(folder / "log.jsonl", curves)
    return gif, curves


def set_aside(folder):
    """Rename a run's folder so that its name is free; return the new path."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}-old-{number}")).exists():
        number += 1
    return folder.rename(aside)
