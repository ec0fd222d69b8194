"""A model that paints when it is asked: what the Python API hands out."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from artgan.paint.paint import paint_seeds, resample
from artgan.paint.walk import check_walk, walk_pictures
from artgan.storage.open_model import Model, open_model
from artgan.system.arguments import (
    LARGEST_SIDE,
    check_number,
    check_seeds,
    check_whole,
)


class Painter(Model):
    """An opened model; the same seed gives the same picture, whenever it is painted."""

    def generate(
        self,
        seeds: Iterable[int] = range(8),
        size: int | None = None,
        truncation: float = 1.0,
    ) -> np.ndarray:
        """Paint one picture for each seed: uint8 [n, size, size, 3].

        size: side in pixels, if not the model's own; truncation: 1 for all the variety
        there is, towards 0 for ever more usual pictures.
        """
        seeds, size = check_seeds(seeds), self.checked_size(size)
        truncation = check_number("truncation", truncation, 0, 1)
        return resampled(paint_seeds(self, seeds, truncation), size)

    def walk(
        self,
        seeds: Iterable[int] = range(3),
        frames: int = 60,
        size: int | None = None,
        truncation: float = 1.0,
    ) -> np.ndarray:
        """Paint a closed walk through the seeds: uint8 [frames, size, size, 3].

        Raises ArtganError if a walk of so few frames would jump, or so many do not fit
        into memory.
        """
        seeds, size = check_seeds(seeds), self.checked_size(size)
        truncation = check_number("truncation", truncation, 0, 1)
        frames = check_whole("frames", frames, 2, 10**9)
        check_walk(seeds, frames, size)
        return resampled(walk_pictures(self, seeds, frames, truncation)[0], size)

    def checked_size(self, size: Any) -> int:
        """A size that was asked for, in pixels; None for the model's own."""
        size = self.config.size if size is None else size
        return check_whole("size", size, 1, LARGEST_SIDE)


def resampled(pictures: Iterable[np.ndarray], size: int) -> np.ndarray:
    """Pictures [side, side, 3] as one array uint8 [n, size, size, 3]."""
    return np.stack([np.asarray(resample(picture, size)) for picture in pictures])


def open_painter(
    name: str | Path | None = None,
    runs: str | Path = "runs",
    checkpoints: str | Path | None = None,
) -> Painter:
    """Open the model of a name as `open_model` does, to paint with."""
    return Painter(**vars(open_model(name, runs, checkpoints)))
