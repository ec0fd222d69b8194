"""From a photograph to the latent whose picture is most like it.

Nothing computes a latent from a picture, so it is looked for: paint, compare, and
follow the gradient of the distance back through the generator to the latent. Source:
Abdal et al., Image2StyleGAN, https://arxiv.org/abs/1904.03189
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from artgan.gan.feature_network import feature_maps, load_features
from artgan.paint.paint import BATCH, seed_latents

if TYPE_CHECKING:
    from artgan.gan.config import Config
    from artgan.storage.open_model import Model

CANDIDATES = 128  # seeds that the best beginnings are chosen from
STARTS = 4  # latents that are improved side by side, for many end in a dead end
LARGEST = 128  # pixels a side that the feature network looks at
COARSE = 32  # pixels a side at which colours are compared
PIXEL_WEIGHT = 4.0  # makes both terms about as large
PRIOR_WEIGHT = 0.2  # how strongly latents are kept where the generator learnt to paint
LEARNING_RATE, BETA_1, BETA_2 = 0.05, 0.9, 0.99  # of Adam


@dataclass(frozen=True)
class Found:
    """The best latent so far."""

    latent: np.ndarray  # [latent_size]
    picture: np.ndarray  # [size, size, 3] uint8, what the model paints from it
    distance: float  # 0 for the photograph itself, about 1 to 3 for other pictures
    first_distance: float  # of the best seed, from which it began


def nearest_latent(
    model: "Model",
    image: np.ndarray,
    steps: int = 200,
    callback: Callable | None = None,
) -> Found:
    """Look for the latent whose picture is most like an image.

    model: what has a config and an EMA generator; image: [size, size, 3] uint8;
    steps: of Adam, after the best of 128 seeds were chosen. callback: is called with
    (step, Found) after each step; what it raises ends the search.
    """
    for step, found in enumerate(search(model, image, steps)):
        if callback:
            callback(step, found)
    return found


def search(model: "Model", image: np.ndarray, steps: int = 200) -> Iterator[Found]:
    """Yield the best latent so far: of the seeds, and after each of the steps."""
    weights = load_features()
    wanted = describe(tf.cast(image[None], tf.float32) / 127.5 - 1, weights)
    compare = make_compare(model, weights, wanted)
    latents, moments, best = best_seeds(model, compare), (0.0, 0.0), None
    for step in range(steps + 1):
        distances, pictures, gradients = compare(latents)
        best = better(best, latents, distances.numpy(), pictures)
        yield best
        latents, moments = adam(latents, gradients.numpy(), moments, step, steps)
        latents = keep_in_range(model.config, latents)


def better(
    best: Found | None, latents: np.ndarray, distances, pictures: tf.Tensor
) -> Found:
    """The best of these latents, or the best before if none is better."""
    number = int(np.argmin(distances))
    distance = float(distances[number])
    if best and best.distance <= distance:
        return best
    first = best.first_distance if best else distance
    return Found(latents[number], to_uint8(pictures[number].numpy()), distance, first)


def describe(images: tf.Tensor, weights: dict) -> tuple:
    """What is compared: the feature maps, and the colours at low resolution.

    images: [batch, size, size, 3] in [-1, 1]. A feature map of [batch, h, w, channels]
    is divided by the length of its channels, as in LPIPS.
    Source: Zhang et al., https://arxiv.org/abs/1801.03924
    """
    seen = halved_to(images, LARGEST)
    maps = feature_maps(tf.cast(seen, weights["stem.bias"].dtype), weights)
    maps = [tf.math.l2_normalize(tf.cast(x, tf.float32), -1, 1e-6) for x in maps]
    return maps, halved_to(images, COARSE)


def halved_to(images: tf.Tensor, largest: int) -> tf.Tensor:
    """Images [batch, size, size, 3] averaged to at most `largest` pixels a side.

    Unlike resizing by area, this has a gradient.
    """
    factor = max(1, images.shape[1] // largest)
    return tf.nn.avg_pool2d(images, factor, factor, "VALID")


def distance_between(first: tuple, second: tuple) -> tf.Tensor:
    """The distance of each picture of a batch to one, of what `describe` returns.

    The mean over the maps of their squared differences, summed over the channels; and
    the mean squared difference of the colours, weighted.
    """
    pairs = zip(first[0], second[0], strict=True)
    squares = [tf.reduce_sum(tf.square(x - y), -1) for x, y in pairs]
    seen = tf.add_n([tf.reduce_mean(x, [1, 2]) for x in squares]) / len(squares)
    colours = tf.reduce_mean(tf.square(first[1] - second[1]), [1, 2, 3])
    return seen + PIXEL_WEIGHT * colours


def make_compare(model: "Model", weights: dict, wanted: tuple) -> Callable:
    """A function from latents [n, latent_size] to what the search needs of them.

    It returns the distances [n], the pictures [n, size, size, 3] in [-1, 1] and the
    gradients [n, latent_size] of the distance, and of the prior for normal latents.
    """
    normal = model.config.latent_distribution == "normal"

    @tf.function(reduce_retracing=True)
    def compare(latents):
        with tf.GradientTape() as tape:
            tape.watch(latents)
            images = model.generator_ema(latents, training=False)
            images = tf.clip_by_value(images / model.config.pixel_range, -1.0, 1.0)
            distances = distance_between(describe(images, weights), wanted)
            loss = distances
            if normal:  # such latents lie near a sphere: the mean square is 1
                length = tf.reduce_mean(tf.square(latents), -1)
                loss += PRIOR_WEIGHT * tf.square(length - 1)
        return distances, images, tape.gradient(loss, latents)

    return lambda latents: compare(tf.constant(latents, tf.float32))


def best_seeds(model: "Model", compare: Callable) -> np.ndarray:
    """The latents of those seeds whose pictures are most like it: [STARTS, size]."""
    latents = seed_latents(model.config, range(CANDIDATES))
    batches = [latents[n : n + BATCH] for n in range(0, CANDIDATES, BATCH)]
    distances = np.concatenate([compare(batch)[0].numpy() for batch in batches])
    return latents[np.argsort(distances)[:STARTS]]


def adam(latents: np.ndarray, gradients, moments, step: int, steps: int):
    """One step of Adam with a learning rate that falls to 0; returns what is new.

    moments: the running means of the gradients and of their squares. Source: Kingma
    and Ba, https://arxiv.org/abs/1412.6980
    """
    mean = BETA_1 * moments[0] + (1 - BETA_1) * gradients
    square = BETA_2 * moments[1] + (1 - BETA_2) * gradients**2
    rate = LEARNING_RATE * np.cos(np.pi / 2 * step / max(1, steps)) ** 2
    unbiased = np.sqrt(square / (1 - BETA_2 ** (step + 1))) + 1e-8
    change = rate * mean / (1 - BETA_1 ** (step + 1)) / unbiased
    return np.float32(latents - change), (mean, square)


def keep_in_range(config: "Config", latents: np.ndarray) -> np.ndarray:
    """Latents that were drawn from [-1, 1] stay there; normal ones may go anywhere."""
    return (
        np.clip(latents, -1, 1) if config.latent_distribution == "uniform" else latents
    )


def to_uint8(image: np.ndarray) -> np.ndarray:
    """Bring a picture from [-1, 1] to 0..255."""
    return np.uint8(np.clip(np.round(image * 127.5 + 127.5), 0, 255))
