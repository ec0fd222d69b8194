"""From the settings that weights carry to the generator that they are for."""

import math
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from typing import Any

import keras

from artgan.gan.config import Config, preset
from artgan.gan.generator import build_generator
from artgan.storage.legacy.flowers import (
    FlowersConfig,
    build_flowers_generator,
    flowers_config,
)
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

# "builder" in the settings: their class, check and network
BUILDERS: dict[str, tuple[Any, Callable, Callable]] = {
    "": (Config, partial(preset, "default"), build_generator),
    "flowers": (FlowersConfig, flowers_config, build_flowers_generator),
}


def stored_config(settings: dict):
    """The config of settings stored with weights: a Config, or that of an ancestor.

    settings: a dictionary of which nothing is believed. Raises ArtganError if this
    program does not know them, or they cannot work.
    """
    name = settings.get("builder", "")
    if not isinstance(name, str) or name not in BUILDERS:
        raise ArtganError(
            f"The weights are for a network '{printable(name)}', which this program "
            "cannot build. Get a newer version of it."
        )
    kind, make, _ = BUILDERS[name]
    unknown = ", ".join(sorted(set(settings) - {field.name for field in fields(kind)}))
    if unknown:
        raise ArtganError(
            "The weights have settings that this program does not know: "
            f"{printable(unknown)}. Get a newer version of it, or version 0.1.0 for "
            "old weights."
        )
    try:
        return make(**settings)
    except (ArtganError, AttributeError, TypeError, ValueError) as error:
        raise ArtganError(
            f"The settings of the weights are no good: {printable(error)}"
        ) from None


def build_stored_generator(config: Config, most_numbers=math.inf):
    """The untrained generator of a `stored_config`, computing in float32.

    Latents [batch, latent_size] -> pictures [batch, size, size, 3] in [-1, 1]. Raises
    ArtganError, before it takes the memory, if it has more than `most_numbers`.
    """
    _, _, build = BUILDERS[getattr(config, "builder", "")]
    with float32_policy(), numbers_limited(most_numbers):
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


@contextmanager
def numbers_limited(most: int):
    """Let the layers built in the block have so many numbers; more is an ArtganError.

    A small file whose settings ask for a huge network thus costs no memory.
    """
    add_weight, left = keras.Layer.add_weight, most

    def add_limited(layer, shape=None, *arguments, **options):
        nonlocal left
        left -= math.prod(shape or ())
        if left < 0:
            raise ArtganError(
                "The settings of the weights ask for a larger network than the "
                f"{most:,} numbers in their file. They were not used."
            )
        return add_weight(layer, shape, *arguments, **options)

    keras.Layer.add_weight = add_limited
    try:
        yield
    finally:
        keras.Layer.add_weight = add_weight
