"""From the settings and arrays of a file of weights to the generator that paints."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
import tensorflow as tf

from artgan.gan.config import Config, preset
from artgan.gan.generator import build_generator
from artgan.system.errors import ArtganError


def stored_config(settings: dict) -> Config:
    """The config of settings stored with weights, of which nothing is believed.

    Raises ArtganError if this program does not know them, or they cannot work.
    """
    try:
        return preset("default", **settings)
    except (ArtganError, TypeError, ValueError) as error:
        raise ArtganError(
            f"The settings of the weights are no good: {str(error)!r:.300}"
        ) from None


def build_stored_generator(config: Config) -> keras.Model:
    """The untrained generator of a `stored_config`, computing in float32.

    Latents [batch, latent_size] -> pictures [batch, size, size, 3] in [-1, 1].
    """
    with float32_policy():
        return build_generator(config)


def load_generator(config: Config, arrays: dict[str, np.ndarray]) -> keras.Model:
    """The generator of a `stored_config` with arrays, float32 by name.

    It computes in float32 whatever it was trained in, so that a seed gives the same
    picture on machines of a kind. Raises ArtganError if the arrays are not its own.
    """
    with tf.Graph().as_default():  # computes nothing, so a huge network costs nothing
        weights = build_stored_generator(config).weights
    wanted = {weight.path: list(weight.shape) for weight in weights}
    found = {name: list(array.shape) for name, array in arrays.items()}
    for name in wanted | found:
        if wanted.get(name) != found.get(name):
            raise ArtganError(
                f"The weights do not fit the network of their settings: {name!r:.80} "
                f"is {found.get(name, 'missing')} where {wanted.get(name, 'nothing')} "
                "is needed. They were not used."
            )
    generator = build_stored_generator(config)
    generator.set_weights([arrays[name] for name in wanted])
    return generator


@contextmanager
def float32_policy() -> Iterator[None]:
    """Build in float32 within the block, whatever a training has chosen."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
