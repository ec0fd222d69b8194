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
    reach = int(images.shape[1] * share)
    shape = [tf.shape(images)[0], 2]
    offsets = tf.random.stateless_uniform(shape, seed, 0, 2 * reach + 1, tf.int32)

    @tf.custom_gradient
    def move(images):
        def gradients(upstream):  # what was moved is moved back
            return cut(upstream, 2 * reach - offsets, reach)

        return cut(images, offsets, reach), gradients

    return move(images)


def cut(images, offsets, reach):
    """Each picture, cut from itself with `reach` points of 0 on all sides.

    images: [batch, side, side, channels]; offsets: int32 [batch, 2], the first row and
    column, from 0 to twice the reach.
    """
    count, side, _, channels = tf.unstack(tf.shape(images))
    padded = tf.pad(images, [[0, 0], [reach, reach], [reach, reach], [0, 0]])
    wide = side + 2 * reach  # points are counted through rows and through pictures
    first = (tf.range(count) * wide + offsets[:, 0]) * wide + offsets[:, 1]
    points = first[:, None, None] + tf.range(side)[:, None] * wide + tf.range(side)
    return tf.gather(tf.reshape(padded, [-1, channels]), points)


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
    "color:0.3,translation", where 0.3 is the share of the pictures that are changed, or
    "" for none. Real and generated pictures go through the same. While some stay as
    they are, a generator that paints the changes themselves is found out: Karras et
    al., https://arxiv.org/abs/2006.06676
    """
    for number, (name, share) in enumerate(augmentations_in(policy)):
        draw = tf.random.experimental.stateless_fold_in(seed, number)
        changed = AUGMENTATIONS[name](images, draw)
        if share < 1:
            toss = tf.random.experimental.stateless_fold_in(draw, 1)
            coins = tf.random.stateless_uniform([tf.shape(images)[0], 1, 1, 1], toss)
            changed = tf.where(coins < share, changed, images)
        images = changed
    return images


def augmentations_in(policy):
    """The (name, share of the pictures) of each augmentation in "color:0.3,cutout".

    Raises ValueError where a share is no number.
    """
    for item in filter(None, policy.split(",")):
        name, colon, share = item.partition(":")
        yield name, float(share) if colon else 1.0
