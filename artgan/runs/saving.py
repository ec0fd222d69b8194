"""Saving a training's state, whatever the disk does."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from artgan.storage.checkpoints import remove_old, save_checkpoint
from artgan.system.printing import printable, say

if TYPE_CHECKING:
    from artgan.gan.training import GAN

PAUSES = (0.2, 1.0, 3.0)  # seconds until it is tried again


class Saver:
    """Saves checkpoints in a folder; where that fails, elsewhere, and training goes on.

    problem: a sentence on why the last one is not in its place, or ""; last_good: the
    path of the last that was saved; spare: a folder of temporary files, or None.
    """

    def __init__(self, folder: Path, last_good: Path | None = None) -> None:
        self.folder, self.last_good = folder, last_good
        self.problem = ""
        self.spare: str | None = None

    def __call__(self, gan: "GAN") -> None:
        """Save a checkpoint; what goes wrong is in `problem`.

        Raises FloatingPointError, and saves nothing, if a number is not finite.
        """
        try:
            self.last_good = save_patiently(gan, self.folder)
            remove_old(self.folder)
            if self.spare:
                shutil.rmtree(self.spare, ignore_errors=True)
            self.problem, self.spare = "", None
        except OSError as error:
            reason = printable(error.strerror or error)
            self.problem = f"Step {gan.step.numpy()} could not be saved ({reason})."
            self.save_elsewhere(gan)

    def save_elsewhere(self, gan: "GAN") -> None:
        """Save among temporary files, in a folder that is this user's alone."""
        try:
            self.spare = self.spare or tempfile.mkdtemp(prefix="artgan-saved-")
            self.last_good = save_checkpoint(gan, self.spare)
            remove_old(self.spare, keep=1)
        except OSError:
            return
        self.problem += (
            f" It is kept as {printable(self.last_good, 400)}; move that file into "
            f"{printable(self.folder)} to go on from it."
        )

    def save_and_tell(self, gan: "GAN") -> None:
        """Save; the first of several failures is told."""
        had = self.problem
        self(gan)
        if self.problem and not had:
            say(f"\n{self.problem} Make room there; the next save tries again.")


def save_patiently(gan: "GAN", folder: Path) -> Path:
    """Save a checkpoint, trying again where the disk fails for a moment.

    Raises the OSError of the last try, and FloatingPointError as `save_checkpoint`.
    """
    for pause in PAUSES:
        try:
            return save_checkpoint(gan, folder)
        except OSError:
            time.sleep(pause)
    return save_checkpoint(gan, folder)
