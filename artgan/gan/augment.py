"""Differentiable augmentation: real and generated images are changed in the same way.

A discriminator that sees a few hundred images many times learns them by heart. Random
changes make every view new, and gradients flow through them back to the generator.
Source: Zhao et al., https://arxiv.org/abs/2006.10738
"""

import tensorflow as tf

from artgan.gan.fast import stateless_uniform


def translate(images, seed, fraction=1 / 8):
    """Shift each image [batch, height, width, channels] by up to `fraction` of a side.

    What comes in at an edge is mirrored: of zeros, the generator would paint frames.
    """
    count, (height, width) = tf.shape(images)[0], images.shape[1:3]
    reach = int(min(height, width) * fraction)
    offsets = stateless_uniform([count, 2], seed, 0, 2 * reach + 1, tf.int32)
    # Which rows, and which columns, of the widened image each result has.
    rows, columns = tf.range(height) + offsets[:, :1], tf.range(width) + offsets[:, 1:]
    edges = [[0, 0], [reach, reach], [reach, reach], [0, 0]]
    images = tf.pad(images, edges, "SYMMETRIC")
    images = tf.gather(images, rows, axis=1, batch_dims=1)
    return tf.gather(images, columns, axis=2, batch_dims=1)


def cut_out(images, seed, fraction=1 / 2):
    """Set a square of `fraction` of the shorter side to 0, anywhere in each image."""
    count, (height, width) = tf.shape(images)[0], images.shape[1:3]
    centres = stateless_uniform([count, 2], seed) * [height, width]
    reach = min(height, width) * fraction / 2
    rows = tf.abs(tf.range(0.5, height) - centres[:, :1]) < reach
    columns = tf.abs(tf.range(0.5, width) - centres[:, 1:]) < reach
    hole = rows[:, :, None] & columns[:, None, :]
    return images * tf.cast(~hole, images.dtype)[..., None]


AUGMENTATIONS = {
    "translation": translate,
    "cutout": cut_out,
}


def augment(images, seed, policy):
    """Apply the augmentations of a policy, "translation,cutout" or so, or "" for none.

    images: [batch, height, width, 3]; seed: two integers.
    """
    for number, name in enumerate(policy.split(",") if policy else []):
        own_seed = tf.random.experimental.stateless_fold_in(seed, number)
        images = AUGMENTATIONS[name](images, own_seed)
    return images
