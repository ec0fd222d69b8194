"""From the settings that weights carry to the generator that they are for."""

from contextlib import contextmanager
from dataclasses import fields

import keras

from artgan.gan.config import EARLIER, Config
from artgan.gan.limits import problems_of
from artgan.gan.networks import build_generator
from artgan.storage.legacy.flowers import (
    FlowersConfig,
    build_flowers_generator,
    problems_of_flowers,
)
from artgan.system.errors import ArtganError

BUILDERS = {  # "builder" in the settings: their class, check and network
    "": (Config, problems_of, build_generator),
    "flowers": (FlowersConfig, problems_of_flowers, build_flowers_generator),
}


def stored_config(settings):
    """The config of settings stored with weights: a Config, or that of an ancestor.

    settings: a dictionary of which nothing is believed. Raises ArtganError if this
    program does not know them, or they cannot work.
    """
    name = settings.get("builder", "")
    if name not in BUILDERS:
        raise ArtganError(
            f"The weights are for a network '{name}', which this program cannot build. "
            "Get a newer version of it."
        )
    kind, check, _ = BUILDERS[name]
    if kind is Config:
        settings = EARLIER | settings
    unknown = set(settings) - {field.name for field in fields(kind)}
    if unknown:
        raise ArtganError(
            f"The weights have settings that this program does not know: "
            f"{', '.join(sorted(unknown))}. Get a newer version of it."
        )
    try:
        config = kind(**settings)
        problems = [f"{field}: {problem}" for field, problem in check(config)]
    except (AttributeError, TypeError, ValueError) as error:
        problems = [str(error)]
    if problems:
        raise ArtganError(f"The settings of the weights are no good: {problems[0]}.")
    return config


def build_stored_generator(config):
    """The untrained generator of a `stored_config`, computing in float32.

    Latents [batch, latent_size] -> pictures [batch, size, size, 3] in [-1, 1].
    """
    _, _, build = BUILDERS[getattr(config, "builder", "")]
    with float32_policy():
        return build(config)


@contextmanager
def float32_policy():
    """Build in float32 within the block, whatever a training has chosen."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
