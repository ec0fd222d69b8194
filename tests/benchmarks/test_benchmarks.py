"""What measures speed and quality: twins that compute the same, rows, switches."""

import keras
import pytest

from artgan.gan.config import preset
from artgan.gan.layers import even_kernel
from artgan.gan.training import GAN, train_step
from benchmarks.throughput_keras import KerasGAN

TINY = {"size": 32, "base_channels": 4, "max_channels": 16, "latent_size": 6}
TINY |= {"mixing_channels": 4, "head_channels": 8, "batch_size": 4}
WEIGHTS = ("kernel", "bias", "gamma", "beta", "left_vector", "vector_u")


def weights(network):
    """The weights that a step starts from, layer by layer, in the order of WEIGHTS."""
    found = []
    for layer in network.layers:
        for owner in (getattr(layer, "layer", layer), layer):  # of a wrapper too
            held = [getattr(owner, name, None) for name in WEIGHTS]
            found += [w for w in held if isinstance(w, keras.Variable)]
    return list({id(weight): weight for weight in found}.values())


@pytest.mark.parametrize("name", ["default", "dcgan"])
def test_the_twin_in_keras_has_the_same_layers_and_first_losses(name, tiny_images):
    config = preset(name, precision="float32", seed=3, **TINY)
    gan, twin = GAN(config), KerasGAN(config)
    for network in ("generator", "discriminator"):
        ours, theirs = getattr(gan, network), getattr(twin, network)
        assert ours.count_params() == theirs.count_params()
        assert not any("artgan" in type(x).__module__ for x in theirs.layers)
        for weight, other in zip(weights(ours), weights(theirs), strict=True):
            other.assign(weight)
    for layer in twin.generator.layers:
        if config.generator != "dcgan" and "transpose" in layer.name:
            layer.kernel.assign(even_kernel(layer.kernel))
    ours = [float(x) for x in train_step.python_function(gan, tiny_images[:4])[:2]]
    heads = len(twin.discriminator.outputs)  # of which ours is the mean, theirs the sum
    theirs = [float(x) / heads for x in twin.step(tiny_images[:4])]
    assert theirs[0] == pytest.approx(ours[0], rel=1e-3)
    # Keras passes no gradient through the spectral norm, so the discriminator has
    # moved a little otherwise before the generator learns from it.
    assert theirs[1] == pytest.approx(ours[1], rel=0.2, abs=0.05)
