"""From seeds to pictures, the same whenever and beside whichever they are painted."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from PIL import Image

from artgan.gan.training import sample_latents

BATCH = 8  # pictures painted at once; more do not fit the cache of a processor


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


def paint(gan, seeds, truncation=1.0):
    """The picture of each seed: [count, size, size, 3] uint8."""
    latents = truncation * seed_latents(gan.config, seeds)
    return run_generator(gan.generator_ema, gan.config.pixel_range, latents).numpy()


def paint_latents(model: Any, latents: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the picture of each row of latents: [size, size, 3] uint8.

    model: a GAN or a Painter: it has a config and an EMA generator. The last batch is
    filled up, so that all are computed by the same program, and none depends on how
    many are asked for.
    """
    for start in range(0, len(latents), BATCH):
        rows = latents[start : start + BATCH]
        batch = np.zeros([BATCH, rows.shape[1]], np.float32)
        batch[: len(rows)] = rows
        pictures = run_generator(model.generator_ema, model.config.pixel_range, batch)
        yield from pictures.numpy()[: len(rows)]


def paint_seeds(
    model: Any, seeds: Sequence[int], truncation: float = 1.0
) -> Iterator[np.ndarray]:
    """Yield the picture of each seed: [size, size, 3] uint8; batches as above.

    truncation: 1 for all that the model can do, towards 0 for what is more usual:
    latents nearer to the middle. Source: https://arxiv.org/abs/1809.11096
    """
    for start in range(0, len(seeds), BATCH):
        some = list(seeds[start : start + BATCH])
        filled = [*some, *[0] * (BATCH - len(some))]
        yield from paint(model, filled, truncation)[: len(some)]


def resample(picture: np.ndarray, size: int) -> Image.Image:
    """Bring a picture [height, width, 3] uint8 to an image `size` pixels high."""
    image = Image.fromarray(picture)
    if image.height == size:
        return image
    width = max(1, round(size * image.width / image.height))
    return image.resize((width, size), Image.Resampling.LANCZOS)
