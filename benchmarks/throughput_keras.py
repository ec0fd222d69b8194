"""The training step as a user of Keras would write it: its own layers and optimiser.

Losses, random numbers and the frozen feature network are this project's; all that
trains is Keras's, or plain TensorFlow. Its transposed convolutions may leave a grain.
"""

import keras
import tensorflow as tf
from keras import layers

from artgan.gan.augment import AUGMENTATIONS
from artgan.gan.feature_network import Projection
from artgan.gan.generator import channels, dcgan_initializer, mapping_network
from artgan.gan.losses import LOSSES
from artgan.gan.training import sample_latents, scale_pictures


def activate(x, w=None, each=False):
    """Batch normalisation, if there is a w its scale and shift, and LeakyReLU."""
    shape, options = x.shape[1:], {"momentum": 0.9, "epsilon": 1e-5}
    if each:  # place by place, and no more
        x, options = layers.Flatten()(x), options | {"center": False, "scale": False}
    x = layers.Reshape(shape)(layers.BatchNormalization(**options)(x))
    if w is not None:
        wide = x.shape[-1]
        style = layers.Dense(2 * wide, kernel_initializer=dcgan_initializer())(w)
        style = layers.Reshape([1, 1, 2 * wide])(style)
        x = x * (1 + style[..., :wide]) + style[..., wide:]
    return layers.LeakyReLU(0.2)(x)


def build_generator(config):
    """Latents [batch, latent_size] -> pictures [batch, size, size, 3]."""
    latents, side = keras.Input([config.latent_size]), config.initial_resolution
    shape, slim = [side, side, channels(config, side)], config.generator != "dcgan"
    options = {"kernel_initializer": dcgan_initializer()}
    x = layers.Dense(shape[0] * shape[1] * shape[2], **options)(latents)
    x, w = layers.Reshape(shape)(x), None
    if config.generator == "modulated":
        w = mapping_network(config, latents)
    each = w is not None and config.batch_size > 3
    x = activate(x, w, each) if slim else layers.LeakyReLU(0.2)(x)
    options |= {"padding": "same", "kernel_size": 4 if slim else 5}
    while x.shape[1] < config.size // (2 if slim else 1):
        double = options | {"strides": 2, "use_bias": False}
        wide = channels(config, 2 * x.shape[1])
        x = layers.Conv2DTranspose(wide, **double)(x)
        x = activate(x, w, each and x.shape[1] <= 8)
    options["strides"] = config.size // x.shape[1]
    x = layers.Conv2DTranspose(3, **options)(x)
    return keras.Model(latents, layers.Activation("tanh", dtype="float32")(x))


def build_dcgan_discriminator(config):
    """Pictures [batch, size, size, 3] -> logits [batch, 1]."""
    x = pictures = keras.Input([config.size, config.size, 3])
    options = {"kernel_initializer": dcgan_initializer()}
    while x.shape[1] > 4:
        half = options | {"strides": 2, "padding": "same"}
        x = activate(layers.Conv2D(channels(config, x.shape[1]), 5, **half)(x))
    logits = layers.Dense(1, dtype="float32", **options)(layers.Flatten()(x))
    return keras.Model([pictures], [logits])


