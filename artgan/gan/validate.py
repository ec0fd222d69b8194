"""What the settings of a run may be, by type and range."""

import dataclasses
import math
import re
from collections.abc import Iterator

from artgan.system.tensorflow import load_quietly

CHOICES = {
    "fit": ("crop", "squash"),
    "latent_distribution": ("normal", "uniform"),
    "precision": ("auto", "float32", "bfloat16"),
}
# Lowest and highest. More ends in a machine without memory, and so without a sentence.
RANGES = {
    "size": (16, 1024),
    "width": (0, 1024),
    "crops": (1, 9),
    "pixel_range": (0.01, 1),
    "batch_size": (1, 4096),
    "latent_size": (1, 4096),
    "initial_resolution": (1, 512),
    "base_channels": (1, 4096),
    "max_channels": (1, 4096),
    "mixing_channels": (1, 1024),
    "head_channels": (1, 4096),
    "ema_decay": (0, 1 - 1e-9),
    "generator_learning_rate": (1e-9, 1),
    "discriminator_learning_rate": (1e-9, 1),
    "beta_1": (0, 1 - 1e-9),
    "beta_2": (0, 1 - 1e-9),
    "seed": (0, 2**31 - 1),
    "classes_begin": (0, 2**40),
    "classes_full": (0, 2**40),
}
LARGEST_BATCH = 2**23  # pixels
COUNT = re.compile("[1-9][0-9]{0,8}")


def validate_types(settings: dict, types: dict) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong) for each value of another type or out of range.

    A whole number will do for a float, but nothing else stands in for another type.
    """
    for field, value in settings.items():
        kind = types[field]
        fits = type(value) is kind or (kind is float and type(value) is int)
        if not fits:
            yield field, f"it must be {NAMES[kind]}, not {str(value)[:40]!r}"
        elif field in RANGES:
            low, high = RANGES[field]
            if not low <= value <= high:
                yield field, f"{value!r:.40} is not from {low:,} to {high:,}"


NAMES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
}


def validate(config) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong) for each value that does not go with the others."""
    for field, allowed in CHOICES.items():
        if getattr(config, field) not in allowed:
            yield field, f"choose one of {', '.join(allowed)}"
    height, width = config.shape
    for field, side in (("size", height), ("width", width)):
        if side % 32 and not (side == 16 and config.discriminator == "dcgan"):
            yield field, "it must be a multiple of 32"
    if not math.log2(config.initial_resolution).is_integer():
        yield "initial_resolution", "it must be a power of two"
    most = LARGEST_BATCH // (height * width)
    if config.batch_size > most:
        yield "batch_size", f"{most:,} pictures of {width}x{height} pixels are the most"
    if min(height, width) < 4 * config.initial_resolution:
        yield "initial_resolution", f"too large for pictures of {width}x{height} pixels"
    yield from validate_classes(config)
    yield from validate_names(config)


def validate_classes(config) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong) if classes are no names and counts, or unused."""
    pairs = [pair.rpartition(":") for pair in config.classes.split(",")]
    known = {name for name, _, count in pairs if COUNT.fullmatch(count)} - {""}
    if config.classes and len(known) < len(pairs):
        yield "classes", "it must be names and counts, as Canaletto:112,Guardi:41"
    if config.classes and config.discriminator == "dcgan":
        yield "discriminator", "it is told no classes: choose projected, or no classes"
    if config.classes and config.generator != "modulated":
        yield "generator", "it is told no classes: choose modulated, or no classes"
    if config.classes_full < config.classes_begin:
        yield "classes_full", f"they begin to count at {config.classes_begin:,}"


def validate_names(config) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong) for each name that is in no registry.

    The registries need TensorFlow, which takes seconds to load; a mistyped number or
    folder shall be told sooner, so what the default names is believed.
    """
    default = {field.name: field.default for field in dataclasses.fields(config)}
    for field in ("loss", "generator", "discriminator", "augmentations"):
        if (chosen := getattr(config, field)) != default[field]:
            names, known = names_in(field, chosen)
            for name in names:
                if name not in known:
                    yield field, f"{name!r:.40} is none of {', '.join(known)}"


def names_in(field: str, chosen: str) -> tuple[list[str], dict]:
    """The names that a field's text holds, and the registry that knows them."""
    load_quietly()
    from artgan.gan.augment import AUGMENTATIONS, augmentations_in
    from artgan.gan.discriminator import DISCRIMINATORS
    from artgan.gan.generator import GENERATORS
    from artgan.gan.losses import LOSSES

    if field == "augmentations":
        return augmentations_in(chosen), AUGMENTATIONS
    registries: dict[str, dict] = {
        "loss": LOSSES,
        "generator": GENERATORS,
        "discriminator": DISCRIMINATORS,
    }
    return [chosen], registries[field]
