"""The state of a GAN, one training step, and a short loop."""

import sys
import time

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from artgan.data.pictures import batch_indices
from artgan.gan.augment import augment
from artgan.gan.losses import LOSSES
from artgan.gan.networks import build_discriminator, build_generator
from artgan.gan.optimizer import Adam


class GAN:
    """All that training changes: two networks, an average, two optimisers, the step.

    The averaged generator follows the generator slowly, its normalisation statistics
    included; its pictures are steadier. Source: https://arxiv.org/abs/1806.04498
    """

    def __init__(self, config):
        keras.utils.set_random_seed(config.seed)
        keras.config.set_dtype_policy(
            "mixed_bfloat16" if config.precision == "bfloat16" else "float32"
        )
        # A step is as fast without the graph optimiser, which takes seconds to begin.
        on_cpu = not tf.config.list_physical_devices("GPU")
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": on_cpu})
        self.config = config
        self.generator = build_generator(config)
        self.discriminator = build_discriminator(config)
        self.generator_ema = build_generator(config)
        self.generator_ema.set_weights(self.generator.get_weights())
        # One name in every process, for a checkpoint finds the slots by it.
        options = {"beta_1": config.beta_1, "beta_2": config.beta_2, "name": "adam"}
        self.generator_optimizer = Adam(config.generator_rate, **options)
        self.discriminator_optimizer = Adam(config.discriminator_rate, **options)
        # Without this the optimisers have no slots yet that a checkpoint could fill.
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.step = tf.Variable(0, dtype=tf.int64)


def draw_latents(config, count, seed):
    """What pictures are made from: [count, latent_size] floats; seed: two integers.

    Normal numbers, or uniform ones in [-1, 1] for the classic DCGAN. The same seed
    always gives the same numbers: no state is hidden anywhere.
    """
    shape = [count, config.latent_size]
    if config.latent == "uniform":
        return tf.random.stateless_uniform(shape, seed, -1.0, 1.0)
    return tf.random.stateless_normal(shape, seed)


def scale_pictures(config, images, seed):
    """Bring uint8 [batch, h, w, 3] to [-pixel_range, pixel_range], half mirrored."""
    if config.flip:
        coins = tf.random.stateless_uniform([tf.shape(images)[0], 1, 1, 1], seed)
        images = tf.where(coins < 0.5, images[:, :, ::-1], images)
    return (tf.cast(images, tf.float32) / 127.5 - 1) * config.pixel_range


@tf.function(autograph=False)  # no branch in it depends on the pictures
def judge(gan, images, seed):
    """The discriminator's logits and redrawn pictures for augmented images."""
    changed = augment(images, seed, gan.config.augment)
    outputs = gan.discriminator(changed, training=True)
    logits, *redrawn = tf.nest.flatten(outputs)  # Keras unpacks a list of one
    return logits, redrawn, changed


def steepness(tape, logits, images):
    """How steep the discriminator is at real pictures (R1) and at painted ones (R2).

    Half the mean squared slope of the logits. A discriminator that is steep punishes
    the least change, and the generator cannot follow. Sources: Mescheder et al.,
    https://arxiv.org/abs/1801.04406; Huang et al., https://arxiv.org/abs/2501.05441
    """
    slopes = tape.gradient(logits, images)
    squares = [tf.reduce_sum(slope**2, axis=[1, 2, 3]) for slope in slopes]
    return tf.reduce_mean(squares[0] + squares[1]) / 2


def discriminator_step(gan, real, fake, seeds, penalize=False):
    """Teach the discriminator to tell real from fake; return its loss and real logits.

    real, fake: [batch, size, size, 3]. With `reconstruct` it must also redraw the real
    pictures at half size from its features, which it can only do if it looks at them.
    penalize: whether this step also makes it less steep.
    """
    discriminator_loss, _ = LOSSES[gan.config.loss]
    with tf.GradientTape() as tape:
        with tf.GradientTape(watch_accessed_variables=False) as slopes:
            if penalize:
                slopes.watch([real, fake])
            real_logits, redrawn, changed = judge(gan, real, seeds[0])
            fake_logits, _, _ = judge(gan, fake, seeds[1])
        loss = total = discriminator_loss(real_logits, fake_logits)
        if penalize:
            steep = steepness(slopes, [real_logits, fake_logits], [real, fake])
            # The more seldom it is asked for, the more it must count.
            total += gan.config.gradient_penalty * gan.config.penalty_every * steep
        for picture in redrawn:
            half = tf.nn.avg_pool2d(changed, 2, 2, "VALID")
            total += tf.reduce_mean(tf.abs(picture - half))
    variables = gan.discriminator.trainable_variables
    gan.discriminator_optimizer.apply(tape.gradient(total, variables), variables)
    return loss, real_logits


