"""What a run leaves behind while it trains."""

import json
import os
import time
from pathlib import Path

from artgan.paint.grid import generate, picture_grid
from artgan.storage.checkpoints import make_manager, save_checkpoint


class Recorder:
    """Writes a run's log, sample grids and checkpoints; call it after each step.

    folder: where all goes. watch: a function that is given each new grid, to show it.
    """

    def __init__(self, gan, folder, minutes_between_saves=3, watch=None):
        self.folder, self.watch = Path(folder), watch
        self.seconds_between_saves = 60 * minutes_between_saves
        self.samples, self.log = self.folder / "samples", self.folder / "log.jsonl"
        self.samples.mkdir(parents=True, exist_ok=True)
        self.manager = make_manager(gan, self.folder / "checkpoints")
        self.saved_at = time.monotonic()

    def __call__(self, gan, losses):
        step = int(gan.step)
        if step % 10 == 0 or not self.log.exists():
            row = {"step": step, "discriminator": losses[0], "generator": losses[1]}
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row | {"time": round(time.time(), 1)}) + "\n")
        # Ever more seldom, for the first steps change the pictures the most.
        if step % max(32, 2 ** (step.bit_length() - 6)) == 0:
            self.save_sample(gan)
        if time.monotonic() - self.saved_at > self.seconds_between_saves:
            self.save(gan)

    def save_sample(self, gan, count=18, columns=6):
        """Write the grid of the pictures that the same latents give at this step."""
        target = self.samples / f"{int(gan.step):07d}.png"
        temporary = target.with_suffix(".part")
        grid = picture_grid(generate(gan, count), columns)
        grid.save(temporary, "PNG")
        os.replace(temporary, target)
        if self.watch:
            self.watch(grid)

    def save(self, gan):
        """Write a checkpoint."""
        save_checkpoint(gan, self.manager)
        self.saved_at = time.monotonic()
