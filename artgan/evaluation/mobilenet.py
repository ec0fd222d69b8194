"""MobileNetV2, a small network that learnt ImageNet: what it sees in pictures.

Its weights ship with the project, so that comparing pictures needs no network. The
discriminator looks through another one: its own features would flatter its generator.
Source: Sandler et al., https://arxiv.org/abs/1801.04381, table 2.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image
from safetensors.numpy import load
from tqdm import tqdm

from artgan.system.errors import ArtganError
from artgan.system.shipped import shipped

MOBILENET_FILE = "features/mobilenet-v2.safetensors"
MOBILENET_BYTES = 2_341_392
MOBILENET_SHA256 = "fafec1e4a02f0c7660c04b109a94afd91add46861a7811ba197d166acba7774a"
RESOLUTION = 224  # pixels a side, of the pictures that it learnt from
# Inverted residual blocks: channels in, channels out, kernel size, stride, and how many
# times more channels there are inside.
MOBILENET_BLOCKS = [
    (32, 16, 3, 1, 1),
    (16, 24, 3, 2, 6),
    (24, 24, 3, 1, 6),
    (24, 32, 3, 2, 6),
    (32, 32, 3, 1, 6),
    (32, 32, 3, 1, 6),
    (32, 64, 3, 2, 6),
    (64, 64, 3, 1, 6),
    (64, 64, 3, 1, 6),
    (64, 64, 3, 1, 6),
    (64, 96, 3, 1, 6),
    (96, 96, 3, 1, 6),
    (96, 96, 3, 1, 6),
    (96, 160, 3, 2, 6),
    (160, 160, 3, 1, 6),
    (160, 160, 3, 1, 6),
    (160, 320, 3, 1, 6),
]


def load_mobilenet(path: Path | None = None) -> Callable:
    """MobileNetV2 as a function: [n, 224, 224, 3] in [-1, 1] -> [n, 1280] float32.

    path: its file, instead of the one that comes with the project. Raises ArtganError
    if the file is missing, or is not the one that this code was written for.
    """
    weights = read_mobilenet(path or shipped(MOBILENET_FILE))

    @tf.function(input_signature=[tf.TensorSpec([None, RESOLUTION, RESOLUTION, 3])])
    def network(images):
        return mobilenet_features(images, weights)

    return network


def read_mobilenet(path: Path) -> dict[str, tf.Tensor]:
    """The kernels and biases by name, float32. Raises ArtganError as `load_mobilenet`.

    In the file a kernel is 8-bit integers, and a scale for each output channel.
    """
    remedy = (
        "`git checkout -- checkpoints/features` in the project's folder restores it."
    )
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ArtganError(
            f"MobileNetV2, by which pictures are compared, cannot be read: {error}. "
            f"It comes with the project: {remedy}"
        ) from None
    vouched = len(data), hashlib.sha256(data).hexdigest()
    if vouched != (MOBILENET_BYTES, MOBILENET_SHA256):
        raise ArtganError(
            f"{path} is damaged, or not the MobileNetV2 that pictures are compared by: "
            f"it has {len(data):,} of {MOBILENET_BYTES:,} bytes and its SHA-256 begins "
            f"with {vouched[1][:12]}, not with {MOBILENET_SHA256[:12]}. {remedy}"
        )
    arrays = load(data)
    for name in [name for name in arrays if name.endswith(".scale")]:
        scale, kernel = arrays.pop(name), name.replace(".scale", ".kernel")
        shape = (-1, 1) if "depthwise" in name else (-1,)
        arrays[kernel] = arrays[kernel] * scale.reshape(shape)
    return {name: tf.constant(array) for name, array in arrays.items()}


def mobilenet_features(images: tf.Tensor, weights: dict[str, tf.Tensor]) -> tf.Tensor:
    """Run the network: [n, 224, 224, 3] in [-1, 1] -> [n, 1280], each 0 to 6."""
    x = convolution(images, weights, "stem", stride=2)
    for number, block in enumerate(MOBILENET_BLOCKS):
        channels_in, channels_out, _, stride, expansion = block
        name, inputs = f"block{number:02d}", x
        if expansion > 1:
            x = convolution(x, weights, f"{name}.expand")
        x = convolution(x, weights, f"{name}.depthwise", stride)
        x = convolution(x, weights, f"{name}.project")
        x = x + inputs if stride == 1 and channels_in == channels_out else x
    return tf.reduce_mean(convolution(x, weights, "head"), axis=[1, 2])


def convolution(x: tf.Tensor, weights: dict, name: str, stride: int = 1) -> tf.Tensor:
    """A convolution with its bias, and ReLU6 after it unless it is a projection."""
    kernel, bias = weights[f"{name}.kernel"], weights[f"{name}.bias"]
    if name.endswith("depthwise"):
        x = tf.nn.depthwise_conv2d(x, kernel, [1, stride, stride, 1], "SAME")
    else:
        x = tf.nn.conv2d(x, kernel, stride, "SAME")
    x = tf.nn.bias_add(x, bias)
    return x if name.endswith("project") else tf.nn.relu6(x)


def picture_features(
    network: Callable, images: np.ndarray, title: str = "Features", batch: int = 8
) -> np.ndarray:
    """What a network of `load_mobilenet` sees: [n, h, w, 3] uint8 -> [n, 1280] float32.

    Pictures are enlarged to 224 pixels. A progress bar shows after two seconds.
    """
    rows, shape = [], (RESOLUTION, RESOLUTION)
    with tqdm(total=len(images), desc=title, delay=2, disable=None) as bar:
        for start in range(0, len(images), batch):
            enlarged = [
                Image.fromarray(image).resize(shape, Image.Resampling.BICUBIC)
                for image in images[start : start + batch]
            ]
            scaled = np.stack(enlarged).astype(np.float32) / 127.5 - 1
            rows.append(network(scaled).numpy())
            bar.update(len(enlarged))
    return np.concatenate(rows)
