"""MobileNetV2, a small network that learnt ImageNet: what it sees in pictures.

The discriminator looks through another one: its own features flatter its generator.
Source: Sandler et al., https://arxiv.org/abs/1801.04381, table 2.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from artgan.gan.feature_network import convolve, read_frozen, stage_maps

MOBILENET_FILE = "features/mobilenet-v2.safetensors"
MOBILENET_SHA256 = "fafec1e4a02f0c7660c04b109a94afd91add46861a7811ba197d166acba7774a"
MOBILENET_STAGES = [  # channels, kernel size, stride, expansion, and how many blocks
    (16, 3, 1, 1, 1),
    (24, 3, 2, 6, 2),
    (32, 3, 2, 6, 3),
    (64, 3, 2, 6, 4),
    (96, 3, 1, 6, 3),
    (160, 3, 2, 6, 3),
    (320, 3, 1, 6, 1),
]


def load_mobilenet() -> Callable:
    """MobileNetV2 as a function: [n, h, w, 3] uint8 -> features [n, 1280]."""
    arrays = read_frozen(MOBILENET_FILE, MOBILENET_SHA256).items()
    weights = {name: tf.constant(array) for name, array in arrays}

    @tf.function(reduce_retracing=True)
    def features(pictures):
        x = tf.image.resize(pictures, [224, 224], "bicubic", antialias=True)
        x = tf.clip_by_value(x, 0, 255) / 127.5 - 1
        x = convolve(x, weights, "stem", strides=2)
        *_, x = stage_maps(x, weights, MOBILENET_STAGES)
        return tf.reduce_mean(convolve(x, weights, "head"), [1, 2])

    def network(pictures):
        batches = tqdm(range(0, len(pictures), 8), "Looking", delay=2, disable=None)
        return np.concatenate([features(pictures[n : n + 8]) for n in batches])

    return network
