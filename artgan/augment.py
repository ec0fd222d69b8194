"""Differentiable augmentation: real and generated pictures are changed alike.

Source: Zhao et al., https://arxiv.org/abs/2006.10738
"""

import tensorflow as tf


def change_color(images, seed):
    """Shift brightness, saturation and contrast of each picture by its own draw.

    images: [batch, height, width, 3]; seed: int32 [2].
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


def translate(images, seed, share=1 / 8):
    """Move each picture by up to `share` of its side; what comes in is 0.

    images: [batch, side, side, channels]; seed: int32 [2].
    """
    count, side = tf.shape(images)[0], images.shape[1]
    reach = int(side * share)
    offsets = tf.random.stateless_uniform(
        [count, 2], seed, 0, 2 * reach + 1, dtype=tf.int32
    )
    padded = tf.pad(images, [[0, 0], [reach, reach], [reach, reach], [0, 0]])
    rows = offsets[:, :1] + tf.range(side)
    columns = offsets[:, 1:] + tf.range(side)
    moved = tf.gather(padded, rows, batch_dims=1, axis=1)
    moved = tf.gather(tf.transpose(moved, [0, 2, 1, 3]), columns, batch_dims=1, axis=1)
    return tf.transpose(moved, [0, 2, 1, 3])


def cut_out(images, seed, share=1 / 2):
    """Blank a square of `share` of the side, centred anywhere in each picture.

    images: [batch, side, side, channels]; seed: int32 [2].
    """
    count, side = tf.shape(images)[0], images.shape[1]
    centres = tf.random.stateless_uniform([count, 2], seed, 0, side, dtype=tf.int32)
    distance = tf.abs(tf.range(side) - centres[:, :, None])
    inside = distance * 2 < int(side * share)
    hole = inside[:, 0, :, None] & inside[:, 1, None, :]
    return images * tf.cast(~hole, images.dtype)[..., None]


AUGMENTATIONS = {"color": change_color, "translation": translate, "cutout": cut_out}


def augment(images, seed, policy):
    """Apply the augmentations that `policy` lists, each sample with a draw of its own.

    images: [batch, side, side, 3]; seed: two integers; policy: such as
    "color,translation", or "" for none. Real and generated pictures go through the
    same, so the generator never learns to paint the changes themselves.
    """
    for number, name in enumerate(filter(None, policy.split(","))):
        draw = tf.random.experimental.stateless_fold_in(seed, number)
        images = AUGMENTATIONS[name](images, draw)
    return images
