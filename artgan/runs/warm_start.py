"""Beginning with what another GAN has learnt, whatever of it fits."""

from typing import TYPE_CHECKING

from artgan.storage.weights import networks_in
from artgan.system.errors import ArtganError

if TYPE_CHECKING:
    import keras
    import numpy as np

    from artgan.gan.training import GAN
    from artgan.paint.painter import Painter


def warm_start(gan: "GAN", learnt: "dict[str, dict[str, np.ndarray]]") -> str:
    """Give a new GAN what another has learnt; what does not fit begins with noise.

    learnt: {"generator": arrays, "discriminator": arrays}, each {name: array}. A layer
    is taken when its name and shapes are the same, so a GAN of 256 pixels and half the
    width begins with all but the last layers of one of 128. Returns a sentence on it.
    Raises ArtganError if no layer of the generator fits.
    """
    painted = take_layers(gan.generator, learnt["generator"])
    if not painted[0]:
        raise ArtganError(
            f"None of the {painted[1]} layers of the generator is like one of the "
            "model to begin with. Nothing was saved. Give its settings, such as "
            "--preset or --set base_channels, or leave --from (warm_start) out."
        )
    discriminated = take_layers(gan.discriminator, learnt.get("discriminator", {}))
    gan.generator_ema.set_weights(gan.generator.get_weights())
    return (
        f"{painted[0]} of {painted[1]} layers of the generator and {discriminated[0]} "
        f"of {discriminated[1]} of the discriminator begin with what was learnt; the "
        "rest with noise."
    )


def learnt_by(model: "Painter") -> "dict[str, dict[str, np.ndarray]]":
    """What a model has learnt, for `warm_start`; some weights are a generator alone."""
    return {name: model.arrays(name) for name in networks_in(model.place)}


def take_layers(
    network: "keras.Model", arrays: "dict[str, np.ndarray]"
) -> tuple[int, int]:
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
