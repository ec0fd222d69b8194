"""The models that the page offers, each opened once."""

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from artgan.paint.paint import run_generator
from artgan.storage.model_names import USUAL, published_names
from artgan.storage.open_model import open_model
from artgan.storage.run_folder import is_name, is_run, run_names
from artgan.system.errors import ArtganError

if TYPE_CHECKING:
    from artgan.storage.open_model import Model

MOST_OPEN = 4  # models kept in memory


class Models:
    """Opens models by name and keeps the last ones; safe for several visitors.

    runs, checkpoints: as for `open_model`; first: the name of the one that is shown
    first, or None for the usual one.
    """

    def __init__(self, runs: Path, checkpoints: Path, first: str | None = None) -> None:
        self.runs, self.checkpoints = Path(runs), Path(checkpoints)
        self.lock = Lock()
        self.kept: dict = {}
        self.first = ""
        self.first = self.full_name(first) if first else self.usual()

    def usual(self) -> str:
        """The full name of the usual weights, or the first that there is, or ""."""
        full_name = self.published().get(USUAL)
        return full_name or next(iter(self.names()), "")

    def full_name(self, name: str) -> str:
        """The name of weights for their alias, so that they are offered once."""
        own = is_name(name) and is_run(self.runs / name)
        return name if own else self.published().get(name, name)

    def published(self) -> dict[str, str]:
        """The full name of each name of published weights."""
        try:
            return published_names(self.checkpoints)
        except ArtganError:  # a damaged catalogue does not hide the runs
            return {}

    def names(self) -> list[str]:
        """The names to choose from: runs, then published weights."""
        names = [self.first, *run_names(self.runs), *self.published().values()]
        return list(dict.fromkeys(filter(None, names)))

    def open(self, name: str):
        """The model of a name; raises ArtganError as `open_model` does."""
        with self.lock:
            if name not in self.kept:
                self.keep(name, open_model(name, self.runs, self.checkpoints))
            return self.kept[name]

    def keep(self, name: str, model: "Model") -> None:
        """Keep a model, ready to paint one picture at once, and let an old one go."""
        latents = np.zeros([1, model.config.latent_size], np.float32)
        run_generator(model.generator_ema, model.config.pixel_range, latents)
        while len(self.kept) >= MOST_OPEN:
            self.kept.pop(next(iter(self.kept)))
        self.kept[name] = model

    def reopen(self, name: str):
        """Read a model again: a run that trains has learnt since."""
        with self.lock:
            self.kept.pop(name, None)
        return self.open(name)
