"""From seeds to pictures, the same whenever and beside whichever they are painted."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from PIL import Image

from artgan.gan.classes import class_counts, class_strength, sample_labels
from artgan.gan.training import sample_latents
from artgan.paint.files import picture_grid
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

BATCH = 8  # pictures painted at once; more do not fit the cache of a processor


def seed_labels(config, seeds):
    """The class of each seed, drawn as often as pictures have it: int64 [count]."""
    keys = ([-1 - config.seed, 2**31 - 1 - seed] for seed in seeds)
    return np.concatenate([sample_labels(config, 1, key) for key in keys])


def latents_of(config, seeds):
    """The latents of each seed, whatever the other seeds are: [count, latent_size]."""
    keys = ([config.seed, 2**31 - 1 - seed] for seed in seeds)
    return np.concatenate([sample_latents(config, 1, key) for key in keys])


def seed_latents(config, seeds, rows=None, step=np.inf):
    """The latents of seeds, then their classes or rows of them, strong as at a step."""
    latents = latents_of(config, seeds)
    if not config.classes:
        return latents
    if rows is None:
        rows = np.eye(len(class_counts(config)))[seed_labels(config, seeds)]
    strong = np.float32(rows * class_strength(config, step).numpy())
    return np.hstack([latents, strong.repeat(len(latents) // len(strong), 0)])


def truncate(config, latents, truncation):
    """Latents nearer to the middle; what is behind them, classes, stays as it is."""
    factors = np.ones(np.shape(latents)[-1], np.float32)
    factors[: config.latent_size] = truncation
    return latents * factors


@tf.function
def run_generator(generator, pixel_range, latents):
    """Paint [count, latent_size] -> [count, height, width, 3] uint8."""
    images = generator(latents, training=False) / pixel_range
    images = tf.clip_by_value(tf.round(images * 127.5 + 127.5), 0, 255)
    return tf.cast(images, tf.uint8)


def paint_at(gan, latents):
    """The picture of each row of latents: [count, height, width, 3] uint8."""
    return run_generator(gan.generator_ema, gan.config.pixel_range, latents).numpy()


def paint_latents(model: Any, latents: np.ndarray) -> Iterator[np.ndarray]:
    """Yield a GAN's or Painter's picture of each row of latents: [h, w, 3] uint8.

    The last batch is filled up, so that none depends on how many are asked for.
    """
    for start in range(0, len(latents), BATCH):
        rows = latents[start : start + BATCH]
        batch = np.zeros([BATCH, rows.shape[1]], np.float32)
        batch[: len(rows)] = rows
        yield from paint_at(model, batch)[: len(rows)]


def paint(model: Any, seeds: Sequence[int]) -> np.ndarray:
    """The picture of each seed: [n, h, w, 3] uint8."""
    latents = seed_latents(model.config, seeds, step=model.step)
    return np.stack([*paint_latents(model, latents)])


def named_latents(painter: Any, seeds: Sequence[int], names=None, latents=None) -> Any:
    """The latents of seeds, or others, in a class or a mix; in each of several."""
    names, config = [names] if isinstance(names, str) else names, painter.config
    rows = [class_row(config, name) for name in names] if names else [None]
    found = [seed_latents(config, seeds, row, painter.step) for row in rows]
    every = np.stack(found, 1)
    if latents is not None:
        kept = slice(config.latent_size if names else None)
        every[..., kept] = np.asarray(latents)[:, None, kept]
    return every.reshape(-1, every.shape[-1])


def class_row(config: Any, text: str) -> np.ndarray:
    """The shares [1, classes] that a text asks for, as "canaletto:0.5,guardi:0.5".

    Capitals do not count, and the beginning of a word will do that one class alone has.
    """
    names = [name.casefold() for name in class_counts(config)]
    row = np.zeros([1, len(names)], np.float32)
    for part in str(text).split(","):
        wanted = r"(?s)^(.*?)\s*(?::\s*(\d*\.?\d+))?$"
        [(name, share)] = re.findall(wanted, part.casefold().strip())
        found = [name] if name in names else [x for x in names if f" {name}" in f" {x}"]
        if len(found) != 1 or not 0 < float(share or 1) < 1e6:
            known = printable(", ".join(class_counts(config)) or "none", 1000)
            raise ArtganError(
                f"{printable(repr(part), 60)} is no class of this model, nor the share "
                f"of one, such as canaletto:0.5. Its classes: {known}."
            )
        row[0, names.index(found[0])] += float(share or 1)
    return row / row.sum()


def class_sheet(painter: Any, seeds: Sequence[int], **how: Any) -> Image.Image:
    """A sheet with a row for each class; seeds: of the columns; how: of `generate`."""
    names = class_counts(painter.config)
    rows = [painter.generate(seeds, class_name=name, **how) for name in names]
    return picture_grid(np.concatenate(rows), len(seeds))
