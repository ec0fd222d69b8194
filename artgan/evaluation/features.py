"""What a network that knows many photographs sees in pictures: rows of features."""

import socket
import warnings

import keras
import numpy as np
from PIL import Image
from tqdm import tqdm

from artgan.system.errors import ArtganError

WEIGHTS = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"
ADDRESS = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/"
SHA256 = "f8aff69536bd77a692c594f559c798c19bf7f3f36668fc9fa00b21c6aab4797c"
BICUBIC = Image.Resampling.BICUBIC


def feature_network(path):
    """MobileNetV2 up to its pooled features: [n, 224, 224, 3] in [-1, 1] -> [n, 1280].

    path: a file of Keras weights for it. Raises ArtganError when it is none. Source:
    https://arxiv.org/abs/1801.04381
    """
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")  # figures must not depend on the run's
    try:
        network = keras.applications.MobileNetV2(
            input_shape=(224, 224, 3), include_top=False, pooling="avg", weights=None
        )
    finally:
        keras.config.set_dtype_policy(policy)
    try:
        with warnings.catch_warnings():
            # Keras only warns where it leaves a layer without its weights.
            warnings.filterwarnings("error", "Skipping")
            network.load_weights(path)
    except Exception as error:  # each format raises errors of its own
        reason = f"{error}".strip().partition("\n")[0] or type(error).__name__
        raise ArtganError(
            f"{path} holds no weights for MobileNetV2 without its top layer: {reason} "
            "Name a .h5 or .weights.h5 file of these with --features, or leave it out "
            "to download one."
        ) from None
    return network


def downloaded_weights():
    """The path of ImageNet weights in Keras's own cache, downloaded if need be.

    Raises ArtganError when they cannot be had.
    """
    usual = socket.getdefaulttimeout()
    socket.setdefaulttimeout(20)  # Keras would wait for ever
    try:
        address = ADDRESS + WEIGHTS
        return keras.utils.get_file(
            WEIGHTS, address, cache_subdir="models", file_hash=SHA256
        )
    except Exception as error:  # Keras raises bare ones
        raise ArtganError(
            f"The feature network (9 MB) could not be downloaded: {error}. Nothing was "
            "changed. Run this again with a network, once; or give weights that are "
            f"on disk with --features FILE, such as {WEIGHTS}."
        ) from None
    finally:
        socket.setdefaulttimeout(usual)


def picture_features(network, images, words="Looking at pictures", batch=32):
    """The features of pictures [n, height, width, 3] uint8: [n, 1280] float32."""
    rows = []
    for start in tqdm(range(0, len(images), batch), words, disable=None):
        chunk = images[start : start + batch]
        large = [Image.fromarray(image).resize((224, 224), BICUBIC) for image in chunk]
        scaled = np.stack(large).astype(np.float32) / 127.5 - 1
        rows.append(network.predict_on_batch(scaled))
    return np.concatenate(rows)
