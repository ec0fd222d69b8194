"""Classes: which kind of picture is painted, and how slowly kinds come in.

Classes that are there from the first step make a GAN of a few hundred pictures paint
one picture for each. So it begins without them, and they come in while it learns.
Source: Shahbazi et al., Collapse by Conditioning, https://arxiv.org/abs/2201.06578
"""

import keras
import numpy as np
import tensorflow as tf
from keras.layers import Concatenate, Dense

from artgan.gan.fast import stateless_uniform


def class_counts(config):
    """How many pictures each class has: {"Canaletto": 112, ...}; {} without classes."""
    pairs = [pair.rpartition(":") for pair in config.classes.split(",") if pair]
    return {name: int(count) for name, _, count in pairs}


def class_strength(config, step):
    """How much the classes count at a step: 0 at first, 1 from `classes_full` on."""
    length = max(1, config.classes_full - config.classes_begin)
    seen = tf.cast(step, tf.float32) * config.batch_size
    return tf.clip_by_value((seen - config.classes_begin) / length, 0.0, 1.0)


def sample_labels(config, count, seed):
    """Draw labels as often as pictures have them: int64 [count]; seed: two integers."""
    counts = np.cumsum([*class_counts(config).values()] or [1])
    ends = tf.constant(counts / counts[-1], tf.float32)
    drawn = stateless_uniform([count], seed)
    return tf.searchsorted(ends, drawn, "right", tf.int64)


def class_rows(config, labels, step):
    """One-hot rows of labels, as strong as classes are at a step: [batch, classes]."""
    return tf.one_hot(labels, len(class_counts(config))) * class_strength(config, step)


class Labelled:
    """Pictures with their classes: what `train` takes in place of pictures alone."""

    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.images)

    def __getitem__(self, rows):
        return self.images[rows], self.labels[rows]


def classes_of_step(gan, labels):
    """The class rows of the real pictures of the step that comes, and of its fakes."""
    config, step = gan.config, gan.step
    seed = tf.stack([tf.constant(config.seed, tf.int64), step])
    seed = tf.random.experimental.stateless_split(seed, 5)[4]
    drawn = sample_labels(config, len(labels), seed)
    return [[class_rows(config, each, step)] for each in (labels, drawn)]


def join_classes(config, latents):
    """Latents [batch, latent_size + classes], with 64 numbers in place of classes."""
    rows, options = latents[:, config.latent_size :], {"use_bias": False}
    options["kernel_initializer"] = keras.initializers.RandomNormal(stddev=0.3)
    embedding = Dense(64, name="class_embedding", **options)(rows)
    return Concatenate()([latents[:, : config.latent_size], embedding])


def class_logits(x, rows, name):
    """How well a map fits its class, for each place: <mean of a patch, class vector>.

    Source: Miyato and Koyama, https://arxiv.org/abs/1802.05637
    """
    size, channels = min(4, *x.shape[1:3]), x.shape[-1]
    options = {"kernel_initializer": keras.initializers.RandomNormal(stddev=0.02)}
    vector = Dense(channels, use_bias=False, name=f"{name}_classes", **options)(rows)
    patches = keras.ops.average_pool(x, size, 1)
    product = patches * keras.ops.reshape(vector, [-1, 1, 1, channels])
    return keras.ops.sum(product, axis=-1, keepdims=True) / channels**0.5
