"""From a picture to the latent whose painting is most like it (GAN inversion).

By the gradient of the distance. Source: https://arxiv.org/abs/1904.03189
"""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

from artgan.gan.classes import class_counts
from artgan.gan.feature_network import feature_maps, load_features
from artgan.paint.paint import BATCH, seed_latents

CANDIDATES = 128  # seeds that the best beginnings are chosen from
STARTS = 4  # latents that are improved side by side, for many end in a dead end
LARGEST = 128  # pixels a side that the feature network looks at
COARSE = 32  # pixels a side at which colours are compared
PIXEL_WEIGHT = 4.0  # makes both terms about as large
PRIOR_WEIGHT = 0.2  # how strongly latents are kept where the generator learnt to paint
LEARNING_RATE, BETA_1, BETA_2 = 0.05, 0.9, 0.99  # of Adam


def search(painter: Any, image: np.ndarray, steps: int) -> Iterator[tuple]:
    """Yield the best (latents [1, n], distance) so far, before each step.

    image: uint8 [h, w, 3], whose middle is looked at; the distance is 0 for itself and
    about 1 to 3 for other pictures.
    """
    compare = make_compare(painter, image)
    seeds = seed_latents(painter.config, range(CANDIDATES), step=painter.step)
    batches = np.split(seeds, CANDIDATES // BATCH)
    distances = np.concatenate([compare(batch)[0] for batch in batches])
    latents = keras.Variable(seeds[np.argsort(distances)[:STARTS]])
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, max(1, steps))
    adam = keras.optimizers.Adam(rate, BETA_1, BETA_2)
    farthest = np.inf if painter.config.latent_distribution == "normal" else 1.0
    sizes = painter.config.latent_size, len(class_counts(painter.config))
    limits = np.repeat([[-farthest, 0], [farthest, 1]], sizes, 1)  # classes: 0 to 1
    least, best = np.inf, None
    for _ in range(steps + 1):
        distances, gradients = compare(latents.value)
        nearest = int(np.argmin(distances))
        if distances[nearest] < least:
            least, best = float(distances[nearest]), latents.numpy()[[nearest]]
        yield best, least
        adam.apply([gradients], [latents])
        latents.assign(np.clip(latents.numpy(), *limits))


def make_compare(painter: Any, image: np.ndarray) -> Callable:
    """A function from latents [n, latent_size] to distances [n] and their gradients."""
    config, weights = painter.config, load_features()
    wanted = describe(np.float32(middle_of(painter, image))[None] / 127.5 - 1, weights)

    @tf.function(input_signature=[tf.TensorSpec(painter.generator_ema.input_shape)])
    def compare(latents):
        with tf.GradientTape() as tape:
            tape.watch(latents)
            images = painter.generator_ema(latents, training=False)
            images = tf.clip_by_value(images / config.pixel_range, -1.0, 1.0)
            loss = distances = distance_between(describe(images, weights), wanted)
            if config.latent_distribution == "normal":
                # Such latents lie near a sphere: the mean square is 1.
                length = tf.reduce_mean(tf.square(latents[:, : config.latent_size]), -1)
                loss += PRIOR_WEIGHT * tf.square(length - 1)
        return distances, tape.gradient(loss, latents)

    return lambda latents: compare(tf.convert_to_tensor(latents, tf.float32))


def middle_of(painter: Any, image: np.ndarray) -> Image.Image:
    """The middle of an image [h, w, 3], in the shape of the model's pictures."""
    fitted = ImageOps.fit(Image.fromarray(image), painter.config.shown)
    return fitted.resize(painter.config.shape[::-1])


def describe(images: tf.Tensor, weights: dict) -> tuple:
    """Feature maps, of length 1 as in LPIPS (arxiv.org/abs/1801.03924), and colours."""
    seen = tf.cast(halved_to(images, LARGEST), weights["stem.bias"].dtype)
    maps = [tf.cast(x, tf.float32) for x in feature_maps(seen, weights)]
    return [tf.math.l2_normalize(x, -1, 1e-6) for x in maps], halved_to(images, COARSE)


def halved_to(images: tf.Tensor, largest: int) -> tf.Tensor:
    """Images averaged to about `largest` pixels; resizing by area has no gradient."""
    factor = max(1, images.shape[1] // largest)
    return tf.nn.avg_pool2d(images, factor, factor, "VALID")


def distance_between(first: tuple, second: tuple) -> tf.Tensor:
    """The distance of each picture of a batch to one, of what `describe` returns."""
    pairs = zip(first[0], second[0], strict=True)
    squares = [tf.reduce_sum(tf.square(x - y), -1) for x, y in pairs]
    seen = tf.add_n([tf.reduce_mean(x, [1, 2]) for x in squares]) / len(squares)
    colours = tf.reduce_mean(tf.square(first[1] - second[1]), [1, 2, 3])
    return seen + PIXEL_WEIGHT * colours
