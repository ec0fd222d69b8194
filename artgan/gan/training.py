"""The state of a GAN, one training step, and a short loop."""

import sys
import time

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from artgan.data.pictures import batch_indices
from artgan.gan.augment import augment
from artgan.gan.discriminator import DISCRIMINATORS
from artgan.gan.fast import Adam, stateless_normal, stateless_uniform
from artgan.gan.generator import build_generator
from artgan.gan.losses import LOSSES


class GAN:
    """All that training changes: two networks, an average, two optimisers, the step.

    The generator's average paints more steadily: https://arxiv.org/abs/1806.04498
    """

    def __init__(self, config):
        keras.utils.set_random_seed(config.seed)
        mixed = "" if config.precision == "float32" else "mixed_"
        keras.config.set_dtype_policy(mixed + config.precision)
        self.config = config
        make_projection, build_discriminator = DISCRIMINATORS[config.discriminator]
        self.project = make_projection(config)
        self.discriminator = build_discriminator(config)
        self.generator = build_generator(config)
        self.generator_ema = build_generator(config)
        self.generator_ema.set_weights(self.generator.get_weights())
        # One name in every process, for a checkpoint finds the slots by it.
        options = {"beta_1": config.beta_1, "beta_2": config.beta_2, "name": "adam"}
        rates = config.generator_learning_rate, config.discriminator_learning_rate
        self.generator_optimizer = Adam(rates[0], **options)
        self.discriminator_optimizer = Adam(rates[1], **options)
        # Without this the optimisers have no slots yet that a checkpoint could fill.
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.step = tf.Variable(0, dtype=tf.int64)


def sample_latents(config, count, seed):
    """What pictures are made from: [count, latent_size] of a seed, two integers.

    Normal numbers, or uniform ones in [-1, 1] for the classic DCGAN.
    """
    shape = [count, config.latent_size]
    if config.latent_distribution == "uniform":
        return stateless_uniform(shape, seed, -1.0, 1.0)
    return stateless_normal(shape, seed)


def scale_pictures(config, images, seed):
    """Bring uint8 [batch, h, w, 3] to [-pixel_range, pixel_range], half mirrored."""
    if config.flip:
        coins = stateless_uniform([tf.shape(images)[0], 1, 1, 1], seed)
        images = tf.where(coins < 0.5, images[:, :, ::-1], images)
    return (tf.cast(images, tf.float32) / 127.5 - 1) * config.pixel_range


def look(gan, images, classes, seed):
    """What the discriminator sees: images augmented, features of them, and classes."""
    return [*gan.project(augment(images, seed, gan.config.augmentations)), *classes]


def discriminate(gan, view):
    """The logits of each head for a view: a list of tensors."""
    return tf.nest.flatten(gan.discriminator(view, training=True))


def discriminator_step(gan, real_view, fake_view):
    """Teach the discriminator to tell two views apart; return its loss and accuracy.

    Both are means over heads; the accuracy is of the signs of logits.
    """
    discriminator_loss, _ = LOSSES[gan.config.loss]
    with tf.GradientTape() as tape:
        real_logits = discriminate(gan, real_view)
        fake_logits = discriminate(gan, fake_view)
        losses = map(discriminator_loss, real_logits, fake_logits)
        loss = tf.add_n(list(losses))
    variables = gan.discriminator.trainable_variables
    gan.discriminator_optimizer.apply(tape.gradient(loss, variables), variables)
    right = [logits > 0 for logits in real_logits]
    right += [logits < 0 for logits in fake_logits]
    accuracies = [tf.reduce_mean(tf.cast(answers, tf.float32)) for answers in right]
    return loss / len(real_logits), tf.reduce_mean(accuracies)


@tf.function(autograph=False)
def train_step(gan, images, real_classes=(), fake_classes=()):
    """One step of both networks on uint8 images: their losses, and how right D is.

    All that is random follows from (seed, step); classes: rows in a list, or none. What
    is seen of the fakes is computed once, and both networks learn from it.
    """
    config, (_, generator_loss) = gan.config, LOSSES[gan.config.loss]
    seed = tf.stack([tf.constant(config.seed, tf.int64), gan.step])
    seeds = tf.random.experimental.stateless_split(seed, 5)
    images = scale_pictures(config, images, seeds[0])
    real_view = look(gan, images, real_classes, seeds[1])
    latents = sample_latents(config, images.shape[0], seeds[2])
    latents = tf.concat([latents, *fake_classes], 1)
    tape = tf.GradientTape()
    with tape:
        fakes = gan.generator(latents, training=True)
        fake_view = look(gan, fakes, fake_classes, seeds[3])
    loss_d, accuracy = discriminator_step(gan, real_view, fake_view)
    with tape:  # it goes on: how real do the fakes look to what has just learnt?
        fake_logits = discriminate(gan, fake_view)
        loss_g = tf.add_n([generator_loss(logits) for logits in fake_logits])
    variables = gan.generator.trainable_variables
    gan.generator_optimizer.apply(tape.gradient(loss_g, variables), variables)
    update_ema(gan)
    gan.step.assign_add(1)
    return loss_d, loss_g / len(fake_logits), accuracy


def update_ema(gan):
    """Move the generator's exponential moving average towards the generator.

    Its half-life is a twentieth of the steps: https://arxiv.org/abs/2106.12423
    """
    half_life = tf.maximum(1.0, tf.cast(gan.step, tf.float32) / 20)
    decay = tf.minimum(gan.config.ema_decay, 0.5 ** (1 / half_life))
    pairs = zip(gan.generator_ema.variables, gan.generator.variables, strict=True)
    for slow, fast in pairs:
        slow.value.assign_sub((slow - fast) * (1 - decay))


def next_batch(gan, images):
    """The pictures for the step that comes: uint8 [batch, height, width, 3]."""
    count, step, config = len(images), int(gan.step.numpy()), gan.config
    rows = batch_indices(count, step, config.batch_size, config.seed, config.shuffle)
    return images[np.sort(rows)]  # in the order of a large file


def train(gan, images, steps=None, minutes=None, after_step=(), go=train_step):
    """Train for so many more steps or minutes, and say how it goes.

    images: [count, height, width, 3] uint8; go: what makes a step; after_step: called
    with (gan, losses). Raises FloatingPointError when a loss is no longer a number.
    """
    total = steps or max(1, round(60 * minutes))
    began, first = time.monotonic(), int(gan.step.numpy())
    with tqdm(total=total, bar_format=BAR, file=sys.stdout) as bar:
        while bar.n < total:
            losses = [float(loss) for loss in go(gan, next_batch(gan, images))]
            step, seconds = int(gan.step.numpy()), time.monotonic() - began
            if not np.isfinite(losses).all():
                raise FloatingPointError(f"the losses are {losses} at step {step}")
            for action in after_step:
                action(gan, losses)
            speed = (step - first) * gan.config.batch_size / seconds
            text = "step {}, D {:.2f}, G {:.2f}, D right {:.0%}, {:.1f} pictures/s"
            bar.set_postfix_str(text.format(step, *losses, speed), refresh=False)
            bar.update(1 if steps else min(seconds, total) - bar.n)


BAR = "Training {percentage:3.0f}% |{bar:20}| {elapsed}<{remaining}{postfix}"
