"""Beginning with what another GAN has learnt."""

import numpy as np
import pytest
from PIL import Image

from artgan.__main__ import main
from artgan.gan.config import preset
from artgan.gan.training import GAN, train
from artgan.runs.run import open_run
from artgan.runs.warm_start import begin_with, open_beginning
from artgan.storage.catalogue import add_to_catalogue
from artgan.storage.publishing import publish
from artgan.system.errors import ArtganError

SMALL = {"size": 16, "width": 4, "discriminator_width": 4, "most_channels": 8}
SMALL |= {"batch_size": 2, "precision": "float32", "latent_size": 8}
LARGE = SMALL | {"size": 32, "width": 2, "discriminator_width": 2, "seed": 3}


def trained(changes, steps=2):
    gan = GAN(preset("default", **changes))
    size = gan.config.size
    images = np.random.default_rng(0).integers(0, 256, [4, size, size, 3], np.uint8)
    train(gan, images, steps)
    return gan


@pytest.fixture(scope="module")
def small():
    return trained(SMALL)


def weights_of(network):
    return {layer.name: layer.get_weights() for layer in network.layers}


def equal(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_a_twin_takes_everything(small):
    other, gan = small, GAN(preset("default", **SMALL | {"seed": 5}))
    text = begin_with(gan, other)
    assert equal(gan.generator.get_weights(), other.generator_ema.get_weights())
    assert equal(gan.generator_ema.get_weights(), other.generator_ema.get_weights())
    assert equal(gan.discriminator.get_weights(), other.discriminator.get_weights())
    count = len([layer for layer in gan.generator.layers if layer.weights])
    assert text.startswith(f"{count} of {count} layers of the generator")


def test_twice_the_side_begins_with_all_that_fits(small):
    other, gan = small, GAN(preset("default", **LARGE))
    before = weights_of(gan.generator)
    begin_with(gan, other)
    learnt, now = weights_of(other.generator_ema), weights_of(gan.generator)
    for name in ("dense", "up_8", "up_8_normalization"):
        assert equal(now[name], learnt[name]), name
    for name in ("up_16", "paint"):
        assert equal(now[name], before[name]), name
    learnt, now = weights_of(other.discriminator), weights_of(gan.discriminator)
    assert equal(now["down_4"], learnt["down_4"])
    assert equal(now["judge"], learnt["judge"])
    assert now["down_16"][0].shape == (4, 4, 3, 2)


def test_noise_that_begins_stronger_does_so_everywhere(small):
    gan = GAN(preset("default", **SMALL, noise_start=0.25))
    begin_with(gan, small)
    for network in gan.generator, gan.generator_ema:
        np.testing.assert_array_equal(network.get_layer("up_8_noise").strength, 0.25)
    again = GAN(preset("default", **SMALL, noise_start=0.25))
    gan.generator_ema.get_layer("up_8_noise").strength.assign([0.5] * 8)
    begin_with(again, gan)
    np.testing.assert_array_equal(again.generator_ema.get_layer("up_8_noise").strength, 0.5)


def test_a_gan_that_began_so_can_train(small):
    gan = GAN(preset("default", **LARGE))
    begin_with(gan, small)
    images = np.zeros([4, 32, 32, 3], np.uint8)
    train(gan, images, 2)
    assert gan.step == 2


def test_published_weights_are_a_beginning(small, tmp_path):
    gan = small
    publish(gan, tmp_path / "tiny-16", {"licence": "CC0"})
    add_to_catalogue(tmp_path / "tiny-16", ["tiny"])
    other = open_beginning("tiny", tmp_path / "runs", tmp_path)
    assert other.config == gan.config
    np.testing.assert_allclose(
        other.generator_ema.get_weights()[0], gan.generator_ema.get_weights()[0], atol=1e-3
    )


def test_no_such_beginning_is_a_sentence(tmp_path):
    with pytest.raises(ArtganError, match="There is no run"):
        open_beginning("nothing", tmp_path, tmp_path)


def test_the_command_line_begins_with_a_run(tmp_path, capsys):
    runs, pictures = tmp_path / "runs", tmp_path / "pictures"
    pictures.mkdir()
    for shade in (60, 120, 180):
        Image.new("RGB", (20, 24), (shade, 90, 30)).save(pictures / f"{shade}.png")
    with open_run(runs / "first", preset("default", **SMALL)) as (gan, recorder):
        recorder.save(gan)
    changes = [f"--set={field}={value}" for field, value in SMALL.items()]
    command = ["train", "--data", str(pictures), "--runs", str(runs)]
    command += ["--run", "second", "--from", "first", "--steps", "1", *changes]
    assert main(command) == 0
    assert "of the generator" in capsys.readouterr().out
    assert main(command[:-1] + [changes[-1], "--steps", "2"]) == 0
    assert "of the generator" not in capsys.readouterr().out
