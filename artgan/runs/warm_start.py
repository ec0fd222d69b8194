"""Beginning with what another GAN has learnt, whatever of it fits."""

import keras
import numpy as np

from artgan.gan.training import GAN
from artgan.system.errors import ArtganError

Learnt = dict[str, dict[str, np.ndarray]]  # of "generator", maybe "discriminator"


def warm_start(gan: GAN, learnt: Learnt) -> str:
    """Give a new GAN what another has learnt; return a sentence on how much that was.

    A layer is taken when its name and shapes are the same, so a GAN of 256 pixels and
    half the width begins with all but the last layers of one of 128; the rest begins
    with noise. Raises ArtganError if no layer of the generator fits.
    """
    taken, layers = take_layers(gan.generator, learnt["generator"])
    if not taken:
        raise ArtganError(
            f"None of the {layers} layers of the generator is like one of the model to "
            "begin with. Nothing was saved. Give its settings, such as --preset or "
            "--set base_channels, or leave --from (warm_start) out."
        )
    others = take_layers(gan.discriminator, learnt.get("discriminator", {}))
    gan.generator_ema.set_weights(gan.generator.get_weights())
    return (
        f"{taken} of {layers} layers of the generator and {others[0]} of {others[1]} "
        "of the discriminator begin with what was learnt; the rest with noise."
    )


def take_layers(network: keras.Model, arrays: dict[str, np.ndarray]) -> tuple[int, int]:
    """Give a network the arrays that fit; return (how many layers, of how many)."""
    layers = [layer for layer in network.layers if layer.weights]
    fitting = 0
    for layer in layers:
        found = [arrays.get(weight.path) for weight in layer.weights]
        shapes = [tuple(weight.shape) for weight in layer.weights]
        if [getattr(array, "shape", None) for array in found] == shapes:
            layer.set_weights(found)
            fitting += 1
    return fitting, len(layers)
