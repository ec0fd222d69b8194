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

from artgan.gan.feature_network import convolve, stage_maps
from artgan.system.errors import ArtganError
from artgan.system.shipped import shipped

MOBILENET_FILE = "features/mobilenet-v2.safetensors"
MOBILENET_BYTES = 2_341_392
MOBILENET_SHA256 = "fafec1e4a02f0c7660c04b109a94afd91add46861a7811ba197d166acba7774a"
RESOLUTION = 224  # pixels a side, of the pictures that it learnt from
MOBILENET_STAGES = [  # channels, kernel size, stride, expansion, and how many blocks
    (16, 3, 1, 1, 1),
    (24, 3, 2, 6, 2),
    (32, 3, 2, 6, 3),
    (64, 3, 2, 6, 4),
    (96, 3, 1, 6, 3),
    (160, 3, 2, 6, 3),
    (320, 3, 1, 6, 1),
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
    x = convolve(images, weights, "stem", strides=2)
    *_, x = stage_maps(x, weights, MOBILENET_STAGES)
    return tf.reduce_mean(convolve(x, weights, "head"), axis=[1, 2])


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
