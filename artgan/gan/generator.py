"""The generators: latents become pictures, step by step twice as fine."""

from functools import partial

import keras
from keras.layers import Activation, Conv2DTranspose, Dense, LeakyReLU, Reshape

from artgan.gan.classes import class_counts, join_classes
from artgan.gan.fast import BatchNormalization
from artgan.gan.layers import EvenConv2DTranspose


def channels(config, resolution):
    """Channels of a feature map: the fewer pixels it has, the more channels."""
    return min(config.max_channels, config.base_channels * config.size // resolution)


def dcgan_initializer():
    """Weights before training: normal, of standard deviation 0.02, as in DCGAN."""
    return keras.initializers.RandomNormal(stddev=0.02)


def first_map(config, latents):
    """A dense layer that fills the coarsest map: the picture's shape in small."""
    height, width = config.shape
    coarsest = config.initial_resolution
    while height % 2 == width % 2 == 0 and min(height, width) > coarsest:
        height, width = height // 2, width // 2
    shape = [height, width, channels(config, height)]
    options = {"kernel_initializer": dcgan_initializer(), "name": "dense"}
    return Reshape(shape)(Dense(shape[0] * shape[1] * shape[2], **options)(latents))


def upsample_to_picture(config, x, normalize, double=EvenConv2DTranspose):
    """Double a map and normalise it, again and again; the last doubling paints.

    x: [batch, h, w, channels] -> [batch, height, width, 3]; normalize: of (map, name).
    """
    options = {"kernel_initializer": dcgan_initializer()}
    while x.shape[1] < config.size // 2:  # 8, 8, 256 -> 16, 16, 128 -> ... 64, 64, 32
        resolution = 2 * x.shape[1]
        filters, name = channels(config, resolution), f"up_{resolution}"
        x = double(filters, use_bias=False, name=name, **options)(x)
        x = LeakyReLU(0.2)(normalize(x, name=name))
    x = double(3, name="to_rgb", **options)(x)
    return Activation("tanh", dtype="float32")(x)


def normalization(x, name):
    """Batch norm of a map [batch, height, width, channels], named after its layer."""
    return BatchNormalization(name=f"{name}_normalization")(x)


def build_slim_generator(config):
    """Latents [batch, latent_size] -> pictures [batch, height, width, 3] in [-1, 1]."""
    latents = keras.Input([config.latent_size], name="latents")
    x = LeakyReLU(0.2)(normalization(first_map(config, latents), "dense"))  # 4, 4, 256
    images = upsample_to_picture(config, x, normalization)
    return keras.Model(latents, images, name="generator")


def mapping_network(config, latents):
    """Two dense layers that make w of latents: https://arxiv.org/abs/1812.04948"""
    w = latents
    for number in (1, 2):
        options = {"kernel_initializer": "he_normal", "name": f"mapping_{number}"}
        w = LeakyReLU(0.2)(Dense(config.latent_size, **options)(w))
    return w


def modulated_normalization(x, w, name, per_place=False):
    """Batch norm y of x, scaled and shifted for each picture: y * (1 + A w) + B w.

    x: [batch, height, width, channels]; per_place: normalise each place by itself, and
    no more, so that none is alike in all pictures.
    Source: https://arxiv.org/abs/1810.01365
    """
    learnt = dict.fromkeys(["center", "scale"], not per_place)
    normalize = BatchNormalization(name=f"{name}_normalization", **learnt)
    y = normalize(Reshape([1, 1, -1])(x) if per_place else x)
    y = Reshape(x.shape[1:])(y)
    options = {"kernel_initializer": dcgan_initializer(), "name": f"{name}_style"}
    style = Reshape([1, 1, 2 * x.shape[-1]])(Dense(2 * x.shape[-1], **options)(w))
    scale, shift = keras.ops.split(style, 2, axis=-1)
    return y * (1 + scale) + shift


def modulated_layers(config, latents, conditioning):
    """Latents -> pictures in [-1, 1]; the conditioning speaks in each layer."""
    w = mapping_network(config, conditioning)

    def normalize(x, name):
        # Of two numbers, one is always 1 and the other -1: a batch must be larger.
        per_place = min(x.shape[1:3]) <= 8 and config.batch_size > 3
        return modulated_normalization(x, w, name, per_place)

    # Classes are no part of the first map: each would have one composition.
    x = normalize(first_map(config, latents), "dense")  # 4, 4, 256
    return upsample_to_picture(config, LeakyReLU(0.2)(x), normalize)


def build_modulated_generator(config):
    """The modulated generator: latents [batch, latent_size] -> pictures."""
    latents = keras.Input([config.latent_size], name="latents")
    images = modulated_layers(config, latents, conditioning=latents)
    return keras.Model(latents, images, name="generator")


def build_class_generator(config):
    """The modulated generator; behind its latents is a number for each class."""
    if not config.classes:
        return build_modulated_generator(config)
    count = config.latent_size + len(class_counts(config))
    inputs = keras.Input([count], name="latents")
    conditioning = join_classes(config, inputs)
    images = modulated_layers(config, inputs[:, : config.latent_size], conditioning)
    return keras.Model(inputs, images, name="generator")


def build_dcgan_generator(config):
    """Latents [batch, latent_size] -> pictures [batch, height, width, 3] in [-1, 1].

    A dense layer fills a small map; transposed convolutions double its resolution until
    it is the picture's. Source: Radford et al., https://arxiv.org/abs/1511.06434
    """
    latents = keras.Input([config.latent_size], name="latents")
    x = LeakyReLU(0.2)(first_map(config, latents))  # 4, 4, 256
    options = {"padding": "same", "kernel_initializer": dcgan_initializer()}
    while x.shape[1] < config.size:  # 8, 8, 256 -> 16, 16, 128 -> ... 128, 128, 16
        resolution = 2 * x.shape[1]
        name, double = f"up_{resolution}", {"strides": 2, "use_bias": False} | options
        x = Conv2DTranspose(channels(config, resolution), 5, name=name, **double)(x)
        x = BatchNormalization(name=f"{name}_normalization")(x)
        x = LeakyReLU(0.2)(x)
    x = Conv2DTranspose(3, 5, name="to_rgb", **options)(x)
    images = Activation("tanh", dtype="float32")(x)
    return keras.Model(latents, images, name="generator")


def build_flowers_generator(config):
    """That of the ancestor that painted flowers: plain 4x4 kernels, no bias anywhere.

    Keras's "same" takes one pixel from each border, as PyTorch's padding=1 does.
    """
    latents = keras.Input([config.latent_size], name="latents")
    side, plain = config.initial_resolution, {"use_bias": False}
    shape = [side, side, channels(config, side)]
    x = Dense(side * side * shape[2], name="dense", **plain)(latents)
    double = partial(Conv2DTranspose, kernel_size=4, strides=2, padding="same", **plain)
    images = upsample_to_picture(config, Reshape(shape)(x), normalization, double)
    return keras.Model(latents, images, name="generator")


GENERATORS = {
    "slim": build_slim_generator,
    "modulated": build_class_generator,
    "dcgan": build_dcgan_generator,
    "flowers": build_flowers_generator,
}


def build_generator(config):
    """The generator that a config names."""
    return GENERATORS[config.generator](config)
