"""Every choice that decides what a run does: one frozen record, presets as data."""

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from artgan.gan.validate import check_each, check_together
from artgan.system.errors import ArtganError
from artgan.system.tensorflow import load_quietly


@dataclass(frozen=True)
class Config:
    """The settings of one run; two runs with equal settings give equal bits."""

    # Pictures.
    size: int = 128  # height in pixels, a multiple of 32, by "dcgan" of 16
    width: int = 0  # in pixels, a multiple of 32 too; 0 for square pictures
    fit: str = "crop"  # to the shape, or "squash": bent to learn from, not as painted
    stretch: float = 1.0  # makes painted pictures wider; "squash" finds the usual one
    crops: int = 3  # pieces that are cut from a picture of another shape, side by side
    cut_bars: bool = True  # black bars on opposite edges are cut off
    pixel_range: float = 1.0  # real pictures are scaled to [-pixel_range, pixel_range]
    shuffle: bool = True  # a new order every epoch, else the order of the files
    flip: bool = True  # half of the pictures are mirrored left to right
    batch_size: int = 8

    # Generator.
    generator: str = "modulated"  # or "slim", "dcgan", "flowers"
    latent_size: int = 128  # numbers that a picture is made from
    latent_distribution: str = "normal"  # or "uniform" in [-1, 1]
    initial_resolution: int = 4  # shorter side of the map that the dense layer fills
    base_channels: int = 16  # at full resolution; each time it halves, twice as many
    max_channels: int = 256  # no layer has more than this

    # Discriminator.
    discriminator: str = "projected"  # or "dcgan"
    mixing_channels: int = 64  # of the finest mixed feature map; twice at each coarser
    head_channels: int = 128  # of a head at 8x8; half as many at 16x16, and so on

    # Training.
    loss: str = "hinge"  # a key of LOSSES
    augmentations: str = "translation"  # "translation,cutout" for hours, or "" for none
    ema_decay: float = 0.999  # of the generator's moving average a step; 0 for none
    generator_learning_rate: float = 1e-3
    discriminator_learning_rate: float = 5e-4
    beta_1: float = 0.0  # Adam's decay of the mean gradient
    beta_2: float = 0.99  # and of its square
    precision: str = "auto"  # finds "float32" or "bfloat16"; "float16" for old GPUs
    seed: int = 0

    # Classes.
    classes: str = ""  # names and pictures of each, as "Canaletto:112,Guardi:41"
    classes_from: str = ""  # "folder", a column of metadata.csv, or how many to find
    classes_begin: int = 4_000  # pictures seen before the classes begin to count
    classes_full: int = 12_000  # and from when on they count in full

    @property
    def shape(self):
        """Height and width of the pictures, in pixels."""
        return self.size, self.width or self.size

    @property
    def shown(self):
        """Width and height of painted pictures once stretched; neither is smaller."""
        wide, high = max(self.stretch, 1), max(1 / self.stretch, 1)
        return round(self.shape[1] * wide), round(self.shape[0] * high)


CLASSIC = {
    "crops": 1,
    "batch_size": 16,
    "flip": False,
    "generator": "dcgan",
    "latent_size": 100,
    "latent_distribution": "uniform",
    "initial_resolution": 8,
    "base_channels": 64,
    "max_channels": 1024,
    "discriminator": "dcgan",
    "loss": "cross_entropy",
    "augmentations": "",
    "ema_decay": 0.0,
    "generator_learning_rate": 2e-4,
    "discriminator_learning_rate": 5e-5,
    "beta_1": 0.5,
    "beta_2": 0.999,
}
PRESETS = {
    "default": {},
    # The DCGAN that this tutorial's ancestor trained, its faults mended, and as it was.
    "dcgan": CLASSIC,
    "seed": CLASSIC | {"pixel_range": 0.5, "fit": "squash", "shuffle": False},
}


def preset(name: str = "default", **changes) -> Config:
    """The config of a named preset with some fields changed: see `resolved_config`."""
    if str(name) not in PRESETS:
        known = ", ".join(PRESETS)
        raise ArtganError(f"There is no preset '{name}'. Choose one of {known}.")
    return resolved_config(PRESETS[str(name)] | changes)


def resolved_config(settings: dict) -> Config:
    """The config of some settings, the others as in the default, "auto" resolved.

    settings: a dictionary of which nothing is believed. Raises ArtganError for a field
    that does not exist and for a value of the wrong type or out of range, naming it.
    """
    types: Any = {field.name: field.type for field in dataclasses.fields(Config)}
    if unknown := [*settings.keys() - types.keys()]:
        fields = ", ".join(sorted(types))
        raise ArtganError(
            f"There is no config field {unknown[0]!r:.60}. The fields are: {fields}."
        )
    settings = {
        k: v.item() if isinstance(v, np.generic) else v for k, v in settings.items()
    }
    check_each(settings, types)
    config = Config(**{field: types[field](v) for field, v in settings.items()})
    check_together(config)
    if config.precision == "auto":
        config = dataclasses.replace(config, precision=fastest_precision())
    return config


def compare_configs(stored: dict, wanted: dict) -> None:
    """Raise ValueError naming the fields in which two configs differ.

    A class may have been given another name, but not another count of pictures.
    """
    told = []
    for field, old in stored.items():
        new = wanted[field]
        if field == "classes":
            old, new = (re.sub("[^,]*:", "", value) for value in (old, new))
        if old != new:
            told.append(f"{field} was {old!r} and is now {new!r}")
    if told:
        more = f", and {len(told) - 3} more" if told[3:] else ""
        raise ValueError(f"The settings differ: {', '.join(told[:3])}{more}.")


def fastest_precision() -> str:
    """Name the arithmetic this machine multiplies fastest: "bfloat16" or "float32"."""
    load_quietly()  # it takes seconds, and `--help` needs none of it
    import tensorflow as tf

    cpu = Path("/proc/cpuinfo")
    flags = cpu.read_text("utf-8", "replace") if cpu.exists() else ""
    capable = "amx_bf16" in flags or "avx512_bf16" in flags
    for gpu in tf.config.list_physical_devices("GPU"):
        details = tf.config.experimental.get_device_details(gpu)
        capable = details.get("compute_capability", (0, 0)) >= (8, 0)
    return "bfloat16" if capable else "float32"
