"""What the projected discriminator looks at: mixed feature maps, and the picture.

Maps straight from the feature network invite a discriminator to look at a few channels
of one scale only. Fixed random mixing, first across channels and then across scales,
spreads what each holds. Source: Sauer et al., Projected GANs Converge Faster,
https://arxiv.org/abs/2111.01007
"""

import keras
import numpy as np
import tensorflow as tf

from artgan.gan.feature_network import (
    SCALES,
    STAGES,
    feature_maps,
    load_features,
)


class Projection:
    """Images [batch, height, width, 3] in [-1, 1] -> a list of maps for the heads.

    With size 128 and 64 mixing channels: [batch, 32, 32, 64], [batch, 16, 16, 128],
    [batch, 8, 8, 256], and the picture itself. Nothing in it is trained or stored: the
    mixing follows from the seed.
    """

    def __init__(self, config):
        self.weights = load_features()
        random = np.random.default_rng(config.seed)
        self.channel_mixing, self.scale_mixing = [], []
        for scale, stage in enumerate(SCALES):
            found, mixed = STAGES[stage][0], config.mixing_channels * 2**scale
            self.channel_mixing.append(random_mixing(random, found, 2 * mixed))
            self.scale_mixing.append(random_mixing(random, 2 * mixed, mixed))

    def __call__(self, images):
        cast = tf.cast(images, self.weights["stem.bias"].dtype)
        maps = feature_maps(cast, self.weights)
        maps = cross_channel_mixing(maps, self.channel_mixing)
        maps = cross_scale_mixing(maps, self.scale_mixing)
        return [*maps, images]


def random_mixing(random, channels_in, channels_out):
    """A fixed random 1x1 convolution kernel: [1, 1, channels_in, channels_out]."""
    kernel = random.normal(0, channels_in**-0.5, [1, 1, channels_in, channels_out])
    return tf.cast(kernel, keras.config.dtype_policy().compute_dtype)


def cross_channel_mixing(maps, kernels):
    """Mix the channels of each feature map by its own random kernel."""
    pairs = zip(maps, kernels, strict=True)
    return [tf.nn.conv2d(x, kernel, 1, "SAME") for x, kernel in pairs]


def cross_scale_mixing(maps, kernels):
    """Add each map to the next finer one, mixed, and doubled bilinearly.

    maps: fine to coarse, as the result: twice the resolution, half the channels.
    """
    x, mixed = 0.0, []
    for finer, kernel in zip(maps[::-1], kernels[::-1], strict=True):
        x = tf.nn.conv2d(x + finer, kernel, 1, "SAME")
        x = tf.cast(tf.image.resize(x, [2 * x.shape[1], 2 * x.shape[2]]), x.dtype)
        mixed.insert(0, x)
    return mixed
