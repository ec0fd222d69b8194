"""From a model's name, of which a mistyped one is told at once, to what paints."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from artgan.data.pictures import shape_of
from artgan.gan.config import Config, resolved_config
from artgan.paint.animation import save_animation
from artgan.paint.files import frame_paths, resample, save_pictures
from artgan.storage.resolve import resolve
from artgan.storage.weights import first_whole, read_weights
from artgan.system import arguments
from artgan.system.tensorflow import load_quietly

MOST_PIXELS = 500_000_000  # of all pictures together, which memory must hold
Asked = tuple[list[int], tuple[int, int], float]
Size = int | tuple[int, int] | str | None  # a height, (width, height), or "384x256"


@dataclass(frozen=True, eq=False)
class Painter:
    """An opened model: an EMA generator that paints in float32, and where it is from.

    The same seed gives the same picture. ArtganError tells what cannot be painted.
    """

    config: Config
    generator_ema: Any  # a keras.Model
    name: str  # such as "flowers-256", or the name of a run
    sha256: str  # that its file carries
    step: int
    place: Path | None = None  # its folder of weights, its file, or its checkpoint
    opened: str = ""  # a sentence on what was opened

    @arguments.in_a_sentence()
    def generate(
        self,
        seeds: Iterable[int] = range(8),
        size: Size = None,
        truncation: float = 1.0,
        **how: Any,
    ) -> np.ndarray:
        """Paint one picture for each seed: uint8 [n, height, width, 3].

        size: height, (width, height) or "384x256", if not the model's own; truncation:
        1 as it learnt, towards 0 for more usual pictures, to 1.5 odder. how: latents=
        instead of seeds, [n, latent_size + classes]; directions=, how far along each,
        {name, or number from 1: -20 to 20}; style=, the seed of colours and brushwork;
        class_name=, its beginning, or a mix such as "canaletto:0.5,guardi:0.5".
        """
        asked = self.asked(seeds, size, truncation, how.get("latents"))
        return np.stack([np.asarray(image) for image in self.images(*asked, **how)])

    @arguments.in_a_sentence()
    def walk(
        self,
        seeds: Iterable[int] = range(3),
        frames: int = 60,
        size: Size = None,
        truncation: float = 1.0,
        latents: np.ndarray | None = None,
        directions: dict | None = None,
        class_name: str | Sequence[str] | None = None,
    ) -> np.ndarray:
        """Paint a closed walk through the seeds: uint8 [frames, height, width, 3].

        As for `generate`; of several class names, each seed passes all before the next.
        """
        from artgan.paint import paint, walk

        seeds, size, truncation = self.asked(seeds, size, truncation, latents)
        latents = paint.named_latents(self, seeds, class_name, latents)
        most = max(2, MOST_PIXELS // (size[0] * size[1]))
        frames = arguments.check_whole("frames", frames, max(2, 2 * len(latents)), most)
        way = latents, frames, truncation, directions, seeds[0]
        pictures = walk.walk_pictures(self, *way)
        return np.stack([resample(picture, size) for picture in pictures])

    def save_walk(
        self,
        seeds: Sequence[int],
        target: Path,
        frames: int = 60,
        fps: float = 15,
        size: Size = None,
        truncation: float = 1.0,
        **how: Any,
    ) -> None:
        """Paint a `walk` into a .gif, .webp, .mp4 or folder."""
        pictures = self.walk(seeds, frames, size, truncation, **how)
        told = {"seeds": [] if "latents" in how else list(seeds)} | how
        told = {n: value for n, value in told.items() if n != "latents" and value}
        facts = self.facts(pictures.shape[2:0:-1], truncation, **told)
        images = map(Image.fromarray, pictures)
        if target.is_dir():
            save_pictures(images, frame_paths(target, frames), [facts] * frames)
        else:
            save_animation(images, target, fps, json.dumps(facts))

    def images(self, seeds: Any, size: Any, truncation: Any, **how: Any) -> Iterator:
        """The picture of each seed, or of latents, as an image of a size."""
        from artgan.paint import directions, paint

        asked = directions.asked_latents(self, seeds, truncation, **how)
        return (resample(picture, size) for picture in paint.paint_latents(*asked))

    def asked(self, seeds: Any, size: Any, truncation: Any, latents: Any) -> Asked:
        """Seeds, as many as latents if there are any, (width, height), truncation."""
        width, height = size = self.size(size)
        if latents is not None:
            length = self.generator_ema.input_shape[1]
            seeds = range(len(arguments.check_latents(latents, length)))
        most = min(1_000_000, MOST_PIXELS // (width * height))
        truncation = arguments.check_number("truncation", truncation, 0, 1.5)
        return arguments.check_seeds(seeds, most), size, truncation

    def size(self, size: Any = None) -> tuple[int, int]:
        """Width and height in pixels of what `generate` takes; of None, the model's."""
        width, height = self.config.shown
        return (width, height) if size is None else shape_of(size, width / height)

    @arguments.in_a_sentence()
    def invert(self, image: np.ndarray, steps: int = 200) -> np.ndarray:
        """Latents [1, latent_size + classes] of what is most like [h, w, 3] uint8."""
        from artgan.paint.invert import search

        [image] = arguments.check_pictures(np.asarray(image)[None])
        steps = arguments.check_whole("steps", steps, 0, 100_000)
        *_, (latents, _) = search(self, image, steps)
        return latents

    def facts(self, size: Any, truncation: float, **more: Any) -> dict[str, str]:
        """What pictures are made from, for the text in their files: text by name."""
        told, own = map(size_text, (self.size(size), self.config.shape[::-1]))
        return {
            "weights": self.name.encode("utf-8", "backslashreplace").decode(),
            "sha256": self.sha256,
            "step": str(self.step),
            "truncation": str(truncation),
            "size": told + f", resampled from {own} by Lanczos" * (told != own),
        } | {name: str(value) for name, value in more.items()}

    def arrays(self, network: str) -> dict[str, np.ndarray]:
        """Read the arrays of its "generator" or "discriminator": {name: float32}."""
        return read_weights(self.place or "", network).arrays


def size_text(size: tuple[int, int]) -> str:
    """A width and height in words: 256 for a square, or 384x256."""
    return f"{size[0]}x{size[1]}" if size[0] != size[1] else f"{size[0]}"


def open_model(
    name: str | Path | None = None,
    runs: str | Path = "runs",
    checkpoints: str | Path | None = None,
) -> Painter:
    """Open the model of a name, which `resolve` finds, or raise ArtganError."""
    place = resolve(name, runs, checkpoints)
    load_quietly()
    from artgan.storage.generators import load_generator

    path, weights = first_whole(place.paths, read_weights)
    config, step = resolved_config(weights.settings), weights.step
    told = f"{place.told}, step {step:,}." if path.is_file() else f"{place.told}."
    about = place.name, weights.sha256, step, path, told
    return Painter(config, load_generator(config, weights.arrays), *about)
