"""The generator of the ancestor that painted flowers, as a Keras network."""

from dataclasses import dataclass

import keras
from keras import layers

from artgan.gan.fast.layers import BatchNormalization
from artgan.system.errors import ArtganError


@dataclass(frozen=True)
class FlowersConfig:
    """The settings of this generator; the defaults are those of the ancestor."""

    builder: str = "flowers"  # tells stored settings from those of artgan.gan.config
    size: int = 256  # side of the pictures in pixels, a multiple of 16
    width: int = 256  # channels of the last grid but the picture
    latent_size: int = 256  # numbers that a picture is drawn from
    latent_distribution: str = "uniform"  # in [-1, 1]
    pixel_range: float = 1.0  # it paints in [-pixel_range, pixel_range]
    seed: int = 0  # what the latents of a picture follow from, beside its own seed


def build_flowers_generator(config: "FlowersConfig"):
    """Latents [batch, latent_size] in [-1, 1] -> pictures [batch, size, size, 3].

    Dense to a sixteenth of the side, then four 4x4 transposed convolutions of stride 2,
    nothing with a bias. Keras's "same" takes one pixel from each border of what they
    paint, as PyTorch's padding=1 does.
    """
    side, width = config.size // 16, config.width
    latents = keras.Input([config.latent_size])
    x = layers.Dense(side * side * 6 * width, use_bias=False, name="dense")(latents)
    x = layers.Reshape([side, side, 6 * width])(x)  # 16, 16, 1536
    options = {"padding": "same", "use_bias": False}
    for number in (1, 2, 3):  # 32, 32, 1024 ... 128, 128, 256
        filters, name = 8 * width // 2**number, f"conv{number}"
        x = layers.Conv2DTranspose(filters, 4, 2, name=name, **options)(x)
        x = BatchNormalization(name=f"{name}_normalization")(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.Conv2DTranspose(3, 4, 2, name="paint", **options)(x)
    pictures = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(latents, pictures, name="generator")


def flowers_config(**settings):
    """The config of stored settings; ArtganError for a value that cannot work."""
    config = FlowersConfig(**settings)
    for field in ("size", "width", "latent_size"):
        if type(getattr(config, field)) is not int or getattr(config, field) < 1:
            raise ArtganError(f"{field}: it must be a whole number above 0.")
    if config.size % 16:
        raise ArtganError("size: it must be a multiple of 16.")
    if config.latent_distribution != "uniform":
        raise ArtganError("latent_distribution: it must be uniform.")
    return config