def build_projected_discriminator(config):
    """A list of maps -> logits of each head, with Keras's spectral normalisation."""
    size, wide = config.size, config.mixing_channels
    shapes = [[size // 4 // 2**n] * 2 + [wide * 2**n] for n in range(3)]
    inputs = [keras.Input(shape) for shape in [*shapes, [size, size, 3]]]
    return keras.Model(inputs, [head(config, x) for x in inputs])


def head(config, x):
    """One head of the projected discriminator."""
    half = {"strides": 2, "padding": "same", "use_bias": False}
    while x.shape[1] > 8:
        filters = max(8, config.head_channels * 16 // x.shape[1])
        x = activate(layers.SpectralNormalization(layers.Conv2D(filters, 4, **half))(x))
    last = layers.Conv2D(1, min(4, x.shape[1]), dtype="float32")
    return layers.SpectralNormalization(last, dtype="float32")(x)


def translate(images, seed):
    """Shift each picture by up to an eighth of its size, mirrored at the edges."""
    count, size = tf.shape(images)[0], images.shape[1]
    reach = size // 8
    edges = [[0, 0], [reach, reach], [reach, reach], [0, 0]]
    first = tf.random.stateless_uniform([count, 2], seed, 0, 2 * reach + 1, tf.int32)
    rows, columns = (first[:, n, None] + tf.range(size) for n in range(2))
    padded = tf.pad(images, edges, "SYMMETRIC")
    rows = tf.gather(padded, rows, axis=1, batch_dims=1)
    return tf.gather(rows, columns, axis=2, batch_dims=1)


class KerasGAN:
    """The state of a GAN with one of both discriminators, and its step."""

    def __init__(self, config):
        keras.utils.set_random_seed(config.seed)
        mixed = "" if config.precision == "float32" else "mixed_"
        keras.config.set_dtype_policy(mixed + config.precision)
        self.config, self.steps, self.project = config, 0, lambda images: [images]
        build = build_dcgan_discriminator
        if config.discriminator == "projected":
            self.project, build = Projection(config), build_projected_discriminator
        self.discriminator = build(config)
        self.generator, self.ema = build_generator(config), build_generator(config)
        betas = {"beta_1": config.beta_1, "beta_2": config.beta_2}
        self.adam_g = keras.optimizers.Adam(config.generator_learning_rate, **betas)
        self.adam_d = keras.optimizers.Adam(config.discriminator_learning_rate, **betas)
        self.adam_g.build(self.generator.trainable_variables)
        self.adam_d.build(self.discriminator.trainable_variables)

    def step(self, images):
        """Train on uint8 images [batch, size, size, 3]; return both losses."""
        seed = tf.constant([self.config.seed, self.steps], tf.int64)
        self.steps += 1
        return self.compiled_step(tf.constant(images), seed)

    @tf.function
    def compiled_step(self, images, seed):
        """One step of both networks; what is seen of the fakes serves both."""
        config, (loss_of_d, loss_of_g) = self.config, LOSSES[self.config.loss]
        seeds = tf.random.experimental.stateless_split(seed, 4)
        real = self.look(scale_pictures(config, images, seeds[0]), seeds[1])
        latents = sample_latents(config, config.batch_size, seeds[2])
        with tf.GradientTape() as tape:
            fake = self.look(self.generator(latents, training=True), seeds[3])
            with tape.stop_recording():
                with tf.GradientTape() as inner:
                    pairs = zip(self.logits(real), self.logits(fake), strict=True)
                    loss_d = tf.add_n([loss_of_d(*pair) for pair in pairs])
                apply(self.adam_d, self.discriminator, inner, loss_d)
            loss_g = tf.add_n([loss_of_g(logits) for logits in self.logits(fake)])
        apply(self.adam_g, self.generator, tape, loss_g)
        for slow, fast in zip(self.ema.weights, self.generator.weights, strict=True):
            slow.assign(fast + config.ema_decay * (slow - fast))
        return loss_d, loss_g

    def look(self, images, seed):
        """What the discriminator sees of pictures: augmented, maybe projected."""
        names = (
            self.config.augmentations.split(",") if self.config.augmentations else []
        )
        for number, name in enumerate(names):
            change = translate if name == "translation" else AUGMENTATIONS[name]
            own_seed = tf.random.experimental.stateless_fold_in(seed, number)
            images = change(images, own_seed)
        return self.project(images)

    def logits(self, view):
        """The logits of each head: a list."""
        return tf.nest.flatten(self.discriminator(view, training=True))


def apply(optimizer, network, tape, loss):
    """Move a network down the slope of its loss."""
    variables = network.trainable_variables
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables, strict=True))
