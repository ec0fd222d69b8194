"""The two networks of a config in plain Keras 3, with its own layers where it has them.

Layer for layer those of `artgan.gan.networks`; the weights of one fit the other.
"""

import keras
from keras import layers


def channels(config, width, side, full_side):
    """Channels of a grid: `width` at `full_side`, twice as many each time it halves."""
    return min(config.most_channels, width * full_side // side)


def start():
    """The DCGAN start of every kernel."""
    return keras.initializers.RandomNormal(stddev=0.02)


def normalize(inputs):
    """Batch normalisation as Keras computes it."""
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(inputs)


def activate(config, inputs):
    """Gated linear units, or LeakyReLU."""
    if not config.gated:
        return layers.LeakyReLU(0.2)(inputs)
    values, gates = keras.ops.split(inputs, 2, axis=-1)
    return values * keras.ops.sigmoid(gates)


class Noise(layers.Layer):
    """Random numbers added to a grid, each channel with a strength that it learns."""

    def build(self, input_shape):
        self.strength = self.add_weight(shape=input_shape[-1:], initializer="zeros")
        self.seeds = keras.random.SeedGenerator(0)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        shape = [*keras.ops.shape(inputs)[:-1], 1]
        numbers = keras.random.normal(shape, dtype=self.compute_dtype, seed=self.seeds)
        return inputs + self.strength * numbers


class MinibatchDeviation(layers.Layer):
    """How much a batch varies, at every place of the grid: [b, h, w, 1]."""

    def call(self, inputs):
        exact = keras.ops.cast(inputs, "float32")
        deviation = keras.ops.sqrt(keras.ops.var(exact, axis=0) + 1e-8)
        channel = keras.ops.zeros_like(inputs[..., :1])
        return channel + keras.ops.cast(keras.ops.mean(deviation), inputs.dtype)


def upsample_block(config, inputs, filters, noise=False):
    """[batch, h, w, c] -> [batch, 2h, 2w, filters]."""
    filters = 2 * filters if config.gated else filters
    same = {"padding": "same", "use_bias": False, "kernel_initializer": start()}
    if config.upsample == "transpose":
        x = layers.Conv2DTranspose(filters, config.kernel, 2, **same)(inputs)
    else:
        x = layers.UpSampling2D(2)(inputs)
        x = layers.Conv2D(filters, config.kernel, **same)(x)
    x = normalize(x)
    return activate(config, Noise()(x) if noise else x)


def excitation_block(fine, coarse):
    """Channels of `fine` weighed by `coarse`; the shape of `fine`."""
    x = layers.GlobalAveragePooling2D(keepdims=True)(coarse)
    x = layers.Conv2D(fine.shape[-1] // 2, 1, activation="leaky_relu")(x)
    x = layers.Conv2D(fine.shape[-1], 1, activation="sigmoid")(x)
    return layers.Multiply()([fine, x])


def build_generator(config):
    """Latents [batch, latent_size] -> pictures [batch, size, size, 3] in [-1, 1]."""
    latents = keras.Input([config.latent_size])
    side, full = config.first_side, config.size
    filters = channels(config, config.width, side, full) * (2 if config.gated else 1)
    x = layers.Dense(side * side * filters, kernel_initializer=start())(latents)
    x = layers.Reshape([side, side, filters])(x)
    x = activate(config, normalize(x) if config.normalize_dense else x)
    grids = {side: x}
    while side < full // config.output_stride:
        side *= 2
        filters = channels(config, config.width, side, full)
        x = upsample_block(config, x, filters, config.noise)
        if config.excitation and side // 16 in grids:
            x = excitation_block(x, grids[side // 16])
        grids[side] = x
    if config.output_stride == 2:
        x = layers.UpSampling2D(2, interpolation="bilinear")(x)
    options = {"padding": "same", "kernel_initializer": start()}
    x = layers.Conv2D(3, config.kernel, **options)(x)
    return keras.Model(latents, layers.Activation("tanh", dtype="float32")(x))


def downsample_block(config, inputs, filters):
    """[batch, h, w, c] -> [batch, h/2, w/2, filters]."""
    x = judged(config, inputs, filters, config.discriminator_kernel, 2)
    if not config.shortcut:
        return x
    means = layers.AveragePooling2D(2)(inputs)
    return layers.Add()([x, judged(config, means, filters, 1, 1)])


def judged(config, inputs, filters, kernel, strides):
    """A convolution, normalised as config says, and LeakyReLU."""
    options = {"strides": strides, "padding": "same", "kernel_initializer": start()}
    convolution = layers.Conv2D(filters, kernel, **options)
    if config.normalization in ("spectral", "both"):
        convolution = layers.SpectralNormalization(convolution)
        x = layers.Rescaling(config.spectral_gain)(convolution(inputs))
    else:
        x = convolution(inputs)
    if config.normalization in ("batch", "both"):
        x = normalize(x)
    return layers.LeakyReLU(0.2)(x)


def build_discriminator(config):
    """Pictures -> [logits [batch, 1]], and pictures redrawn at half size if asked."""
    images = keras.Input([config.size, config.size, 3])
    side, x, grids = config.size, images, {}
    while side > 4:
        side //= 2
        filters = channels(config, config.discriminator_width, side, config.size // 2)
        x = grids[side] = downsample_block(config, x, filters)
    if config.minibatch:
        told = layers.Concatenate()([x, MinibatchDeviation()(x)])
        x = judged(config, told, x.shape[-1], 3, 1)
    logits = layers.Dense(1, dtype="float32", kernel_initializer=start())
    outputs = [logits(layers.Flatten()(x))]
    if config.reconstruct:
        outputs.append(redraw_block(config, grids[8]))
    return keras.Model(images, outputs)


def redraw_block(config, features):
    """8x8 features -> pictures at half size."""
    side, half, x = features.shape[1], config.size // 2, features
    while side < half:
        side *= 2
        width = max(8, config.discriminator_width // 4)
        x = upsample_block(config, x, channels(config, width, side, half))
    x = layers.Conv2D(3, 3, padding="same", kernel_initializer=start())(x)
    return layers.Activation("tanh", dtype="float32")(x)
