"""From seeds to pictures, the same whenever and beside whichever they are painted."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from PIL import Image

from artgan.gan.classes import class_counts, class_strength, sample_labels
from artgan.gan.training import sample_latents

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
    """The latents of each seed, and behind them its classes, if there are any.

    They are as strong as at a step: rows, [count or 1, classes], or one for each seed.
    """
    latents = latents_of(config, seeds)
    if not config.classes:
        return latents
    if rows is None:
        rows = np.eye(len(class_counts(config)))[seed_labels(config, seeds)]
    strong = np.float32(rows * class_strength(config, step).numpy())
    return np.hstack(
        [latents, np.broadcast_to(strong, [len(latents), strong.shape[-1]])]
    )


def truncate(config, latents, truncation):
    """Latents nearer to the middle; what is behind them, classes, stays as it is."""
    factors = np.ones(np.shape(latents)[-1], np.float32)
    factors[: config.latent_size] = truncation
    return latents * factors


@tf.function
def run_generator(generator, pixel_range, latents):
    """Paint [count, latent_size] -> [count, height, width, 3] uint8.

    Like Keras's `predict`, but without its overhead, which is felt with one picture.
    """
    images = generator(latents, training=False) / pixel_range
    images = tf.clip_by_value(tf.round(images * 127.5 + 127.5), 0, 255)
    return tf.cast(images, tf.uint8)


def paint(gan, seeds, truncation=1.0):
    """The picture of each seed: [count, height, width, 3] uint8."""
    latents = seed_latents(gan.config, seeds, step=gan.step)
    latents = truncate(gan.config, latents, truncation)
    return paint_at(gan, latents)


def paint_at(gan, latents):
    """The picture of each row of latents: [count, height, width, 3] uint8."""
    return run_generator(gan.generator_ema, gan.config.pixel_range, latents).numpy()


def paint_latents(model: Any, latents: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the picture of each row of latents: [height, width, 3] uint8.

    model: a GAN or a Painter: it has a config and an EMA generator. The last batch is
    filled up, so that all are computed by the same program, and none depends on how
    many are asked for.
    """
    for start in range(0, len(latents), BATCH):
        rows = latents[start : start + BATCH]
        batch = np.zeros([BATCH, rows.shape[1]], np.float32)
        batch[: len(rows)] = rows
        yield from paint_at(model, batch)[: len(rows)]


def paint_seeds(
    model: Any, seeds: Sequence[int], truncation: float = 1.0
) -> Iterator[np.ndarray]:
    """Yield the picture of each seed: [height, width, 3] uint8; batches as above.

    truncation: 1 for all that the model can do, towards 0 for what is more usual:
    latents nearer to the middle. Source: https://arxiv.org/abs/1809.11096
    """
    latents = seed_latents(model.config, seeds, step=model.step)
    yield from paint_latents(model, truncate(model.config, latents, truncation))


def resample(picture: np.ndarray, size: int | tuple[int, int]) -> Image.Image:
    """Bring a picture [h, w, 3] uint8 to an image of a height, or (width, height)."""
    image = Image.fromarray(picture)
    if isinstance(size, int):
        size = max(1, round(size * image.width / image.height)), size
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS)
