"""Every choice that decides what a run does: one frozen record, presets as data."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf

from artgan.gan.limits import problems_of
from artgan.system.errors import ArtganError


@dataclass(frozen=True)
class Config:
    """The settings of one run; two runs with equal settings give equal bits."""

    # Pictures.
    size: int = 128  # side of the square pictures in pixels, a power of two
    fit: str = "crop"  # "crop" keeps the aspect ratio, "squash" bends it
    pixel_range: float = 1.0  # real pictures are scaled to [-pixel_range, pixel_range]
    shuffle: bool = True  # a new order every epoch, else the order of the files
    flip: bool = True  # half of the pictures are mirrored left to right
    batch_size: int = 8

    # Networks.
    latent_size: int = 128  # numbers that a picture is drawn from
    latent: str = "normal"  # "normal" or "uniform" in [-1, 1]
    first_side: int = 4  # side of the grid that the dense layer fills
    width: int = 32  # channels at full resolution; the coarser, the more
    most_channels: int = 256  # no layer is wider than this
    normalize_dense: bool = True  # batch normalisation after the dense layer too
    upsample: str = "nearest"  # "nearest" copies pixels, "transpose" learns to
    gated: bool = False  # gated linear units in the generator, else LeakyReLU
    noise: bool = True  # random numbers at every grid of the generator, for the grain
    noise_start: float = 0.0  # its strength before training, beside grids of about 1
    excitation: bool = True  # coarse features choose the channels of fine ones
    kernel: int = 3  # side of the generator's convolution kernels
    output_stride: int = 2  # 2: the last layer also doubles the resolution
    discriminator_width: int = 64  # channels after its first halving; then doubling
    discriminator_kernel: int = 4
    normalization: str = "spectral"  # in the discriminator: or batch, both, none
    spectral_gain: float = 1.2  # largest singular value that "spectral" leaves a layer
    shortcut: bool = True  # the discriminator also hands on averages of each grid
    minibatch: bool = True  # it also sees how much the pictures of a batch differ
    reconstruct: bool = True  # the discriminator also redraws real pictures

    # Training.
    loss: str = "hinge"  # a key of artgan.gan.losses.LOSSES
    gradient_penalty: float = 0.0  # weight of R1 and R2, which keep it from being steep
    penalty_every: int = 8  # steps from one penalty to the next
    augment: str = "color,translation,cutout"  # or "color:0.3,...": of 30 % of pictures
    average: float = 0.995  # decay of the averaged generator a step, 0 for none
    generator_rate: float = 2e-4  # learning rate of Adam
    discriminator_rate: float = 2e-4
    beta_1: float = 0.5  # Adam's decay of the mean gradient
    beta_2: float = 0.99  # and of its square: 0.999 remembers the first steps too long
    precision: str = "auto"  # "float32", "bfloat16", or "auto" for the faster one
    seed: int = 0


def fastest_precision():
    """Name the arithmetic this machine multiplies fastest: "bfloat16" or "float32"."""
    cpu = Path("/proc/cpuinfo")
    flags = cpu.read_text("utf-8", "replace") if cpu.exists() else ""
    capable = "amx_bf16" in flags or "avx512_bf16" in flags
    for gpu in tf.config.list_physical_devices("GPU"):
        details = tf.config.experimental.get_device_details(gpu)
        capable = details.get("compute_capability", (0, 0)) >= (8, 0)
    return "bfloat16" if capable else "float32"


CLASSIC = {
    "latent_size": 100,
    "latent": "uniform",
    "first_side": 8,
    "width": 64,
    "most_channels": 1024,
    "normalize_dense": False,
    "upsample": "transpose",
    "noise": False,
    "excitation": False,
    "kernel": 5,
    "discriminator_kernel": 5,
    "normalization": "batch",
    "output_stride": 1,
    "shortcut": False,
    "minibatch": False,
    "reconstruct": False,
    "flip": False,
    "loss": "cross_entropy",
    "augment": "",
    "average": 0.0,
    "discriminator_rate": 5e-5,
    "beta_2": 0.999,
    "batch_size": 16,
}
# What turns the classic into the default, one switch after another.
SWITCHES = {
    "augmentation": {"augment": "color,translation,cutout", "flip": True},
    "averaging": {"average": 0.995},
    "lean upsampling": {
        "latent_size": 128,
        "latent": "normal",
        "first_side": 4,
        "width": 32,
        "most_channels": 256,
        "normalize_dense": True,
        "upsample": "nearest",
        "kernel": 3,
        "output_stride": 2,
        "discriminator_kernel": 4,
    },
    "reconstruction and excitation": {"reconstruct": True, "excitation": True},
    "noise": {"noise": True},
    "a better judge": {
        "normalization": "spectral",
        "shortcut": True,
        "minibatch": True,
        "loss": "hinge",
        "discriminator_rate": 2e-4,
        "beta_2": 0.99,
        "batch_size": 8,
    },
}
PRESETS = {
    "default": {},
    # The DCGAN that this tutorial's ancestor trained, with what was wrong in it mended.
    "dcgan": CLASSIC,
    # The same as it was: pictures bent to a square, half the range, never shuffled.
    "seed": CLASSIC | {"pixel_range": 0.5, "fit": "squash", "shuffle": False},
}

# What settings mean that were stored before a field existed.
EARLIER = {
    "minibatch": False,
    "noise_start": 0.0,
    "gradient_penalty": 0.0,
    "penalty_every": 8,
}


def preset(name, **changes):
    """The config of a named preset with some fields changed, checked and complete.

    Raises ArtganError for a preset or field that does not exist, and for a value that
    cannot work, naming it.
    """
    if name not in PRESETS:
        raise ArtganError(
            f"There is no preset '{name}'. Choose one of {', '.join(PRESETS)}."
        )
    fields = {field.name for field in dataclasses.fields(Config)}
    for field in set(changes) - fields:
        raise ArtganError(
            f"There is no config field '{field}'. The fields are: "
            f"{', '.join(sorted(fields))}."
        )
    config = Config(**PRESETS[name] | changes)
    for field, problem in problems_of(config):
        raise ArtganError(
            f"The config field '{field}' is {getattr(config, field)!r}: {problem}."
        )
    if config.precision == "auto":
        config = dataclasses.replace(config, precision=fastest_precision())
    return config
