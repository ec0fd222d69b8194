"""Beginning with what another GAN has learnt."""

from dataclasses import replace

import numpy as np
import pytest
from painters import named_arrays

from artgan.gan.training import GAN
from artgan.storage.checkpoints import warm_start
from artgan.system.errors import ArtganError


@pytest.fixture(scope="module")
def learnt(tiny_gan):
    """What a GAN has learnt, as an opened model gives it."""
    networks = {"generator": tiny_gan.generator_ema}
    networks["discriminator"] = tiny_gan.discriminator
    return {name: named_arrays(network) for name, network in networks.items()}


def test_a_twin_takes_everything(learnt, tiny_config):
    gan = GAN(replace(tiny_config, seed=5))
    text = warm_start(gan, learnt)
    networks = (gan.generator, "generator"), (gan.generator_ema, "generator")
    for network, name in (*networks, (gan.discriminator, "discriminator")):
        found = named_arrays(network)
        assert all((found[key] == learnt[name][key]).all() for key in found)
    count = len([layer for layer in gan.generator.layers if layer.weights])
    assert text.startswith(f"{count} of {count} layers of the generator")


def test_twice_the_side_begins_with_all_that_fits(learnt, tiny_config):
    gan = GAN(replace(tiny_config, size=64, base_channels=2, seed=5))
    before = named_arrays(gan.generator)
    warm_start(gan, learnt)
    for name, array in named_arrays(gan.generator).items():
        if name.startswith(("dense/", "up_8", "up_16/")):
            assert np.array_equal(array, learnt["generator"][name]), name
        elif name.startswith(("up_32/", "to_rgb")):
            assert np.array_equal(array, before[name]), name


def test_a_model_of_which_nothing_fits_is_refused(tiny_gan):
    with pytest.raises(ArtganError, match="None of the .* Nothing was saved.*--from"):
        warm_start(tiny_gan, {"generator": {}})
