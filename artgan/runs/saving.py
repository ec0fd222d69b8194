"""Saving a training's state, whatever the disk does."""

import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from artgan.storage.checkpoints import checkpoint_step, remove_old, save_checkpoint
from artgan.system.printing import printable, say

if TYPE_CHECKING:
    from artgan.gan.training import GAN

PAUSES = (0.2, 1.0, 3.0)  # seconds until it is tried again


class Saver:
    """Saves checkpoints in a folder; where that fails, elsewhere, and training goes on.

    problem: a sentence on why the last one is not in its place, or "".
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder, self.problem = Path(folder), ""
        place = re.sub(r"\W+", "-", str(self.folder.resolve().parent)).strip("-")[-80:]
        self.spare = Path(tempfile.gettempdir(), "artgan-saved", place)

    def __call__(self, gan: "GAN"):
        """Save a checkpoint; returns its path, or None where it could not be saved.

        Raises FloatingPointError, and saves nothing, if a number is not finite.
        """
        try:
            path = save_patiently(gan, self.folder)
            if self.problem:
                shutil.rmtree(self.spare, ignore_errors=True)
            self.problem = ""
        except OSError as error:
            path = self.save_elsewhere(gan, printable(error.strerror or error))
        if path:
            remove_old(path.parent, checkpoint_step(path), 3 if not self.problem else 1)
        return path

    def save_elsewhere(self, gan: "GAN", reason: str):
        """Save among temporary files, and say so; returns the path, or None."""
        self.problem = f"Step {int(gan.step)} could not be saved ({reason})."
        try:
            path = save_checkpoint(gan, self.spare)
            self.problem += (
                f" It is kept as {printable(path, 400)}; move that file into "
                f"{printable(self.folder)} to go on from it."
            )
        except OSError:
            path = None
        say(f"\n{self.problem} Make room there; the next save tries again.")
        return path


def save_patiently(gan: "GAN", folder: str | Path):
    """Save a checkpoint, trying again where the disk fails for a moment.

    Raises the OSError of the last try, and FloatingPointError as `save_checkpoint`.
    """
    for pause in PAUSES:
        try:
            return save_checkpoint(gan, folder)
        except OSError:
            time.sleep(pause)
    return save_checkpoint(gan, folder)
