"""The same training in the style of TensorFlow's DCGAN tutorial.

One tf.function, two tapes over one pass of both networks, two gradients: the fakes are
judged once and both networks learn from it. Keras's own layers and optimisers.
Source: https://www.tensorflow.org/tutorials/generative/dcgan
"""

import keras
import tensorflow as tf

from artgan.gan.losses import LOSSES
from benchmarks.throughput_keras import (
    build_optimizers,
    choose_precision,
    draw_latents,
    judge,
    scale_pictures,
    update_average,
)
from benchmarks.throughput_networks import build_discriminator, build_generator


def make_train_step(config):
    """A function of uint8 images [batch, h, w, 3] that trains both networks a step."""
    choose_precision(config)
    keras.utils.set_random_seed(config.seed)
    generator, discriminator = build_generator(config), build_discriminator(config)
    averaged = build_generator(config) if config.average else None
    generator_optimizer, discriminator_optimizer = build_optimizers(config)
    generator_optimizer.build(generator.trainable_variables)
    discriminator_optimizer.build(discriminator.trainable_variables)
    score_discriminator, score_generator = LOSSES[config.loss]

    @tf.function
    def train_step(images):
        real = scale_pictures(config, images)
        with tf.GradientTape() as generator_tape, tf.GradientTape() as tape:
            fake = generator(draw_latents(config), training=True)
            real_logits, redraw_loss = judge(config, discriminator, real)
            fake_logits, _ = judge(config, discriminator, fake)
            loss_g = score_generator(fake_logits, real_logits)
            loss_d = score_discriminator(real_logits, fake_logits)
            total = loss_d + redraw_loss
        gradients_g = generator_tape.gradient(loss_g, generator.trainable_variables)
        gradients_d = tape.gradient(total, discriminator.trainable_variables)
        generator_optimizer.apply_gradients(
            zip(gradients_g, generator.trainable_variables, strict=True)
        )
        discriminator_optimizer.apply_gradients(
            zip(gradients_d, discriminator.trainable_variables, strict=True)
        )
        if averaged:
            step = generator_optimizer.iterations
            update_average(config, averaged, generator, step)
        return loss_d, loss_g

    return train_step
