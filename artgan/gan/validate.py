"""What the settings of a run may be: each by type and range, then all together."""

import math
import re
from functools import partial
from typing import Any

from artgan.system.errors import ArtganError
from artgan.system.tensorflow import load_quietly

NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
CHOICES = {
    "fit": ("crop", "squash"),
    "latent_distribution": ("normal", "uniform"),
    "precision": ("auto", "float32", "bfloat16", "float16"),
}
# Lowest and highest. More ends in a machine without memory, and so without a sentence.
USUAL: dict[Any, tuple[float, float]] = {int: (1, 4096), float: (0, 1 - 1e-9)}
RANGES: dict[str, tuple[float, float]] = {
    "size": (16, 1024),
    "width": (0, 1024),
    "crops": (1, 9),
    "stretch": (0.1, 10),
    "pixel_range": (0.01, 1),
    "mixing_channels": (1, 1024),
    "seed": (0, 2**31 - 1),
    "generator_learning_rate": (1e-9, 1),
    "discriminator_learning_rate": (1e-9, 1),
    "classes_begin": (0, 2**40),
    "classes_full": (0, 2**40),
}
LARGEST_BATCH = 2**23  # pixels
COUNTED = re.compile(".+:[1-9][0-9]{0,8}", re.DOTALL)  # a class and its pictures


def require(settings: dict[str, Any], field: str, holds: bool, problem: str) -> None:
    """Raise ArtganError on the value of a field, unless something holds of it."""
    if not holds:
        value = settings[field]
        raise ArtganError(f"The config field '{field}' is {value!r:.60}: {problem}.")


def check_each(settings: dict[str, Any], types: dict) -> None:
    """Raise ArtganError for a value of another type, out of range or no choice.

    A whole number will do for a float, but nothing else stands in for another type.
    """
    for field, value in settings.items():
        kind = types[field]
        fits = type(value) is kind or (kind is float and type(value) is int)
        require(settings, field, fits, f"it must be {NAMES[kind]}")
        if kind in USUAL:
            low, high = RANGES.get(field, USUAL[kind])
            inside = low <= value <= high
            require(settings, field, inside, f"it is not from {low:,} to {high:,}")
        if choices := CHOICES.get(field):
            known = value in choices
            require(settings, field, known, f"choose {' or '.join(choices)}")


def check_together(config: Any) -> None:
    """Raise ArtganError for a value of a config that does not go with the others."""
    must = partial(require, vars(config))
    height, width = config.shape
    for field, side in ("size", height), ("width", width):
        fits = side % 32 == 0 or (side == 16 and config.discriminator == "dcgan")
        must(field, fits, "it must be a multiple of 32")
    coarsest = config.initial_resolution
    must("initial_resolution", math.log2(coarsest) % 1 == 0, "it is no power of two")
    fits = 4 * coarsest <= min(height, width)
    must("initial_resolution", fits, f"too large for {width}x{height} pixels")
    most = LARGEST_BATCH // (height * width)
    text = f"{most:,} pictures of {width}x{height} pixels are the most"
    must("batch_size", config.batch_size <= most, text)
    pairs = config.classes.split(",") if config.classes else []
    names = {pair.rpartition(":")[0] for pair in pairs if COUNTED.fullmatch(pair)}
    text = "it must be names and counts, as Canaletto:112,Guardi:41"
    must("classes", len(names) == len(pairs), text)
    fits = not pairs or config.discriminator != "dcgan"
    must("discriminator", fits, "it is told no classes: choose projected")
    fits = not pairs or config.generator == "modulated"
    must("generator", fits, "it is told no classes: choose modulated")
    begin = config.classes_begin
    must("classes_full", begin <= config.classes_full, f"they begin at {begin:,}")
    check_names(config)


def check_names(config: Any) -> None:
    """Raise ArtganError for a name that is in no registry, for which TensorFlow loads.

    That takes seconds, and a mistyped folder shall be told sooner: defaults are known.
    """
    fields = ("loss", "generator", "discriminator", "augmentations")
    if all(getattr(config, field) == getattr(type(config), field) for field in fields):
        return
    load_quietly()
    from artgan.gan import augment, discriminator, generator, losses

    registries: list[dict] = [losses.LOSSES, generator.GENERATORS]
    registries += [discriminator.DISCRIMINATORS, augment.AUGMENTATIONS]
    for field, known in zip(fields, registries, strict=True):
        names = [value := getattr(config, field)]
        if field == "augmentations":
            names = value.split(",") if value else []
        there = all(name in known for name in names)
        require(vars(config), field, there, f"there are {', '.join(known)}")
