"""A frozen network that has seen a million photographs, and what is looked at of it.

Its maps tell a window from a cloud, so a discriminator that looks at them need not
learn that first. Taken as they are, they invite it to look at a few channels of one
scale only; fixed random mixing, across channels and then scales, spreads what each
holds. Sources: Tan and Le, EfficientNet (the variant Lite0),
https://arxiv.org/abs/1905.11946; Sauer et al., Projected GANs Converge Faster,
https://arxiv.org/abs/2111.01007
"""

import hashlib

import keras
import numpy as np
import tensorflow as tf
from safetensors.numpy import load

from artgan.system.errors import ArtganError
from artgan.system.files import shipped

FEATURES_FILE = "features/efficientnet-lite0.safetensors"
FEATURES_SHA256 = "06ed96e61f48f05db4933332c340bd236dcb5bd3222e14f701457a09380d056a"
STAGES = [  # channels, kernel size, stride, expansion, and how many blocks
    (16, 3, 1, 1, 1),
    (24, 3, 2, 6, 2),
    (40, 5, 2, 6, 2),
    (80, 3, 2, 6, 3),
    (112, 5, 1, 6, 3),
    (192, 5, 2, 6, 4),
    (320, 3, 1, 6, 1),
]
SCALES = (2, 4, 6)  # the stages whose maps are used: the last of strides 8, 16 and 32


def read_frozen(file: str, sha256: str) -> dict[str, np.ndarray]:
    """The kernels and biases of a file below `checkpoints` by name, or an ArtganError.

    A kernel may be 8-bit integers, with a scale for each channel.
    """
    path = shipped(file)
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ArtganError(f"{path} is damaged, missing or another; get it again.")
    arrays = {name: np.float32(array) for name, array in load(data).items()}
    for name in [name for name in arrays if name.endswith(".scale")]:
        kernel = arrays[name.replace(".scale", ".kernel")]
        kernel *= arrays.pop(name).reshape((-1, 1) if kernel.shape[-1] == 1 else -1)
    return arrays


def load_features() -> dict[str, tf.Tensor]:
    """The kernels and biases of the feature network by name, to compute with."""
    dtype = keras.config.dtype_policy().compute_dtype
    arrays = read_frozen(FEATURES_FILE, FEATURES_SHA256).items()
    return {name: tf.cast(array, dtype) for name, array in arrays}


def feature_maps(images: tf.Tensor, weights: dict[str, tf.Tensor]) -> list[tf.Tensor]:
    """Images [batch, height, width, 3] in [-1, 1] -> three maps, fine to coarse.

    40 channels at an eighth of the height and width, 112 at a 16th, 320 at a 32nd.
    """
    maps = stage_maps(convolve(images, weights, "stem", strides=2), weights, STAGES)
    return [maps[stage] for stage in SCALES]


def stage_maps(x, weights, stages):
    """Run stages of inverted residual blocks; return the map that each ends with."""
    maps, number = [], 0
    for _, _, stride, _, blocks in stages:
        for block in range(blocks):
            strides = 1 if block else stride
            x = inverted_residual(x, weights, f"block{number:02d}", strides)
            number += 1
        maps.append(x)
    return maps


def inverted_residual(inputs, weights, name, strides):
    """Expand the channels, filter each by itself, project them down to few again.

    Where the shape stays, inputs are added. Source: https://arxiv.org/abs/1801.04381
    """
    x = inputs
    if f"{name}.expand.kernel" in weights:
        x = convolve(x, weights, f"{name}.expand")
    # TensorFlow's gradient of a filter with a stride is slow in bfloat16.
    dtype = tf.float32 if strides > 1 and x.dtype == tf.bfloat16 else x.dtype
    kernel, steps = weights[f"{name}.depthwise.kernel"], [1, strides, strides, 1]
    x = tf.nn.depthwise_conv2d(tf.cast(x, dtype), tf.cast(kernel, dtype), steps, "SAME")
    x = tf.cast(x, inputs.dtype)
    x = tf.nn.relu6(tf.nn.bias_add(x, weights[f"{name}.depthwise.bias"]))
    x = convolve(x, weights, f"{name}.project", activation=tf.identity)
    return x + inputs if strides == 1 and x.shape[-1] == inputs.shape[-1] else x


def convolve(x, weights, name, strides=1, activation=tf.nn.relu6):
    """A convolution with its bias and activation; its batch norm is folded in."""
    x = tf.nn.conv2d(x, weights[f"{name}.kernel"], strides, "SAME")
    return activation(tf.nn.bias_add(x, weights[f"{name}.bias"]))


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


def pooled_features(images: np.ndarray, weights: dict[str, tf.Tensor]) -> np.ndarray:
    """The means of the two coarsest maps: uint8 [n, h, w, 3] -> float32 [n, 432]."""
    dtype = weights["stem.bias"].dtype
    images = tf.cast(tf.cast(images, tf.float32) / 127.5 - 1, dtype)
    means = [tf.reduce_mean(x, [1, 2]) for x in feature_maps(images, weights)[1:]]
    return tf.cast(tf.concat(means, -1), tf.float32).numpy()
