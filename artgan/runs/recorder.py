"""What a run leaves behind while it trains."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from artgan.paint.grid import picture_grid
from artgan.paint.paint import paint
from artgan.runs.health import HealthCheck
from artgan.runs.log import minutes_trained, read_log
from artgan.runs.saving import Saver
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.weights import read_tensors
from artgan.system.files import replacing
from artgan.system.printing import printable

if TYPE_CHECKING:
    import numpy as np

    from artgan.gan.training import GAN

LOGGED = "discriminator_loss", "generator_loss", "discriminator_accuracy"
COUNT, COLUMNS = 18, 6  # of a sample grid
SOONEST = 5.0  # seconds from one numbered grid to the next
GROWTH = 12  # the pause is a 12th of the time trained: 75 grids in three hours
PRICE = 10  # times what a grid takes is waited too


class Recorder:
    """Writes a run's log, sample grids and checkpoints; call it after each step.

    folder: where all goes; images: the real pictures, to look at the health with;
    watch: a function that is given each new grid; board: a Board. All but checkpoints
    may fail: that is said once, and training goes on.
    """

    def __init__(
        self,
        gan: "GAN",
        folder: str | Path,
        images: "np.ndarray | None" = None,
        minutes_between_saves=3,
        watch=None,
        board=None,
    ) -> None:
        self.folder, self.watch, self.board = Path(folder), watch, board
        self.samples, self.log = self.folder / "samples", self.folder / "log.jsonl"
        self.latest = self.folder / "latest.png"
        self.samples.mkdir(parents=True, exist_ok=True)
        self.seconds_between_saves = 60 * minutes_between_saves
        self.checkpoints = self.folder / "checkpoints"
        self.failed: set[str] = set()
        self.saver, self.last_good = Saver(self.checkpoints), None
        rows = read_log(self.log) if self.log.exists() else []
        self.health = HealthCheck(images, rows, self.folder.resolve().name)
        self.best = best_distance(self.checkpoints)
        self.saved_at = now = time.monotonic()
        self.began = now - 60 * minutes_trained(rows)
        self.sample_at, self.latest_at = now + SOONEST, now + latest_pause(0)
        self.is_new = not rows

    def __call__(self, gan: "GAN", losses: Sequence[float]):
        now, step = time.monotonic(), int(gan.step)
        if step % 10 == 0 or self.is_new:
            self.is_new = False
            row = {"step": step} | dict(zip(LOGGED, losses, strict=True))
            self.attempt("The log", self.add_row, row)
        if now >= self.sample_at:
            self.save_sample(gan)
        elif now >= self.latest_at:
            self.save_sample(gan, numbered=False)
        if self.health.images is not None and now >= self.health.due:
            self.attempt("A look at the health", self.look, gan, losses)
        if now - self.saved_at > self.seconds_between_saves:
            self.save(gan)

    def attempt(self, what: str, action, *arguments):
        """Do what training can do without; its first failure is told."""
        try:
            return action(*arguments)
        except Exception as error:
            if what not in self.failed:
                self.failed.add(what)
                self.say(f"{what} failed ({printable(error)}); training goes on.")

    def say(self, text: str) -> None:
        """Print a line above the progress bar."""
        self.attempt("Printing", tqdm.write, text)

    def add_row(self, row: dict) -> None:
        """Add a row to the log, with the time in seconds since 1970."""
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row | {"time": round(time.time(), 1)}) + "\n")
        if self.board:
            self.board.add_row(row)

    def save_sample(self, gan: "GAN", numbered: bool = True) -> None:
        """Write latest.png, what the same latents give at this step.

        numbered: also keep it among the samples that the GIF is made of.
        """
        began = time.monotonic()
        self.attempt("A sample grid", self.draw_sample, gan, numbered)
        now = time.monotonic()
        trained, price = now - self.began, PRICE * (now - began)
        self.latest_at = now + max(latest_pause(trained), price)
        if numbered:
            self.sample_at = now + max(SOONEST, trained / GROWTH, price)

    def draw_sample(self, gan: "GAN", numbered: bool) -> None:
        """Paint the grid of this step and write it where it belongs."""
        grid, step = picture_grid(paint(gan, range(COUNT)), COLUMNS), int(gan.step)
        numbered_path = self.samples / f"{step:07d}.png"
        for target in [self.latest, *([numbered_path] if numbered else [])]:
            with replacing(target) as temporary:
                grid.save(temporary, "PNG")
        if self.board:
            self.board.add_picture(step, grid)
        if self.watch:
            self.watch(grid)

    def look(self, gan, losses) -> None:
        """Look at the health: log it, keep the best checkpoint, say what goes wrong."""
        row = self.health(gan, dict(zip(LOGGED, losses, strict=True)))
        if row is None:
            return
        self.add_row(row)
        if row.get("distance", self.best) < self.best:
            notes = {"distance": repr(row["distance"])}
            save_checkpoint(gan, self.checkpoints, "best", notes)
            self.best = row["distance"]
        if warning := self.health.warning():
            self.say(warning)

    def save(self, gan: "GAN") -> None:
        """Write a checkpoint; where it cannot be, that is said, and nothing raised."""
        path = self.saver(gan)
        self.last_good = path or self.last_good
        self.saved_at = time.monotonic()


def latest_pause(seconds_trained: float) -> float:
    """Seconds until latest.png is renewed."""
    return 15.0 if seconds_trained < 120 else 60.0


def best_distance(checkpoints: Path):
    """The distance at which the best checkpoint was kept; infinity without one."""
    try:
        told = read_tensors(checkpoints / "best.safetensors")[1]["distance"]
        return min(float("inf"), float(told))  # which is not the second if that is nan
    except (OSError, LookupError, RuntimeError, ValueError):
        return float("inf")
