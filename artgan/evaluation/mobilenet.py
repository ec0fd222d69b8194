"""MobileNetV2, a small network that learnt ImageNet: what it sees in pictures.

Its weights ship with the project, so that comparing pictures needs no network. The
discriminator looks through another one: its own features would flatter its generator.
Source: Sandler et al., https://arxiv.org/abs/1801.04381, table 2.
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image
from tqdm import tqdm

from artgan.storage.tensor_file import check_vouched, read_arrays, read_file
from artgan.system.errors import ArtganError
from artgan.system.shipped import shipped

RESOLUTION = 224  # pixels a side, of the pictures that it learnt from
# Inverted residual blocks: times the channels grow inside, channels out, stride.
BLOCKS = (
    (1, 16, 1),
    (6, 24, 2),
    (6, 24, 1),
    (6, 32, 2),
    (6, 32, 1),
    (6, 32, 1),
    (6, 64, 2),
    (6, 64, 1),
    (6, 64, 1),
    (6, 64, 1),
    (6, 96, 1),
    (6, 96, 1),
    (6, 96, 1),
    (6, 160, 2),
    (6, 160, 1),
    (6, 160, 1),
    (6, 320, 1),
)


def load_mobilenet(folder: Path | None = None) -> Callable:
    """MobileNetV2 as a function: [n, 224, 224, 3] in [-1, 1] -> [n, 1280] float32.

    folder: holds mobilenet-v2.safetensors, and features.json with its size and SHA-256;
    by default that of the project.
    Raises ArtganError if the file is missing or not the one that was vouched for.
    """
    arrays = read_weights(folder or shipped("features"))
    weights = {name: tf.constant(array) for name, array in arrays.items()}

    @tf.function(input_signature=[tf.TensorSpec([None, *[RESOLUTION] * 2, 3])])
    def network(images):
        return pooled_features(images, weights)

    return network


def read_weights(folder: Path) -> dict[str, np.ndarray]:
    """The kernels and biases of MobileNetV2 by name, float32; errors as above.

    On disk a kernel is 8-bit integers and a scale for each of its output channels.
    """
    try:
        entry = json.loads((folder / "features.json").read_text("utf-8"))
        entry = entry["mobilenet-v2"]
        path, vouched = folder / entry["file"], (entry["bytes"], entry["sha256"])
        data = read_file(path)
    except (OSError, ValueError, LookupError, TypeError, ArtganError) as error:
        raise ArtganError(
            f"The network that pictures are compared by is not in {folder}: {error} It "
            "is part of the project: `git checkout -- checkpoints/features` brings it "
            "back."
        ) from None
    check_vouched(path, data, *vouched, "features.json")
    _, arrays = read_arrays(path, data)
    for name in [name for name in arrays if name.endswith(".scale")]:
        scale, kernel = arrays.pop(name), name.replace(".scale", ".kernel")
        shape = (-1, 1) if "depthwise" in name else (-1,)
        arrays[kernel] = arrays[kernel] * scale.reshape(shape)
    return arrays


def pooled_features(images: tf.Tensor, weights: dict) -> tf.Tensor:
    """Run the network: [n, 224, 224, 3] in [-1, 1] -> [n, 1280], each 0 to 6."""
    x = convolution(images, weights, "stem", stride=2)
    for number, (expansion, channels, stride) in enumerate(BLOCKS):
        name, before = f"block{number:02}", x
        residual = stride == 1 and channels == x.shape[-1]
        if expansion > 1:
            x = convolution(x, weights, f"{name}.expand")
        x = convolution(x, weights, f"{name}.depthwise", stride)
        x = convolution(x, weights, f"{name}.project")
        x = x + before if residual else x
    return tf.reduce_mean(convolution(x, weights, "head"), [1, 2])


def convolution(x: tf.Tensor, weights: dict, name: str, stride: int = 1) -> tf.Tensor:
    """One convolution with bias, and ReLU6 after it unless it is a projection."""
    kernel, bias = weights[f"{name}.kernel"], weights[f"{name}.bias"]
    if name.endswith("depthwise"):
        x = tf.nn.depthwise_conv2d(x, kernel, [1, stride, stride, 1], "SAME")
    else:
        x = tf.nn.conv2d(x, kernel, stride, "SAME")
    x = tf.nn.bias_add(x, bias)
    return x if name.endswith("project") else tf.nn.relu6(x)


def picture_features(
    network: Callable, images: np.ndarray, title: str = "Features", batch: int = 16
) -> np.ndarray:
    """What a network of `load_mobilenet` sees: [n, h, w, 3] uint8 -> [n, 1280] float32.

    Pictures are enlarged to 224 pixels. A progress bar shows after two seconds.
    """
    rows = []
    with tqdm(total=len(images), desc=title, delay=2, disable=None) as bar:
        for start in range(0, len(images), batch):
            enlarged = [
                Image.fromarray(image).resize((RESOLUTION, RESOLUTION), Image.BICUBIC)
                for image in images[start : start + batch]
            ]
            scaled = np.stack(enlarged).astype(np.float32) / 127.5 - 1
            rows.append(network(scaled).numpy())
            bar.update(len(enlarged))
    return np.concatenate(rows)
