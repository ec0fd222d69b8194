"""What the projected discriminator looks at: mixed feature maps and a small picture.

Maps straight from the feature network invite a discriminator to look at a few channels
of one scale only. Fixed random mixing, first across channels and then across scales,
spreads what each holds. Source: Sauer et al., Projected GANs Converge Faster,
https://arxiv.org/abs/2111.01007
"""

import keras
import numpy as np
import tensorflow as tf

from artgan.gan.feature_network import feature_maps, load_features, pooled_features


class Projection:
    """Images [batch, size, size, 3] in [-1, 1] -> a list of maps for the heads.

    With size 128 and 64 mixing channels: [batch, 32, 32, 64], [batch, 16, 16, 128],
    [batch, 8, 8, 256], and the picture itself. Nothing in it is trained or stored: the
    mixing follows from the seed.
    """

    def __init__(self, config):
        self.config = config
        self.weights = load_features()
        random = np.random.default_rng(config.seed)
        wide = [config.mixing_channels * 2**scale for scale in range(4)]
        found = [24, 40, 112, 320]  # channels of the feature network's maps
        finer = wide[:1] + wide[:3]
        self.channel_mixing = [
            random_mixing(random, *s) for s in zip(found, wide, strict=True)
        ]
        self.scale_mixing = [
            random_mixing(random, *s) for s in zip(wide, finer, strict=True)
        ]

    def __call__(self, images):
        maps = feature_maps(
            tf.cast(images, self.weights["stem.bias"].dtype), self.weights
        )
        mixed = cross_channel_mixing(maps, self.channel_mixing)
        return [*cross_scale_mixing(mixed, self.scale_mixing), images]

    def features(self, images):
        """What the frozen network sees: uint8 [n, side, side, 3] -> [n, 432]."""
        return pooled_features(images, self.weights)


def upsample_bilinear(x):
    """Double the resolution of a map: [batch, h, w, c] -> [batch, 2h, 2w, c]."""
    return tf.cast(tf.image.resize(x, [2 * x.shape[1], 2 * x.shape[2]]), x.dtype)


def random_mixing(random, channels_in, channels_out):
    """A fixed 1x1 convolution kernel [1, 1, channels_in, channels_out], random."""
    kernel = random.normal(0, channels_in**-0.5, [1, 1, channels_in, channels_out])
    return tf.cast(kernel, keras.config.dtype_policy().compute_dtype)


def cross_channel_mixing(maps, kernels):
    """Mix the channels of each feature map by its own random kernel."""
    return [
        tf.nn.conv2d(x, kernel, 1, "SAME")
        for x, kernel in zip(maps, kernels, strict=True)
    ]


def cross_scale_mixing(maps, kernels):
    """From the coarsest map up, double each and add it to the next finer one.

    Returns the three maps at a quarter, an eighth and a sixteenth of the size, fine to
    coarse; the finest of all would cost the most and adds least.
    """
    x, mixed = maps[-1], []
    for finer, kernel in zip(maps[-2::-1], kernels[:0:-1], strict=True):
        x = upsample_bilinear(tf.nn.conv2d(x, kernel, 1, "SAME"))
        mixed.insert(0, x)
        x = x + finer
    return mixed
