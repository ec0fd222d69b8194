"""Models to paint with, which several tests need."""

from tempfile import TemporaryDirectory

import numpy as np
from publish_weights import publish

from artgan.paint.painter import Painter, open_model
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.generators import build_in_float32


def wild_model(config):
    """An untrained model whose pictures differ as much as after some training."""
    generator = build_in_float32(config)
    draw = np.random.default_rng(2)
    for weight in generator.trainable_variables:
        if len(weight.shape) > 1:
            scale = 1.5 / np.sqrt(np.prod(weight.shape[:-1]))
            weight.assign(draw.normal(0, scale, weight.shape))
    return Painter(config, generator, "tiny-32", "c0ffee", 5)


def publish_gan(gan, folder, facts):
    """Publish what a GAN has learnt, as if it were a run's; return the card."""
    with TemporaryDirectory() as place:
        model = open_model(save_checkpoint(gan, place))
        return publish(model, folder, facts)


def named_arrays(network):
    """The numbers of a Keras network by name: {"up_16/kernel": array, ...}."""
    return {weight.path: weight.numpy() for weight in network.weights}
