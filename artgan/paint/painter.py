"""A model that paints when it is asked: from its name to what the API hands out.

TensorFlow is loaded once the weights of a name are found, not before: a mistyped one is
told at once.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from artgan.gan.config import Config, resolved_config
from artgan.paint.animation import save_animation
from artgan.paint.asked import (
    MOST_PIXELS,
    asked_latents,
    check_asked,
    image_size,
    size_text,
)
from artgan.paint.directions import leading_directions
from artgan.paint.files import frame_paths, save_pictures
from artgan.storage.resolve import resolve
from artgan.storage.weights import first_whole, read_weights
from artgan.system.arguments import check_pictures, check_whole
from artgan.system.tensorflow import load_quietly

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class Painter:
    """An opened model: an EMA generator that paints in float32, and where it is from.

    The same seed gives the same picture, whenever it is painted.
    """

    config: Config
    generator_ema: "keras.Model"
    name: str  # such as "flowers-256", or the name of a run
    sha256: str  # that its file carries
    step: int
    place: Path | None = None  # its folder of weights, its file, or its checkpoint
    opened: str = ""  # a sentence on what was opened

    def generate(
        self,
        seeds: Iterable[int] = range(8),
        size: int | tuple[int, int] | str | None = None,
        truncation: float = 1.0,
        latents: np.ndarray | None = None,
        directions: Mapping[Any, float] | None = None,
        style: int | None = None,
        class_name: str | None = None,
    ) -> np.ndarray:
        """Paint one picture for each seed: uint8 [n, height, width, 3].

        size: height in pixels, or (width, height), or "384x256", if not the model's
        own; truncation: 1 for all the variety
        there is, towards 0 for ever more usual pictures; latents: what to paint instead
        of seeds, [n, latent_size + classes]; directions: how far to move along each,
        {name, or number from 1: -20 to 20}; style: the seed of the colours and
        brushwork, that of the plan being as it was; class_name: its beginning, or a
        mix such as "canaletto:0.5,guardi:0.5", by default as often as in the pictures
        that it learnt from. Raises ArtganError for what cannot
        be painted, or would not fit into memory.
        """
        asked = check_asked(self, seeds, size, truncation, latents)
        more: dict[str, Any] = {
            "latents": latents,
            "directions": directions,
            "style": style,
            "class_name": class_name,
        }
        images = self.images(*asked, **more)
        return np.stack([np.asarray(image) for image in images])

    def walk(
        self,
        seeds: Iterable[int] = range(3),
        frames: int = 60,
        size: int | tuple[int, int] | str | None = None,
        truncation: float = 1.0,
        latents: np.ndarray | None = None,
        directions: Mapping[Any, float] | None = None,
        class_name: str | Sequence[str] | None = None,
    ) -> np.ndarray:
        """Paint a closed walk through the seeds: uint8 [frames, height, width, 3].

        The others are as for `generate`; of several class names, each seed passes all
        before the next. Raises ArtganError if a walk of so few
        frames would jump, or so many do not fit into memory.
        """
        from artgan.paint.classes import named_latents
        from artgan.paint.paint import resample
        from artgan.paint.walk import walk_pictures

        seeds, size, truncation = check_asked(self, seeds, size, truncation, latents)
        if latents is None:
            latents = named_latents(self, seeds, class_name)
        most = max(2, MOST_PIXELS // (size[0] * size[1]))
        frames = check_whole("frames", frames, max(2, 2 * len(latents)), most)
        pictures = walk_pictures(self, seeds, frames, truncation, latents, directions)
        return np.stack([np.asarray(resample(each, size)) for each in pictures])

    def save_walk(
        self,
        seeds: Sequence[int],
        target: Path,
        frames: int = 60,
        fps: float = 15,
        size: int | tuple[int, int] | str | None = None,
        truncation: float = 1.0,
        **more: Any,
    ) -> np.ndarray:
        """Paint a walk into a .gif, .webp or .mp4 file, or as PNGs into a folder.

        more: latents, directions or class_name, as for `walk`. Returns its pictures.
        """
        pictures = self.walk(seeds, frames, size, truncation, **more)
        told = {"seeds": list(seeds)} if more.get("latents") is None else {}
        told |= {n: x for n, x in more.items() if n != "latents" and x}
        facts = self.facts(pictures.shape[2:0:-1], truncation, **told)
        images = map(Image.fromarray, pictures)
        if target.is_dir():
            save_pictures(images, frame_paths(target, frames), [facts] * frames)
        else:
            save_animation(images, target, fps, json.dumps(facts))
        return pictures

    def images(
        self, seeds: Sequence[int], size: Any, truncation: float, **more: Any
    ) -> Iterator[Image.Image]:
        """Yield the picture of each seed as an image of (width, height).

        more: latents, directions, style or class_name, as for `generate`.
        """
        from artgan.paint.paint import paint_latents, resample

        for picture in paint_latents(*asked_latents(self, seeds, truncation, **more)):
            yield resample(picture, size)

    def directions(self) -> np.ndarray:
        """Directions along which pictures change most, the leading one first.

        Each is 1 long: [latent_size, latent_size + classes]; see `leading_directions`.
        """
        return leading_directions(self)

    def invert(self, image: np.ndarray, steps: int = 200) -> np.ndarray:
        """Look for the latents [1, latent_size] whose picture is most like an image.

        image: uint8 [h, w, 3] of any size. Raises ArtganError for anything else.
        """
        from artgan.paint.invert import invert

        [image] = check_pictures(np.asarray(image)[None])
        return invert(self, image, check_whole("steps", steps, 0, 100_000))

    def facts(self, size: Any, truncation: float, **more: Any) -> dict[str, str]:
        """What pictures are made from, for the text in their files: text by name."""
        told, own = (size_text(image_size(self.config, s)) for s in (size, None))
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
    from artgan.storage.generators import load_generator

    path, weights = first_whole(place.paths, read_weights)
    config = resolved_config(weights.settings)
    generator = load_generator(config, weights.arrays)
    opened = f"{place.told}, step {weights.step:,}."
    about = place.name, weights.sha256, weights.step, path, opened
    return Painter(config, generator, *about)
