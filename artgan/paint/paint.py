"""Painting pictures from seeds, one file each, the same whenever they are painted."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf
from PIL import Image, PngImagePlugin
from tqdm import tqdm

from artgan.gan.training import sample_latents
from artgan.paint.grid import picture_grid
from artgan.system.errors import ArtganError
from artgan.system.files import replacing
from artgan.system.printing import printable

if TYPE_CHECKING:
    from artgan.storage.open_model import Model

BATCH = 8  # pictures painted at once; more do not fit the cache of a processor
FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
# More compression of a PNG takes as long as painting it, and gains little.
QUALITY = {
    "PNG": {"compress_level": 1},
    "JPEG": {"quality": 92},
    "WEBP": {"quality": 90},
}
MOST_IN_GRID = 64


def seed_latents(config, seeds):
    """The latents of each seed, whatever the other seeds are: [count, latent_size]."""
    keys = ([config.seed, 2**31 - 1 - seed] for seed in seeds)
    return np.concatenate([sample_latents(config, 1, key) for key in keys])


@tf.function
def run_generator(generator, pixel_range, latents):
    """Paint [count, latent_size] -> [count, size, size, 3] uint8.

    Like Keras's `predict`, but without its overhead, which is felt with one picture.
    """
    images = generator(latents, training=False) / pixel_range
    images = tf.clip_by_value(tf.round(images * 127.5 + 127.5), 0, 255)
    return tf.cast(images, tf.uint8)


def paint_latents(model: "Model", latents: np.ndarray):
    """Yield the picture of each row of latents: [size, size, 3] uint8.

    The last batch is filled up, so that all are computed by the same program, and none
    depends on how many are asked for.
    """
    for start in range(0, len(latents), BATCH):
        rows = latents[start : start + BATCH]
        batch = np.zeros([BATCH, rows.shape[1]], np.float32)
        batch[: len(rows)] = rows
        pictures = run_generator(model.generator_ema, model.config.pixel_range, batch)
        yield from pictures.numpy()[: len(rows)]


def paint_seeds(model: "Model", seeds: Sequence[int], truncation: float = 1.0):
    """Yield the picture of each seed: [size, size, 3] uint8.

    truncation: 1 for all that the model can do, towards 0 for what is more usual:
    latents nearer to the middle. Source: https://arxiv.org/abs/1809.11096
    """
    for start in range(0, len(seeds), BATCH):
        latents = seed_latents(model.config, seeds[start : start + BATCH])
        yield from paint_latents(model, truncation * latents)


def resample(picture: np.ndarray, size: int):
    """Bring a picture [h, w, 3] uint8 to an image of `size` by `size` pixels."""
    image = Image.fromarray(picture)
    if image.size == (size, size):
        return image
    return image.resize((size, size), Image.Resampling.LANCZOS)


def picture_paths(
    model: "Model", seeds: Sequence[int], folder: str | Path, kind: str = "png"
):
    """The path of each seed's picture: the folder, the model's name, the seed."""
    return [Path(folder, f"{model.name}-seed{seed:06d}.{kind}") for seed in seeds]


def series_path(model: "Model", seeds: Sequence[int], folder: str | Path, ending: str):
    """The path of what is made of several seeds, such as a grid or a walk."""
    more = f"-and-{len(seeds) - 1}-more" if len(seeds) > 1 else ""
    return Path(folder, f"{model.name}-seed{seeds[0]:06d}{more}{ending}")


def check_targets(paths: list[Path], force: bool = False) -> None:
    """Make the folder of files to be written, and see that they can be.

    Raises ArtganError, before anything is painted, if one of them exists and `force`
    is not given, or if nothing can be written there.
    """
    existing = [] if force else [path for path in paths if path.exists()]
    if existing:
        others = f" and {len(existing) - 1} more exist" if existing[1:] else " exists"
        raise ArtganError(
            f"{existing[0]}{others} already, so nothing was painted. --force paints "
            "over what is there, --out goes elsewhere."
        )
    folder = paths[0].parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ArtganError(
            f"Nothing can be written into {folder} ({error.strerror}), so nothing was "
            "painted. Name another place with --out."
        ) from None


def paint_files(
    model: "Model",
    seeds: Sequence[int],
    paths: list[Path],
    size: int,
    truncation: float = 1.0,
) -> None:
    """Write the picture of each seed to its path, `size` pixels a side.

    What each is made from is written into it: see `facts_of`.
    """
    pictures = paint_seeds(model, seeds, truncation)
    todo = zip(seeds, paths, pictures, strict=True)
    for seed, path, picture in tqdm(todo, "Painting", len(paths), disable=None):
        facts = facts_of(model, size, truncation) | {"seed": str(seed)}
        try:
            save_picture(resample(picture, size), path, facts)
        except OSError as error:
            raise ArtganError(
                f"{printable(path, 400)} could not be written ({error.strerror}); "
                f"{paths.index(path)} of {len(paths)} pictures are there. Make room, "
                "and run this again with --force."
            ) from None


def facts_of(model: "Model", size: int, truncation: float):
    """What pictures are made from, for the text in their files: text by name."""
    painted = model.config.size
    resampled = "" if size == painted else f", resampled from {painted} by Lanczos"
    return {
        "weights": printable(model.name),
        "sha256": model.sha256,
        "step": str(model.step),
        "truncation": str(truncation),
        "size": f"{size}{resampled}",
    }


def save_picture(image: Image.Image, path: Path, facts: dict) -> None:
    """Write an image with facts: as PNG text, or as JSON in Exif's description."""
    kind = FORMATS.get(path.suffix[1:].lower())
    if not kind:
        raise ArtganError(f"{printable(path)} is none of .{', .'.join(FORMATS)}.")
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        for name, value in facts.items():
            text.add_text(name, value)
        extra: dict[str, Any] = {"pnginfo": text}
    else:
        exif = Image.Exif()
        exif[0x010E] = json.dumps(facts) if facts else ""
        extra = {"exif": exif}
    with replacing(path) as temporary:
        image.save(temporary, kind, **QUALITY[kind], **extra)


def save_grid(paths: list[Path], target: Path, facts: dict, side: int = 256) -> None:
    """Write one sheet of the first 64 picture files, each at most `side` pixels."""
    images = [Image.open(path).convert("RGB") for path in paths[:MOST_IN_GRID]]
    for image in images:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
    save_picture(picture_grid(np.stack(images)), target, facts)
