"""Beginning with what another GAN has learnt."""

import numpy as np
import pytest
from painters import publish_gan
from PIL import Image

from artgan.__main__ import main
from artgan.gan.config import preset
from artgan.gan.training import GAN, train
from artgan.paint.painter import open_model
from artgan.runs.run import open_run
from artgan.runs.warm_start import warm_start
from artgan.storage.weights import NETWORKS, named_arrays

SMALL = {"size": 32, "base_channels": 4, "max_channels": 8, "head_channels": 4}
SMALL |= {"mixing_channels": 4, "batch_size": 2, "precision": "float32"}
LARGE = SMALL | {"size": 64, "base_channels": 2, "seed": 3}


def trained(changes, steps=2):
    gan = GAN(preset("default", **changes))
    size = gan.config.size
    images = np.random.default_rng(0).integers(0, 256, [4, size, size, 3], np.uint8)
    train(gan, images, steps)
    return gan


@pytest.fixture(scope="module")
def small():
    return trained(SMALL)


def learnt_by(gan):
    """What a GAN has learnt, as an opened model gives it."""
    networks = {"generator": gan.generator_ema, "discriminator": gan.discriminator}
    return {name: named_arrays(network) for name, network in networks.items()}


def weights_of(network):
    return {layer.name: layer.get_weights() for layer in network.layers}


def equal(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_a_twin_takes_everything(small):
    other, gan = small, GAN(preset("default", **SMALL | {"seed": 5}))
    text = warm_start(gan, learnt_by(other))
    assert equal(gan.generator.get_weights(), other.generator_ema.get_weights())
    assert equal(gan.generator_ema.get_weights(), other.generator_ema.get_weights())
    assert equal(gan.discriminator.get_weights(), other.discriminator.get_weights())
    count = len([layer for layer in gan.generator.layers if layer.weights])
    assert text.startswith(f"{count} of {count} layers of the generator")


def test_twice_the_side_begins_with_all_that_fits(small):
    other, gan = small, GAN(preset("default", **LARGE))
    before = weights_of(gan.generator)
    warm_start(gan, learnt_by(other))
    learnt, now = weights_of(other.generator_ema), weights_of(gan.generator)
    for name in ("dense", "up_8", "up_8_normalization", "up_16"):
        assert equal(now[name], learnt[name]), name
    for name in ("up_32", "to_rgb"):
        assert equal(now[name], before[name]), name
    assert learnt["to_rgb"][0].shape != now["to_rgb"][0].shape
    assert equal(gan.generator_ema.get_weights(), gan.generator.get_weights())


def test_a_gan_that_began_so_can_train(small):
    gan = GAN(preset("default", **LARGE))
    warm_start(gan, learnt_by(small))
    images = np.zeros([4, 64, 64, 3], np.uint8)
    train(gan, images, 2)
    assert gan.step == 2


def test_published_weights_are_a_beginning(small, tmp_path):
    publish_gan(small, tmp_path / "tiny-16", {"aliases": ["tiny"]})
    model = open_model("tiny", tmp_path / "runs", tmp_path)
    gan = GAN(preset("default", **SMALL | {"seed": 5}))
    warm_start(gan, {name: model.arrays(name) for name in NETWORKS})
    for name, network in {"generator": small.generator_ema}.items():
        pairs = zip(getattr(gan, name).weights, network.weights, strict=True)
        for one, other in pairs:
            np.testing.assert_allclose(one.numpy(), other.numpy(), 1e-3, 1e-3)


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
    output = capsys.readouterr().out
    assert "first: your run in" in output and "layers of the generator" in output
    assert main([*command, "--steps", "2"]) == 0
    assert "layers of the generator" not in capsys.readouterr().out
    (runs / "first").rename(tmp_path / "elsewhere")  # it has done its part
    assert main(command) == 0