def update_average(gan):
    """Move the averaged generator towards the generator.

    The decay ramps up, so that the first pictures are not the average of nothing.
    """
    step = tf.cast(gan.step, tf.float32)
    share = 1 - tf.minimum(gan.config.average, (1 + step) / (10 + step))
    for slow, fast in zip(gan.generator_ema.variables, gan.generator.variables, strict=True):
        slow.value.assign_sub((slow - fast) * share)


def train_step(gan, images):
    """One step of both networks on uint8 images [batch, size, size, 3].

    Returns the discriminator's and the generator's loss. A penalty costs as much as a
    step, so only every so many steps have one. Source: Karras et al., appendix B,
    https://arxiv.org/abs/1912.04958
    """
    due = int(gan.step) % gan.config.penalty_every == 0
    return compiled_step(gan, images, due and gan.config.gradient_penalty > 0)


@tf.function(autograph=False)
def compiled_step(gan, images, penalize):
    """What train_step does, as one graph for steps with a penalty and one without.

    All that is random follows from (seed, step). The discriminator learns from the very
    pictures that the generator is then judged by, which saves a pass through the
    generator.
    """
    seed = tf.stack([tf.constant(gan.config.seed, tf.int64), gan.step])
    seeds = tf.random.experimental.stateless_split(seed, 5)
    _, generator_loss = LOSSES[gan.config.loss]
    real = scale_pictures(gan.config, images, seeds[0])
    latents = draw_latents(gan.config, gan.config.batch_size, seeds[1])
    with tf.GradientTape() as tape:
        fake = gan.generator(latents, training=True)
        with tape.stop_recording():
            loss_d, real_logits = discriminator_step(
                gan, real, fake, seeds[2:4], penalize
            )
        fake_logits, _, _ = judge(gan, fake, seeds[4])
        loss_g = generator_loss(fake_logits, real_logits)
    variables = gan.generator.trainable_variables
    gan.generator_optimizer.apply(tape.gradient(loss_g, variables), variables)
    update_average(gan)
    gan.step.assign_add(1)
    return loss_d, loss_g


def next_batch(gan, images):
    """The pictures for the step that comes: uint8 [batch_size, size, size, 3]."""
    count, config = len(images), gan.config
    step, size = int(gan.step), config.batch_size
    return images[batch_indices(count, step, size, config.seed, config.shuffle)]


def train(gan, images, steps=None, minutes=None, after_step=()):
    """Train for so many more steps or minutes, and say how it goes.

    images: [count, size, size, 3] uint8. Each function in `after_step` is called with
    (gan, losses). Raises FloatingPointError when a loss is no longer a number.
    """
    total = steps or max(1, round(60 * minutes))
    began, first = time.monotonic(), int(gan.step)
    with tqdm(total=total, bar_format=BAR, file=sys.stdout) as bar:
        while bar.n < total:
            losses = [float(loss) for loss in train_step(gan, next_batch(gan, images))]
            step, seconds = int(gan.step), time.monotonic() - began
            if not np.isfinite(losses).all():
                raise FloatingPointError(f"the losses are {losses} at step {step}")
            for action in after_step:
                action(gan, losses)
            speed = (step - first) * gan.config.batch_size / seconds
            text = "step {}, D {:.2f}, G {:.2f}, {:.1f} pictures/s"
            bar.set_postfix_str(text.format(step, *losses, speed), refresh=False)
            bar.update(1 if steps else min(seconds, total) - bar.n)


BAR = "Training {percentage:3.0f}% |{bar:20}| {elapsed}<{remaining}{postfix}"
