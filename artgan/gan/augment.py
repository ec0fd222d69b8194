"""Differentiable augmentation: real and generated images are changed in the same way.

A discriminator that sees a few hundred images many times learns them by heart. Random
changes make every view of them new, and gradients flow through the changes back to the
generator. Source: Zhao et al., https://arxiv.org/abs/2006.10738
"""

from typing import TYPE_CHECKING

import tensorflow as tf

if TYPE_CHECKING:
    import numpy as np


def change_color(images: "np.ndarray", seed: int):
    """Randomly change the brightness, saturation and contrast of each image.

    images: [batch, size, size, 3] in [-1, 1]; the result may lie outside that range.
    seed: two integers. Brightness is added, from [-0.5, 0.5]; saturation scales the
    distance to grey, by [0, 2]; contrast the distance to the mean, by [0.5, 1.5].
    """
    seeds = tf.random.experimental.stateless_split(seed, 3)
    shape = [tf.shape(images)[0], 1, 1, 1]
    dtype = images.dtype
    brightness = tf.random.stateless_uniform(shape, seeds[0], -0.5, 0.5, dtype)
    saturation = tf.random.stateless_uniform(shape, seeds[1], 0.0, 2.0, dtype)
    contrast = tf.random.stateless_uniform(shape, seeds[2], 0.5, 1.5, dtype)
    images += brightness
    grey = tf.reduce_mean(images, axis=3, keepdims=True)
    images = grey + (images - grey) * saturation
    mean = tf.reduce_mean(images, axis=[1, 2, 3], keepdims=True)
    return mean + (images - mean) * contrast


def translate(images, seed, fraction=1 / 8):
    """Shift each image by whole pixels, up to `fraction` of its size.

    images: [batch, size, size, channels]; seed: two integers. What comes in at an edge
    is the image mirrored there: with zeros, the generator would paint frames of grey.
    """
    size = images.shape[1]
    reach = int(size * fraction)
    shape = [tf.shape(images)[0], 2]
    offsets = tf.random.stateless_uniform(shape, seed, 0, 2 * reach + 1, tf.int32)

    @tf.custom_gradient
    def shift(padded):
        def gradients(upstream):  # the same shift, backwards
            return crop(pad(upstream, 2 * reach), 2 * reach - offsets, size + 2 * reach)

        return crop(padded, offsets, size), gradients

    return shift(pad(images, reach, "SYMMETRIC"))


def pad(images, width, mode="CONSTANT"):
    """Widen images [batch, size, size, channels] by `width` pixels on all sides."""
    return tf.pad(images, [[0, 0], [width, width], [width, width], [0, 0]], mode)


def crop(images, offsets, size):
    """Cut a square out of each image [batch, wide, wide, channels].

    size: of the squares; offsets: int32 [batch, 2], their first rows and columns.
    """
    count, wide, _, channels = tf.unstack(tf.shape(images))
    # Pixels are numbered row by row, image after image.
    first = (tf.range(count) * wide + offsets[:, 0]) * wide + offsets[:, 1]
    pixels = first[:, None, None] + tf.range(size)[:, None] * wide + tf.range(size)
    return tf.gather(tf.reshape(images, [-1, channels]), pixels)


def cut_out(images, seed, fraction=1 / 2):
    """Set a square of `fraction` of the size to 0, centred anywhere in each image.

    images: [batch, size, size, channels]; seed: two integers. At the edge a part of the
    square lies outside.
    """
    count, size = tf.shape(images)[0], images.shape[1]
    centres = tf.random.stateless_uniform([count, 2], seed, 0, size, dtype=tf.int32)
    distance = tf.abs(tf.range(size) - centres[:, :, None])
    inside = distance * 2 < int(size * fraction)
    hole = inside[:, 0, :, None] & inside[:, 1, None, :]
    return images * tf.cast(~hole, images.dtype)[..., None]


AUGMENTATIONS = {
    "color": change_color,
    "translation": translate,
    "cutout": cut_out,
}


def augment(images, seed, policy):
    """Apply the augmentations in `policy` one after another, each image on its own.

    images: [batch, size, size, 3]; seed: two integers; policy: such as
    "color:0.3,translation", where 0.3 is the probability that an image is changed, or
    "" for none. A probability below 1 keeps changes out of what is generated: while
    some real images stay as they are, a generator that paints the changes gives itself
    away. Source: Karras et al., https://arxiv.org/abs/2006.06676
    """
    for number, (name, probability) in enumerate(augmentations_in(policy)):
        own_seed = tf.random.experimental.stateless_fold_in(seed, number)
        changed = AUGMENTATIONS[name](images, own_seed)
        if probability < 1:
            coin_seed = tf.random.experimental.stateless_fold_in(own_seed, 1)
            shape = [tf.shape(images)[0], 1, 1, 1]
            coins = tf.random.stateless_uniform(shape, coin_seed)
            changed = tf.where(coins < probability, changed, images)
        images = changed
    return images


def augmentations_in(policy):
    """Yield (name, probability) of each augmentation in "color:0.3,cutout".

    Raises ValueError where a probability is no number.
    """
    for item in filter(None, policy.split(",")):
        name, colon, probability = item.partition(":")
        yield name, float(probability) if colon else 1.0
