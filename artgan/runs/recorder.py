"""What a run leaves behind while it trains: its log, sample grids, checkpoints."""

import json
import math
import time
from collections.abc import Sequence
from contextlib import suppress

from artgan.gan.training import GAN
from artgan.paint.files import picture_grid, stretched
from artgan.paint.paint import paint
from artgan.runs.health import HealthCheck
from artgan.runs.log import minutes_trained, read_log
from artgan.runs.run import Run
from artgan.storage.checkpoints import remove_old, save_checkpoint
from artgan.storage.weights import Damaged, read_tensors
from artgan.system.files import replacing
from artgan.system.printing import printable, say

LOGGED = "discriminator_loss", "generator_loss", "discriminator_accuracy"
COUNT, COLUMNS = 18, 6  # of a sample grid
SOONEST = 5.0  # seconds from one numbered grid to the next
GROWTH = 12  # the pause is a 12th of the time trained: 75 grids in three hours
PRICE = 10  # times what a grid takes is waited too


class Recorder:
    """Writes a run's log, sample grids and checkpoints; call it after each step.

    problem: a sentence on why the last checkpoint is not in its place, or "". Whatever
    fails is told once, and training goes on.
    """

    def __init__(self, run: Run, health: HealthCheck | None = None) -> None:
        self.run, self.health = run, health
        run.samples.mkdir(parents=True, exist_ok=True)
        run.checkpoints.mkdir(exist_ok=True)
        self.failed = set[str]()
        self.problem = ""
        self.seconds_between_saves = 180.0
        rows = read_log(run.log)
        self.best = best_distance(run)
        self.saved_at = now = time.monotonic()
        self.began = now - 60 * minutes_trained(rows)
        self.sample_at, self.latest_at = now + SOONEST, now + 15.0

    def __call__(self, gan: GAN, losses: Sequence[float]) -> None:
        now, step = time.monotonic(), int(gan.step.numpy())
        row = {"step": step} | dict(zip(LOGGED, losses, strict=True))
        if step % 10 == 0 or step == 1:
            self.attempt("The log", self.add_row, row)
        if now >= min(self.sample_at, self.latest_at):
            self.save_sample(gan, numbered=now >= self.sample_at)
        if self.health and now >= self.health.due:
            self.attempt("A look at the health", self.check_health, gan, row)
        if now - self.saved_at > self.seconds_between_saves:
            had = self.problem
            self.save(gan)
            if self.problem and not had:
                say(f"\n{self.problem} Make room there; the next save tries again.")
            self.saved_at = time.monotonic()

    def attempt(self, what: str, action, *arguments):
        """Do what training can do without; its first failure is told."""
        try:
            return action(*arguments)
        except Exception as error:
            if what not in self.failed:
                self.failed.add(what)
                say(f"\n{what} failed ({printable(error)}); training goes on.")

    def add_row(self, row: dict) -> None:
        """Add a row to the log, with the time in seconds since 1970."""
        with self.run.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row | {"time": round(time.time(), 1)}) + "\n")

    def save_sample(self, gan: GAN, numbered: bool = True) -> None:
        """Write latest.png and, if numbered, one of the samples that make the GIF."""
        began = time.monotonic()
        self.attempt("A sample grid", self.draw_sample, gan, numbered)
        now = time.monotonic()
        trained, price = now - self.began, PRICE * (now - began)
        self.latest_at = now + max(15.0 if trained < 120 else 60.0, price)
        if numbered:
            self.sample_at = now + max(SOONEST, trained / GROWTH, price)

    def draw_sample(self, gan: GAN, numbered: bool) -> None:
        """Paint the grid of this step and write it where it belongs."""
        grid = picture_grid(stretched(paint(gan, range(COUNT)), gan.config), COLUMNS)
        kept = [self.run.samples / f"{gan.step.numpy():07d}.png"] if numbered else []
        for target in [*kept, self.run.latest]:  # which a viewer may hold
            with replacing(target) as temporary:
                grid.save(temporary, "PNG")

    def check_health(self, gan: GAN, row: dict) -> None:
        """Log the health, keep the best checkpoint, say what goes wrong."""
        assert self.health
        row = self.health(gan, row)
        self.add_row(row)
        if row.get("distance", self.best) < self.best:
            notes = {"distance": repr(row["distance"])}
            save_checkpoint(gan, self.run.checkpoints, "best", notes)
            self.best = row["distance"]
        if warning := self.health.warning():
            say(f"\n{warning}")

    def save(self, gan: GAN) -> None:
        """Save a checkpoint; where the disk fails, `problem` says so.

        Raises FloatingPointError, and saves nothing, if a number is not finite.
        """
        try:
            save_checkpoint(gan, self.run.checkpoints)
            remove_old(self.run.checkpoints)
            self.problem = ""
        except OSError as error:
            reason = printable(error.strerror or error)
            self.problem = f"Step {gan.step.numpy()} could not be saved ({reason})."


def best_distance(run: Run) -> float:
    """The distance at which the best checkpoint was kept; infinity without one."""
    best = run.checkpoints / "best.safetensors"
    with suppress(Damaged, LookupError, ValueError):
        return float(read_tensors(best)[1]["distance"] if best.exists() else math.inf)
    return math.inf
