"""What a run leaves behind while it trains."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from artgan.paint.files import picture_grid
from artgan.paint.paint import paint
from artgan.runs.health import HealthCheck
from artgan.runs.log import minutes_trained, read_log
from artgan.runs.run import Run
from artgan.runs.saving import Saver
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.weights import read_tensors
from artgan.system.errors import ArtganError
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

    images, labels: the real pictures, to watch the health with; board: a Board;
    last_good: the checkpoint that the run goes on from. All but checkpoints may fail:
    that is said once, and training goes on.
    """

    def __init__(
        self,
        run: Run,
        images: "np.ndarray | None" = None,
        last_good: Path | None = None,
        board=None,
        labels: "np.ndarray | None" = None,
    ) -> None:
        self.run, self.board, self.failed = run, board, set[str]()
        run.samples.mkdir(parents=True, exist_ok=True)
        self.seconds_between_saves = 180.0
        self.saver = Saver(run.checkpoints, last_good)
        rows = read_log(run.log)
        self.is_new = not rows
        self.health = HealthCheck(images, rows, run.name, labels)
        self.best = best_distance(run.checkpoints)
        self.saved_at = now = time.monotonic()
        self.began = now - 60 * minutes_trained(rows)
        self.sample_at, self.latest_at = now + SOONEST, now + latest_pause(0)

    def __call__(self, gan: "GAN", losses: Sequence[float]) -> None:
        now, step = time.monotonic(), int(gan.step.numpy())
        if step % 10 == 0 or self.is_new:
            self.is_new = False
            row = {"step": step} | dict(zip(LOGGED, losses, strict=True))
            self.attempt("The log", self.add_row, row)
        if now >= self.sample_at:
            self.save_sample(gan)
        elif now >= self.latest_at:
            self.save_sample(gan, numbered=False)
        if self.health.images is not None and now >= self.health.due:
            self.attempt("A look at the health", self.check_health, gan, losses)
        if now - self.saved_at > self.seconds_between_saves:
            self.saver.save_and_tell(gan)
            self.saved_at = time.monotonic()

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
        with self.run.log.open("a", encoding="utf-8") as file:
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
        grid = picture_grid(paint(gan, range(COUNT)), COLUMNS)
        step = int(gan.step.numpy())
        kept = [self.run.samples / f"{step:07d}.png"] if numbered else []
        for target in [self.run.latest, *kept]:
            with replacing(target) as temporary:
                grid.save(temporary, "PNG")
        if self.board:
            self.board.add_picture(step, grid)

    def check_health(self, gan: "GAN", losses: Sequence[float]) -> None:
        """Log the health, keep the best checkpoint, say what goes wrong."""
        row = self.health(gan, dict(zip(LOGGED, losses, strict=True)))
        self.add_row(row)
        if row.get("distance", self.best) < self.best:
            notes = {"distance": repr(row["distance"])}
            save_checkpoint(gan, self.run.checkpoints, "best", notes)
            self.best = row["distance"]
        if warning := self.health.warning():
            self.say(warning)


def latest_pause(seconds_trained: float) -> float:
    """Seconds until latest.png is renewed."""
    return 15.0 if seconds_trained < 120 else 60.0


def best_distance(checkpoints: Path) -> float:
    """The distance at which the best checkpoint was kept; infinity without one."""
    try:
        told = read_tensors(checkpoints / "best.safetensors")[1]["distance"]
        return min(float("inf"), float(told))  # which is not the second if that is nan
    except (ArtganError, LookupError, ValueError):
        return float("inf")
