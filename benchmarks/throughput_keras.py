"""The same training as idiomatic Keras 3: a Model with a train_step of its own, fit().

The order of the work is that of `artgan.gan.training.train_step`, so that the two
differ in how they are written and in nothing that they compute.
"""

import keras
import tensorflow as tf

from artgan.gan.augment import augment
from artgan.gan.losses import LOSSES
from benchmarks.throughput_networks import build_discriminator, build_generator


def choose_precision(config):
    """Have Keras compute what is built from now on in the config's precision."""
    names = {"bfloat16": "mixed_bfloat16", "float32": "float32"}
    keras.config.set_dtype_policy(names[config.precision])


def scale_pictures(config, images):
    """uint8 [batch, h, w, 3] -> floats in [-pixel_range, pixel_range]."""
    images = (tf.cast(images, tf.float32) / 127.5 - 1) * config.pixel_range
    return tf.image.random_flip_left_right(images) if config.flip else images


def draw_latents(config):
    """Noise [batch_size, latent_size]."""
    shape = [config.batch_size, config.latent_size]
    if config.latent == "uniform":
        return tf.random.uniform(shape, -1.0, 1.0)
    return tf.random.normal(shape)


def judge(config, discriminator, images):
    """Logits of augmented images, and what redrawing them badly costs."""
    seed = tf.random.uniform([2], maxval=2**31 - 1, dtype=tf.int32)
    changed = augment(images, seed, config.augment)
    logits, *redrawn = tf.nest.flatten(discriminator(changed, training=True))
    if not redrawn:
        return logits, 0.0
    half = tf.nn.avg_pool2d(changed, 2, 2, "VALID")
    return logits, tf.reduce_mean(tf.abs(redrawn[0] - half))


def update_average(config, averaged, generator, step):
    """Move the averaged generator towards the generator."""
    step = tf.cast(step, tf.float32)
    decay = tf.minimum(config.average, (1 + step) / (10 + step))
    for slow, fast in zip(averaged.weights, generator.weights, strict=True):
        slow.assign(decay * slow + (1 - decay) * fast)


def build_optimizers(config):
    """Keras's Adam for the generator and for the discriminator."""
    rates = config.generator_rate, config.discriminator_rate
    return [keras.optimizers.Adam(rate, config.beta_1, config.beta_2) for rate in rates]


class GAN(keras.Model):
    """Both networks, the averaged generator, and what fit() does with a batch."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.generator = build_generator(config)
        self.discriminator = build_discriminator(config)
        self.generator_ema = build_generator(config) if config.average else None
        self.generator_loss = keras.metrics.Mean(name="generator_loss")
        self.discriminator_loss = keras.metrics.Mean(name="discriminator_loss")

    @property
    def metrics(self):
        return [self.discriminator_loss, self.generator_loss]

    def compile(self, generator_optimizer, discriminator_optimizer):
        super().compile()
        self.generator_optimizer = generator_optimizer
        self.discriminator_optimizer = discriminator_optimizer

    def train_step(self, images):
        config, discriminator = self.config, self.discriminator
        score_discriminator, score_generator = LOSSES[config.loss]
        real = scale_pictures(config, images)
        with tf.GradientTape() as generator_tape:
            fake = self.generator(draw_latents(config), training=True)

        with tf.GradientTape() as tape:
            real_logits, redraw_loss = judge(config, discriminator, real)
            fake_logits, _ = judge(config, discriminator, fake)
            loss_d = score_discriminator(real_logits, fake_logits)
            total = loss_d + redraw_loss
        variables = discriminator.trainable_variables
        gradients = tape.gradient(total, variables)
        self.discriminator_optimizer.apply_gradients(
            zip(gradients, variables, strict=True)
        )

        with generator_tape:
            fake_logits, _ = judge(config, discriminator, fake)
            loss_g = score_generator(fake_logits, real_logits)
        variables = self.generator.trainable_variables
        gradients = generator_tape.gradient(loss_g, variables)
        self.generator_optimizer.apply_gradients(zip(gradients, variables, strict=True))

        if self.generator_ema:
            step = self.generator_optimizer.iterations
            update_average(config, self.generator_ema, self.generator, step)
        self.discriminator_loss.update_state(loss_d)
        self.generator_loss.update_state(loss_g)
        return {metric.name: metric.result() for metric in self.metrics}


def fit(config, images, steps, after_step):
    """Fit so many steps on uint8 images [count, h, w, 3]; call `after_step` after each.

    Returns the GAN.
    """
    choose_precision(config)
    keras.utils.set_random_seed(config.seed)
    gan = GAN(config)
    gan.compile(*build_optimizers(config))
    pictures = tf.data.Dataset.from_tensor_slices(images).repeat()
    batches = pictures.batch(config.batch_size, drop_remainder=True)
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: after_step()
    )
    gan.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=[watch])
    return gan
