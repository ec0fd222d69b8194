"""Beginning with what another GAN has learnt, whatever of it fits."""

import tensorflow as tf

from artgan.gan.fast.layers import Noise
from artgan.gan.growing import can_grow, grow_discriminator, grow_generator
from artgan.gan.training import GAN
from artgan.runs.run import load_gan
from artgan.storage.builders import stored_config
from artgan.storage.card import read_card
from artgan.storage.catalogue import published_folder
from artgan.storage.open_model import published_names
from artgan.storage.weights import load_published
from artgan.system.errors import ArtganError


def open_beginning(name, runs="runs", checkpoints="checkpoints"):
    """The GAN of published weights, or of a run, to begin another run with.

    Raises ArtganError where there is neither, or it is damaged.
    """
    if str(name) not in published_names(checkpoints):
        return load_gan(runs / name)
    folder = published_folder(name, checkpoints)
    gan = GAN(stored_config(read_card(folder / "card.json")["config"]))
    try:
        load_published(gan, folder)
    except ValueError as error:
        raise ArtganError(f"{error} Nothing was begun.") from None
    return gan


def begin_with(gan, other):
    """Give a new GAN the weights of another; what does not fit begins with noise.

    A layer is taken when its name and shapes are the same, so a GAN of 256 pixels and
    half the width begins with all but the last layers of one of 128; those are made to
    do what was done without them. Noise that now begins stronger does so everywhere,
    for training hardly moves its strength. Returns a line that says how much was taken.
    Source: Karras et al., https://arxiv.org/abs/1710.10196
    """
    painted = take_weights(gan.generator, other.generator_ema)
    judged = take_weights(gan.discriminator, other.discriminator)
    if gan.config.noise_start > other.config.noise_start:
        renew_noise(gan.generator, gan.config.noise_start)
    rest = "with noise"
    if can_grow(gan.config, other.config):
        rest = "so that pictures stay as they were, at twice the size"
        grow_generator(gan.generator, other.generator_ema, gan.config)
        grow_discriminator(gan.discriminator, other.discriminator, gan.config)
    gan.generator_ema.set_weights(gan.generator.get_weights())
    return (
        f"{painted[0]} of {painted[1]} layers of the generator and {judged[0]} of "
        f"{judged[1]} of the discriminator begin with what was learnt; the rest "
        f"{rest}."
    )


def renew_noise(generator, strength):
    """Give all noise of a generator the strength that it begins with."""
    for layer in generator.layers:
        if isinstance(layer, Noise):
            layer.strength.assign(strength * tf.ones_like(layer.strength))


def take_weights(network, other):
    """Copy the layers that fit from another network; return (how many, of how many)."""
    others = {layer.name: layer.get_weights() for layer in other.layers}
    layers = [layer for layer in network.layers if layer.weights]
    fitting = 0
    for layer in layers:
        found = others.get(layer.name, [])
        if [w.shape for w in found] == [w.shape for w in layer.get_weights()]:
            layer.set_weights(found)
            fitting += 1
    return fitting, len(layers)
