"""The discriminators: one that looks through a frozen network, and the classic one."""

import keras
import tensorflow as tf
from keras.layers import Conv2D, Dense, Flatten, LeakyReLU

from artgan.gan.classes import class_counts, class_logits
from artgan.gan.fast import BatchNormalization
from artgan.gan.feature_network import Projection
from artgan.gan.generator import channels, dcgan_initializer
from artgan.gan.layers import SpectralConv2D


def build_projected_discriminator(config):
    """A small head for each map of a `Projection`, and one for the picture itself.

    A Keras model: a list of maps -> a list of logits, [batch, 5, 5, 1] where a map is
    large enough. Features hardly see colours and grain; the last head does.
    """
    height, width = config.shape
    finest = config.mixing_channels
    maps = [[height // n, width // n, finest * n // 4] for n in (4, 8, 16)]
    shapes = {f"head_{shape[0]}": shape for shape in [*maps, [height, width, 3]]}
    inputs = [keras.Input(shape) for shape in shapes.values()]
    pairs = zip(shapes, inputs, strict=True)
    logits = [head(config, x, name) for name, x in pairs]
    return keras.Model(inputs, logits, name="discriminator")


def head(config, x, name):
    """Halve a map [batch, h, w, c] until its shorter side is 8; a logit a place."""
    while min(x.shape[1:3]) > 8:
        resolution = min(x.shape[1:3]) // 2
        filters = max(8, config.head_channels * 8 // resolution)
        options = {"padding": "same", "use_bias": False, "name": f"{name}_{resolution}"}
        x = SpectralConv2D(filters, 4, strides=2, **options)(x)
        x = BatchNormalization(name=f"{name}_{resolution}_normalization")(x)
        x = LeakyReLU(0.2)(x)
    kernel_size = min(4, *x.shape[1:3])
    return SpectralConv2D(1, kernel_size, dtype="float32", name=f"{name}_logits")(x)


def build_dcgan_discriminator(config):
    """Images [batch, height, width, 3] -> logits [batch, 1]; strided convolutions."""
    images = keras.Input([*config.shape, 3])
    x = images
    while min(x.shape[1:3]) > 4:  # 64, 64, 16 -> 32, 32, 32 -> ... 4, 4, 256
        resolution = x.shape[1] // 2
        filters = channels(config, 2 * resolution)
        name = f"down_{resolution}"
        options = {"kernel_initializer": dcgan_initializer(), "name": name}
        x = Conv2D(filters, 5, strides=2, padding="same", **options)(x)
        x = BatchNormalization(name=f"{name}_normalization")(x)
        x = LeakyReLU(0.2)(x)
    options = {"kernel_initializer": dcgan_initializer(), "dtype": "float32"}
    logits = Dense(1, name="logits", **options)(Flatten()(x))
    return keras.Model([images], [logits], name="discriminator")


def look_at_pictures(config):
    """What the classic discriminator looks at: the pictures as they are."""
    return lambda images: [images]


def projected(*views):
    """A projected discriminator, with a head for each of some functions of pictures."""

    def make_projection(config):
        project = Projection(config)
        return lambda images: [*project(images), *(view(images) for view in views)]

    def build_discriminator(config):
        model = build_projected_discriminator(config)
        inputs, logits = [*model.inputs], [*model.outputs]
        for view in views:
            shape = view(tf.zeros([1, *config.shape, 3])).shape[1:]
            inputs.append(keras.Input(shape))
            logits.append(head(config, inputs[-1], f"head_{view.__name__}"))
        model = keras.Model(inputs, logits, name="discriminator")
        return tell_classes(model, len(class_counts(config)))

    return make_projection, build_discriminator


def tell_classes(model, count):
    """A discriminator that is told `count` classes: rows [batch, count] after its maps.

    Each head adds to its logits how well its last map fits the class.
    """
    if not count:
        return model
    rows = keras.Input([count])
    told = []
    for logits, name in zip(model.outputs, model.output_names, strict=True):
        x = model.get_layer(name).input
        told.append(logits + class_logits(x, rows, name.removesuffix("_logits")))
    return keras.Model([*model.inputs, rows], told, name="discriminator")


DISCRIMINATORS = {  # what it looks at, and the network that does
    "projected": projected(),
    "dcgan": (look_at_pictures, build_dcgan_discriminator),
}
