"""The frozen feature network: EfficientNet-Lite0, which has seen a million photographs.

It was trained to name what photographs show, and is never trained here. Its feature
maps tell a window from a cloud, so a discriminator that looks at them need not learn
that first. Sources: Tan and Le, https://arxiv.org/abs/1905.11946; the lite variant,
https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
"""

import hashlib
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from safetensors.numpy import load

from artgan.system.errors import ArtganError
from artgan.system.shipped import shipped

FEATURES_FILE = "features/efficientnet-lite0.safetensors"
FEATURES_SHA256 = "06ed96e61f48f05db4933332c340bd236dcb5bd3222e14f701457a09380d056a"
# Inverted residual blocks: channels in, channels out, kernel size, stride, and how many
# times more channels there are inside.
BLOCKS = [
    (32, 16, 3, 1, 1),
    (16, 24, 3, 2, 6),
    (24, 24, 3, 1, 6),
    (24, 40, 5, 2, 6),
    (40, 40, 5, 1, 6),
    (40, 80, 3, 2, 6),
    (80, 80, 3, 1, 6),
    (80, 80, 3, 1, 6),
    (80, 112, 5, 1, 6),
    (112, 112, 5, 1, 6),
    (112, 112, 5, 1, 6),
    (112, 192, 5, 2, 6),
    (192, 192, 5, 1, 6),
    (192, 192, 5, 1, 6),
    (192, 192, 5, 1, 6),
    (192, 320, 3, 1, 6),
]
# The blocks whose feature maps are used: the last at each of the strides 8, 16 and 32.
SCALES = (4, 10, 15)


def load_features(path: Path | None = None) -> dict[str, tf.Tensor]:
    """The kernels and biases of the feature network by name, to compute with.

    path: its file, instead of the one that comes with the project. Raises ArtganError
    if the file is missing, or is not the one that this code was written for.
    """
    path = path or shipped(FEATURES_FILE)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ArtganError(f"The feature network cannot be read: {error}.") from None
    if hashlib.sha256(data).hexdigest() != FEATURES_SHA256:
        raise ArtganError(f"{path} is not the feature network; get it again.")
    dtype = keras.config.dtype_policy().compute_dtype
    arrays = load(data).items()
    return {name: tf.cast(array.astype(np.float32), dtype) for name, array in arrays}


def feature_maps(images: tf.Tensor, weights: dict[str, tf.Tensor]) -> list[tf.Tensor]:
    """Images [batch, size, size, 3] in [-1, 1] -> three feature maps, fine to coarse.

    [batch, size/8, size/8, 40], [batch, size/16, size/16, 112] and [batch, size/32,
    size/32, 320].
    """
    x = convolve(images, weights, "stem", strides=2)
    maps = []
    for number, block in enumerate(BLOCKS):
        x = inverted_residual(x, weights, f"block{number:02d}", block)
        if number in SCALES:
            maps.append(x)
    return maps


def inverted_residual(inputs, weights, name, block):
    """Expand the channels, filter each by itself, project them down to few again.

    Where the shape stays, the inputs are added. Source: Sandler et al.,
    https://arxiv.org/abs/1801.04381
    """
    channels_in, channels_out, _, strides, expansion = block
    x = inputs
    if expansion > 1:
        x = convolve(x, weights, f"{name}.expand")
    x = depthwise(x, weights[f"{name}.depthwise.kernel"], strides)
    x = tf.nn.relu6(tf.nn.bias_add(x, weights[f"{name}.depthwise.bias"]))
    x = convolve(x, weights, f"{name}.project", activation=tf.identity)
    return x + inputs if strides == 1 and channels_in == channels_out else x


def depthwise(x, kernel, strides):
    """Filter each channel by itself.

    With a stride, TensorFlow's gradient of it is slow in bfloat16: a quarter of a step.
    """
    dtype = x.dtype if strides == 1 else tf.float32
    strides = [1, strides, strides, 1]
    x_cast, kernel_cast = tf.cast(x, dtype), tf.cast(kernel, dtype)
    return tf.cast(
        tf.nn.depthwise_conv2d(x_cast, kernel_cast, strides, "SAME"), x.dtype
    )


def convolve(x, weights, name, strides=1, activation=tf.nn.relu6):
    """A convolution with its bias and activation; its batch norm is folded in."""
    x = tf.nn.conv2d(x, weights[f"{name}.kernel"], strides, "SAME")
    return activation(tf.nn.bias_add(x, weights[f"{name}.bias"]))


def pooled_features(images: np.ndarray, weights: dict[str, tf.Tensor]) -> np.ndarray:
    """What the network sees in pictures: uint8 [n, size, size, 3] -> float32 [n, 432].

    The means of its two coarsest feature maps, to compare whole pictures by.
    """
    dtype = weights["stem.bias"].dtype
    images = tf.cast(tf.cast(images, tf.float32) / 127.5 - 1, dtype)
    means = [tf.reduce_mean(x, [1, 2]) for x in feature_maps(images, weights)[1:]]
    return tf.cast(tf.concat(means, -1), tf.float32).numpy()
