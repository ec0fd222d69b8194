"""The generator: latents become pictures, step by step twice as fine."""

import keras
from keras.layers import Activation, Conv2DTranspose, Dense, LeakyReLU, Reshape

from artgan.gan.fast.layers import BatchNormalization
from artgan.gan.upsample import UpsampleConv2D


def channels(config, resolution):
    """Channels of a feature map: the fewer pixels it has, the more channels."""
    return min(config.max_channels, config.base_channels * config.size // resolution)


def dcgan_initializer():
    """Weights before training: normal, of standard deviation 0.02, as in DCGAN."""
    return keras.initializers.RandomNormal(stddev=0.02)


def build_generator(config):
    """Latents [batch, latent_size] -> pictures [batch, size, size, 3] in [-1, 1].

    A dense layer fills a small feature map; each block doubles its resolution and
    halves its channels. Source: Radford et al., https://arxiv.org/abs/1511.06434
    """
    latents = keras.Input([config.latent_size], name="latents")
    resolution = config.initial_resolution
    shape = [resolution, resolution, channels(config, resolution)]  # 4, 4, 256
    options = {"kernel_initializer": dcgan_initializer(), "name": "dense"}
    x = Dense(shape[0] * shape[1] * shape[2], **options)(latents)
    x = Reshape(shape)(x)
    if config.dense_normalization:
        x = BatchNormalization(name="dense_normalization")(x)
    x = LeakyReLU(0.2)(x)
    last = config.size // 2 if config.final_upsample else config.size
    while resolution < last:  # 8, 8, 256 -> 16, 16, 128 -> 32, 32, 64 -> 64, 64, 32
        resolution *= 2
        x = upsample_block(config, x, channels(config, resolution))
    return keras.Model(latents, to_rgb(config, x), name="generator")


def double(config, inputs, filters, **options):
    """Twice the resolution: [batch, h, w, c] -> [batch, 2h, 2w, filters]."""
    options |= {"padding": "same", "kernel_initializer": dcgan_initializer()}
    if config.upsampling == "transposed":  # as the DCGAN of 2015
        options["strides"] = 2
        return Conv2DTranspose(filters, config.kernel_size, **options)(inputs)
    return UpsampleConv2D(filters, config.kernel_size, **options)(inputs)


def upsample_block(config, inputs, filters):
    """Double the resolution, normalise, bend: [batch, 2h, 2w, filters]."""
    name = f"up_{2 * inputs.shape[1]}"
    x = double(config, inputs, filters, use_bias=False, name=name)
    x = BatchNormalization(name=f"{name}_normalization")(x)
    return LeakyReLU(0.2)(x)


def to_rgb(config, inputs):
    """The last layer: [batch, h, w, c] -> colours [batch, size, size, 3] in [-1, 1]."""
    if config.final_upsample:
        x = double(config, inputs, 3, name="to_rgb")
    else:
        options = {"padding": "same", "kernel_initializer": dcgan_initializer()}
        x = Conv2DTranspose(3, config.kernel_size, **options, name="to_rgb")(inputs)
    return Activation("tanh", dtype="float32")(x)
