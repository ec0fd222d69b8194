"""A model that paints when it is asked: from its name to what the API hands out.

TensorFlow is loaded once the weights of a name are found, not before: a mistyped one is
told at once.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from artgan.paint.animation import save_animation
from artgan.storage.resolve import Place, resolve
from artgan.storage.weights import Weights, read_weights
from artgan.system.arguments import (
    LARGEST_SIDE,
    check_number,
    check_seeds,
    check_whole,
)
from artgan.system.errors import ArtganError
from artgan.system.printing import say
from artgan.system.tensorflow import load_quietly

if TYPE_CHECKING:
    import keras

    from artgan.gan.config import Config

MOST_PIXELS = 500_000_000  # of all pictures together, which memory must hold
MOST_PICTURES = 1_000_000


@dataclass(frozen=True, eq=False)
class Painter:
    """An opened model: an EMA generator that paints in float32, and where it is from.

    The same seed gives the same picture, whenever it is painted.
    """

    config: "Config"
    generator_ema: "keras.Model"
    name: str  # such as "flowers-256", or the name of a run
    sha256: str  # that its file carries
    step: int
    place: Path | None = None  # its folder of weights, its file, or its checkpoint
    opened: str = ""  # a sentence on what was opened

    def generate(
        self,
        seeds: Iterable[int] = range(8),
        size: int | None = None,
        truncation: float = 1.0,
    ) -> np.ndarray:
        """Paint one picture for each seed: uint8 [n, size, size, 3].

        size: side in pixels, if not the model's own; truncation: 1 for all the variety
        there is, towards 0 for ever more usual pictures. Raises ArtganError for what
        cannot be painted, or would not fit into memory.
        """
        images = self.images(*self.checked(seeds, size, truncation))
        return np.stack([np.asarray(image) for image in images])

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
        from artgan.paint.paint import resample
        from artgan.paint.walk import walk_pictures

        seeds, size, truncation = self.checked(seeds, size, truncation)
        most = max(2, MOST_PIXELS // size**2)
        frames = check_whole("frames", frames, max(2, 2 * len(seeds)), most)
        pictures = walk_pictures(self, seeds, frames, truncation)
        return np.stack([np.asarray(resample(each, size)) for each in pictures])

    def save_walk(
        self,
        seeds: Sequence[int],
        target: Path,
        frames: int = 60,
        fps: float = 15,
        size: int | None = None,
        truncation: float = 1.0,
    ) -> np.ndarray:
        """Paint a walk into a .gif, .webp or .mp4 file; return its pictures."""
        pictures = self.walk(seeds, frames, size, truncation)
        facts = self.facts(pictures.shape[1], truncation, seeds=list(seeds))
        save_animation(map(Image.fromarray, pictures), target, fps, json.dumps(facts))
        return pictures

    def images(
        self, seeds: Sequence[int], size: int, truncation: float
    ) -> Iterator[Image.Image]:
        """Yield the picture of each seed as an image of `size` by `size` pixels."""
        from artgan.paint.paint import paint_seeds, resample

        for picture in paint_seeds(self, seeds, truncation):
            yield resample(picture, size)

    def checked(
        self, seeds: Any, size: Any, truncation: Any
    ) -> tuple[list[int], int, float]:
        """What was asked for, checked: no more seeds than memory holds pictures of."""
        size = self.config.size if size is None else size
        size = check_whole("size", size, 1, LARGEST_SIDE)
        most = min(MOST_PICTURES, MOST_PIXELS // size**2)
        if isinstance(seeds, Iterable) and not isinstance(seeds, str | bytes):
            seeds = list(islice(seeds, most + 1))
            if len(seeds) > most:
                raise ArtganError(
                    f"More than {most:,} pictures of {size} pixels do not fit into "
                    "memory; ask for fewer or smaller ones. Nothing was painted."
                )
        return check_seeds(seeds), size, check_number("truncation", truncation, 0, 1)

    def facts(self, size: int, truncation: float, **more: Any) -> dict[str, str]:
        """What pictures are made from, for the text in their files: text by name."""
        own = self.config.size
        return {
            "weights": self.name.encode("utf-8", "backslashreplace").decode(),
            "sha256": self.sha256,
            "step": str(self.step),
            "truncation": str(truncation),
            "size": f"{size}" + f", resampled from {own} by Lanczos" * (size != own),
        } | {name: str(value) for name, value in more.items()}

    def arrays(self, network: str) -> dict[str, np.ndarray]:
        """Read the arrays of its "generator" or "discriminator": {name: float32}."""
        return read_weights(self.place or "", network).arrays


def open_model(
    name: str | Path | None = None,
    runs: str | Path = "runs",
    checkpoints: str | Path | None = None,
) -> Painter:
    """Open the model of a name to paint with; the arguments are those of `resolve`.

    Raises ArtganError that lists what there is, or says what is wrong with the weights.
    """
    place = resolve(name, runs, checkpoints)
    load_quietly()
    from artgan.storage.builders import load_generator, stored_config

    path, weights = first_whole(place)
    config = stored_config(weights.settings)
    generator = load_generator(config, weights.arrays)
    opened = f"{place.told}, step {weights.step:,}.{place.note}"
    about = place.name, weights.sha256, weights.step, path, opened
    return Painter(config, generator, *about)


def first_whole(place: Place) -> tuple[Path, Weights]:
    """The first of a place's files that is whole; damaged ones before it are told."""
    *newer, last = place.paths
    for path in newer:
        try:
            return path, read_weights(path)
        except ArtganError as error:
            say(f"{error} The one before it is used.")
    return last, read_weights(last)
