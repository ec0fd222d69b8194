"""The discriminator of the ancestor that painted architecture, as a Keras network."""

from math import isqrt
from typing import TYPE_CHECKING

import keras
from keras import layers

from artgan.gan.fast.layers import BatchNormalization
from artgan.storage.builders import float32_policy

if TYPE_CHECKING:
    import numpy as np


def architecture_discriminator(arrays: "list[np.ndarray]", size: int):
    """The ancestor's discriminator: pictures [batch, size, size, 3] -> logits.

    Where the side at its end shows that one convolution kept it, that is the last but
    one, as in the notebook. It normalises by the batch always, so call it with
    training=True.
    """
    kernels = [array for array in arrays if array.ndim == 4]
    side = isqrt(arrays[-2].shape[0] // kernels[-1].shape[3])
    keeps = len(kernels) - (size // side).bit_length() + 1
    images = x = keras.Input([size, size, 3])
    with float32_policy():
        for number, kernel in enumerate(kernels):
            strides = 1 if keeps and number == len(kernels) - 2 else 2
            options = {"padding": "same", "name": f"conv{number + 1}"}
            x = layers.Conv2D(kernel.shape[3], kernel.shape[0], strides, **options)(x)
            x = BatchNormalization(name=f"conv{number + 1}_normalization")(x)
            x = layers.LeakyReLU(0.2)(x)
        logits = layers.Dense(1, name="judge")(layers.Flatten()(x))
    return keras.Model(images, logits, name="discriminator")
