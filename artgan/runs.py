"""A run: one folder with its checkpoints, samples, log, curves and GIF."""

import json
import os
import time
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from artgan.checkpoints import (
    make_manager,
    newest_checkpoint,
    restore_newest,
    save_checkpoint,
)
from artgan.config import Config
from artgan.errors import ArtganError
from artgan.gallery import generate, picture_grid, plot_losses, read_log, save_gif
from artgan.lock import only_one
from artgan.training import GAN, train

MINUTES_BETWEEN_CHECKPOINTS = 3
STEPS_BETWEEN_LOG_LINES = 10


class Run:
    """The folder of a run and what is written into it after a step.

    sample_every: steps between two sample grids, all of the same 32 latents.
    """

    def __init__(self, folder, gan, sample_every=100):
        self.folder, self.gan, self.sample_every = Path(folder), gan, sample_every
        self.samples = self.folder / "samples"
        self.log = self.folder / "log.jsonl"
        self.samples.mkdir(parents=True, exist_ok=True)
        self.manager = make_manager(gan, self.folder / "checkpoints")
        self.saved_at = time.monotonic()

    @property
    def step(self):
        """How many steps the run has made."""
        return int(self.gan.step)

    def resume(self):
        """Go on from the newest whole checkpoint; return the step, 0 for a new run."""
        try:
            restore_newest(self.gan, self.manager)
        except ValueError as error:
            raise ArtganError(
                f"{error} Nothing was changed. Give the settings the run was started "
                "with, another --run name, or --fresh to start it over."
            ) from None
        self.forget_later_lines()
        return self.step

    def forget_later_lines(self):
        """Drop log lines past the step that the run goes on from, and a torn one."""
        if not self.log.exists():
            return
        kept = [r for r in read_log(self.log) if r["step"] <= self.step]
        temporary = self.log.with_suffix(".part")
        temporary.write_text("".join(json.dumps(r) + "\n" for r in kept), "utf-8")
        os.replace(temporary, self.log)

    def record(self, gan, losses):
        """After each step: log, sample and save when it is time to."""
        step = int(gan.step)
        if step % STEPS_BETWEEN_LOG_LINES == 0 or not self.log.exists():
            line = {"step": step, "discriminator": losses[0], "generator": losses[1]}
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line | {"time": round(time.time(), 1)}) + "\n")
        if step % self.sample_every == 0:
            self.save_sample()
        if time.monotonic() - self.saved_at > 60 * MINUTES_BETWEEN_CHECKPOINTS:
            self.save()

    def save_sample(self):
        """Write the grid of the fixed latents at this step."""
        target = self.samples / f"{self.step:07d}.png"
        temporary = target.with_suffix(".part")
        picture_grid(generate(self.gan, 32)).save(temporary, "PNG")
        os.replace(temporary, target)

    def save(self):
        """Write a checkpoint; return its path."""
        self.saved_at = time.monotonic()
        return save_checkpoint(self.gan, self.manager)

    def finish(self):
        """Save all, and draw the GIF and the curves; return their paths."""
        self.save_sample()
        self.save()
        return draw_run(self.folder)


def run_training(run, images, steps=None, minutes=None):
    """Train a run, and leave it saved however the training ends, but for a bad loss.

    steps: how many the run shall have in all; minutes: how much longer it shall train.
    Returns the paths of the GIF and the curves. Raises ArtganError on a loss that is
    not a number; the checkpoints are then as they were.
    """
    if steps:
        steps -= run.step  # of those wanted in all, some are made
    try:
        if steps is None or steps > 0:
            train(run.gan, images, steps, minutes, [run.record])
    except KeyboardInterrupt:
        print("\nStopped. Saving; the same command goes on from here.")
    except FloatingPointError as error:
        last = run.manager.latest_checkpoint or "none yet"
        raise ArtganError(
            f"Training stopped, {error}. Nothing of that was saved. The last good "
            f"checkpoint is {last}. Lower the learning rates in a new run, or go on "
            "from there with precision float32."
        ) from None
    return run.finish()


@contextmanager
def open_run(folder, config, fresh=False):
    """Hold a run's folder, new or resumed, while the block lasts; yield the Run.

    fresh: an old run there is kept under another name. Raises ArtganError when another
    process trains there, or the run was started with another config.
    """
    folder = Path(folder)
    if fresh and folder.exists():
        print(f"The old run is kept as {set_aside(folder)}.")
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder, "training in"):
        run = Run(folder, GAN(config))
        run.resume()
        yield run


def dry_run(config):
    """Print the config and train two steps on noise, to see that all of it works."""
    print("\n".join(f"{name} = {value!r}" for name, value in asdict(config).items()))
    shape = [2 * config.batch_size, config.size, config.size, 3]
    images = np.random.default_rng(config.seed).integers(0, 256, shape, np.uint8)
    gan = GAN(config)
    train(gan, images, steps=2)
    generator, discriminator = gan.generator, gan.discriminator
    print(
        f"Two steps ran. The generator has {generator.count_params():,} parameters, "
        f"the discriminator {discriminator.count_params():,}. Nothing was kept."
    )


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


def paint(gan, count, seed, folder):
    """Write `count` pictures, one file and one seed each; return their paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in tqdm(range(seed, seed + count), "Painting", disable=None):
        path = folder / f"{number:06d}.png"
        temporary = path.with_suffix(".part")
        Image.fromarray(generate(gan, 1, number)[0]).save(temporary, "PNG")
        os.replace(temporary, path)
        paths.append(path)
    return paths


def existing_run(folder):
    """The folder, if it is that of a run; else an ArtganError that lists the runs."""
    if (folder / "checkpoints").is_dir():
        return folder
    names = sorted(p.parent.name for p in folder.parent.glob("*/checkpoints"))
    raise ArtganError(
        f"There is no run {folder}. "
        + (f"The runs there are: {', '.join(names)}." if names else "Train one first.")
    )


def draw_run(folder):
    """Make the GIF and the loss curves of a run's folder; return their paths."""
    samples = sorted(existing_run(folder).glob("samples/*.png"))
    if not samples:
        raise ArtganError(f"{folder} has no samples yet. Train it longer.")
    gif, curves = folder / "training.gif", folder / "losses.png"
    save_gif(samples, gif)
    plot_losses(folder / "log.jsonl", curves)
    return gif, curves


def set_aside(folder):
    """Rename a run's folder so that its name is free; return the new path."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}-old-{number}")).exists():
        number += 1
    return folder.rename(aside)
