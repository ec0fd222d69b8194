"""Beginning with what another GAN has learnt."""

from dataclasses import replace

import numpy as np
import pytest
from painters import named_arrays

from artgan.gan.training import GAN, train
from artgan.runs.warm_start import warm_start
from artgan.system.errors import ArtganError


def learnt_by(gan):
    """What a GAN has learnt, as an opened model gives it."""
    networks = {"generator": gan.generator_ema, "discriminator": gan.discriminator}
    return {name: named_arrays(network) for name, network in networks.items()}


def weights_of(network):
    return {layer.name: layer.get_weights() for layer in network.layers}


def equal(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_a_twin_takes_everything(tiny_gan, tiny_config):
    gan = GAN(replace(tiny_config, seed=5))
    text = warm_start(gan, learnt_by(tiny_gan))
    for network in gan.generator, gan.generator_ema:
        assert equal(network.get_weights(), tiny_gan.generator_ema.get_weights())
    learnt = tiny_gan.discriminator.get_weights()
    assert equal(gan.discriminator.get_weights(), learnt)
    count = len([layer for layer in gan.generator.layers if layer.weights])
    assert text.startswith(f"{count} of {count} layers of the generator")


def test_twice_the_side_begins_with_all_that_fits_and_can_train(tiny_gan, tiny_config):
    gan = GAN(replace(tiny_config, size=64, base_channels=2, seed=5))
    before = weights_of(gan.generator)
    warm_start(gan, learnt_by(tiny_gan))
    learnt, now = weights_of(tiny_gan.generator_ema), weights_of(gan.generator)
    for name in ("dense", "up_8", "up_8_normalization", "up_16"):
        assert equal(now[name], learnt[name]), name
    assert equal(now["up_32"], before["up_32"])
    assert learnt["to_rgb"][0].shape != now["to_rgb"][0].shape
    train(gan, np.zeros([4, 64, 64, 3], np.uint8), 1)
    assert gan.step == 1


def test_a_model_of_which_nothing_fits_is_refused(tiny_gan):
    arrays = {"generator": {}, "discriminator": {}}
    with pytest.raises(ArtganError, match="None of the .* Nothing was saved.*--from"):
        warm_start(tiny_gan, arrays)
