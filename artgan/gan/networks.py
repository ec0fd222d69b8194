"""The generator and the discriminator, built from small named blocks.

Shapes in the comments are those of the `dcgan` preset at 128 pixels. Names of layers
tell the side of their grid, so that one network can begin with what another has learnt
(`artgan.runs.warm_start`).
"""

import keras
from keras import layers

from artgan.gan.fast.convolutions import Conv2D, Conv2DTranspose, SpectralConv2D
from artgan.gan.fast.layers import (
    BatchNormalization,
    GatedLinearUnit,
    MinibatchDeviation,
    Noise,
)
from artgan.gan.fast.upsampling import SmoothConv2D, UpsampleConv2D


def channels(config, width, side, full_side):
    """Channels of a grid: `width` at `full_side`, twice as many each time it halves."""
    return min(config.most_channels, width * full_side // side)


def normal_start():
    """The DCGAN start: normal numbers of standard deviation 0.02."""
    return keras.initializers.RandomNormal(stddev=0.02)


def activate(config, inputs):
    """The generator's activation: one half gates the other, or LeakyReLU."""
    return (GatedLinearUnit() if config.gated else layers.LeakyReLU(0.2))(inputs)


def upsample_block(config, inputs, filters, latents=None):
    """Double the side: [batch, h, w, c] -> [batch, 2h, 2w, filters].

    With latents [batch, n], noise drawn from them is added.
    A transposed convolution overlaps its own steps unevenly and leaves a chequered
    grain; copying pixels before a convolution does not.
    Source: https://distill.pub/2016/deconv-checkerboard
    """
    filters = 2 * filters if config.gated else filters
    name = f"up_{2 * inputs.shape[1]}"
    options = {"padding": "same", "use_bias": False, "name": name}
    options["kernel_initializer"] = normal_start()
    if config.upsample == "transpose":
        x = Conv2DTranspose(filters, config.kernel, 2, **options)(inputs)
    else:
        x = UpsampleConv2D(filters, config.kernel, **options)(inputs)
    x = BatchNormalization(name=f"{name}_normalization")(x)
    if latents is not None:
        x = Noise(config.noise_start, name=f"{name}_noise")([x, latents])
    return activate(config, x)


def excitation_block(fine, coarse):
    """Let a coarse grid weigh the channels of a fine one, whose shape is kept.

    A short cut from the plan of the picture to its details, for the price of two tiny
    layers. Source: Liu et al., https://arxiv.org/abs/2101.04775
    """
    filters, name = fine.shape[-1], f"excitation_{fine.shape[1]}"
    x = layers.GlobalAveragePooling2D(keepdims=True)(coarse)
    x = layers.Conv2D(filters // 2, 1, activation="leaky_relu", name=f"{name}_in")(x)
    x = layers.Conv2D(filters, 1, activation="sigmoid", name=f"{name}_out")(x)
    return layers.Multiply()([fine, x])


def build_generator(config):
    """Latents [batch, latent_size] -> pictures [batch, size, size, 3] in [-1, 1]."""
    latents = keras.Input([config.latent_size])
    side, full = config.first_side, config.size
    filters = channels(config, config.width, side, full) * (2 if config.gated else 1)
    x = layers.Dense(
        side * side * filters, kernel_initializer=normal_start(), name="dense"
    )(latents)
    x = layers.Reshape([side, side, filters])(x)  # 8, 8, 1024
    if config.normalize_dense:
        x = BatchNormalization(name="dense_normalization")(x)
    x = activate(config, x)
    grids = {side: x}
    while side < full // config.output_stride:  # 16, 16, 512 ... 128, 128, 64
        side *= 2
        filters = channels(config, config.width, side, full)
        x = upsample_block(config, x, filters, latents if config.noise else None)
        if config.excitation and side // 16 in grids:
            x = excitation_block(x, grids[side // 16])
        grids[side] = x
    return keras.Model(latents, paint_block(config, x), name="generator")


def paint_block(config, inputs):
    """The last layer: [batch, h, w, c] -> colours [batch, size, size, 3] in [-1, 1].

    With an output stride of 2 it doubles the side too: the widest grid, which costs
    the most, is left out.
    """
    options = {"kernel_initializer": normal_start(), "name": "paint"}
    if config.output_stride == 2:
        x = SmoothConv2D(3, config.kernel, **options)(inputs)
    else:
        x = layers.Conv2D(3, config.kernel, padding="same", **options)(inputs)
    return layers.Activation("tanh", dtype="float32")(x)


def downsample_block(config, inputs, filters):
    """Halve the side: [batch, h, w, c] -> [batch, h/2, w/2, filters].

    Beside the convolution with stride 2 a short cut of averages, if config.shortcut.
    """
    name = f"down_{inputs.shape[1] // 2}"
    x = judged(config, inputs, filters, config.discriminator_kernel, 2, name)
    if not config.shortcut:
        return x
    means = layers.AveragePooling2D(2)(inputs)
    return layers.Add()([x, judged(config, means, filters, 1, 1, f"{name}_shortcut")])


def judged(config, inputs, filters, kernel, strides, name):
    """A convolution of the discriminator, normalised as config says, and LeakyReLU."""
    options = {"strides": strides, "padding": "same", "name": name}
    options["kernel_initializer"] = normal_start()
    if config.normalization in ("spectral", "both"):
        convolution = SpectralConv2D(
            filters, kernel, gain=config.spectral_gain, **options
        )
    else:
        convolution = Conv2D(filters, kernel, **options)
    x = convolution(inputs)
    if config.normalization in ("batch", "both"):
        x = BatchNormalization(name=f"{name}_normalization")(x)
    return layers.LeakyReLU(0.2)(x)


def build_discriminator(config):
    """Pictures [batch, size, size, 3] -> logits [batch, 1].

    With `reconstruct`, a list of these and of the pictures redrawn at half size,
    [batch, size/2, size/2, 3].
    """
    images = keras.Input([config.size, config.size, 3])
    side, x, grids = config.size, images, {}
    while side > 4:  # 64, 64, 64 ... 4, 4, 1024
        side //= 2
        filters = channels(config, config.discriminator_width, side, config.size // 2)
        x = grids[side] = downsample_block(config, x, filters)
    if config.minibatch:
        x = minibatch_block(config, x)
    logits = layers.Dense(
        1, dtype="float32", kernel_initializer=normal_start(), name="judge"
    )(layers.Flatten()(x))
    outputs = [logits]
    if config.reconstruct:
        outputs.append(redraw_block(config, grids[8]))
    return keras.Model(images, outputs, name="discriminator")


def minibatch_block(config, inputs):
    """Compare the pictures of a batch, and all places of each; the shape is kept.

    So a generator is found out that paints one motif, in every picture or all over one.
    Without this the logit is but a sum of what each place of the 4x4 grid looks like.
    Source: Karras et al., https://arxiv.org/abs/1710.10196
    """
    x = MinibatchDeviation(name="minibatch_deviation")(inputs)
    return judged(config, x, inputs.shape[-1], 3, 1, "joint")


def redraw_block(config, features):
    """Paint half-size pictures from the discriminator's 8x8 features.

    A discriminator that must be able to do this cannot judge by one odd pixel.
    Source: Liu et al., https://arxiv.org/abs/2101.04775
    """
    side, half, x = features.shape[1], config.size // 2, features
    while side < half:
        side *= 2
        width = max(8, config.discriminator_width // 4)
        x = upsample_block(config, x, channels(config, width, side, half))
    x = layers.Conv2D(
        3, 3, padding="same", kernel_initializer=normal_start(), name="redraw"
    )(x)
    return layers.Activation("tanh", dtype="float32")(x)
