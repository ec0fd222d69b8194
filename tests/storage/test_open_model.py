"""Opening models by name and by path, and the sentences that refuse."""

import hashlib
import pickle
import shutil
from dataclasses import asdict, replace
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from artgan.gan.networks import build_generator
from artgan.paint.paint import paint_seeds
from artgan.paint.walk import walk_pictures
from artgan.storage.builders import build_stored_generator
from artgan.storage.catalogue import add_to_catalogue
from artgan.storage.checkpoints import PARTS, make_manager, save_checkpoint
from artgan.storage.legacy.flowers import FlowersConfig
from artgan.storage.open_model import open_model, usual_name
from artgan.storage.publishing import publish, write_weights
from artgan.storage.weights import named_arrays
from artgan.system.errors import ArtganError


@pytest.fixture(scope="module")
def made(tiny_gan, tmp_path_factory):
    """A folder with published weights and two runs, one named like the weights."""
    folder = tmp_path_factory.mktemp("made")
    tiny_gan.step.assign(7)
    publish(tiny_gan, folder / "checkpoints" / "flowers-32", {"licence": "CC0-1.0"})
    add_to_catalogue(folder / "checkpoints" / "flowers-32", ["flowers"])
    for name in ("villas", "flowers"):
        checkpoints = folder / "runs" / name / "checkpoints"
        save_checkpoint(tiny_gan, make_manager(tiny_gan, checkpoints))
    return folder


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """A copy of it that a test may spoil, and that names are looked up in."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(name):
    with pytest.raises(ArtganError) as caught:
        open_model(name)
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "flowers",
        "flowers-32",
        "checkpoints/flowers-32",
        "checkpoints/flowers-32/generator.safetensors",
    ],
)
def test_published_weights_open_by_name_alias_and_path(place, tiny_gan, name):
    model = open_model(name)
    data = (place / "checkpoints/flowers-32/generator.safetensors").read_bytes()
    assert (model.name, model.step, model.config.size) == ("flowers-32", 7, 32)
    assert model.sha256 == hashlib.sha256(data).hexdigest()
    pairs = zip(model.generator_ema.weights, tiny_gan.generator_ema.weights, strict=True)
    for opened, trained in pairs:
        np.testing.assert_allclose(opened.numpy(), trained.numpy(), 1e-3, 1e-4)


@pytest.mark.parametrize("name", ["villas", "runs/villas", "runs/flowers"])
def test_runs_open_by_name_and_by_path(place, tiny_gan, name):
    model = open_model(name)
    assert (model.name, model.step) == (name.split("/")[-1], 7)
    assert len(model.sha256) == 64
    pairs = zip(model.generator_ema.weights, tiny_gan.generator_ema.weights, strict=True)
    assert all((one.numpy() == other.numpy()).all() for one, other in pairs)


def test_a_path_outside_opens_without_a_catalogue(place, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert open_model(tmp_path / "checkpoints" / "flowers-32").name == "flowers-32"
    assert open_model(tmp_path / "runs" / "villas").name == "villas"
    weights = elsewhere / "mine.safetensors"
    shutil.copy(tmp_path / "checkpoints/flowers-32/generator.safetensors", weights)
    assert open_model("mine.safetensors").name == "mine"
    assert open_model(weights).step == 7


def test_a_run_in_bfloat16_paints_in_float32(tiny_config, tmp_path):
    usual = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_bfloat16")
        parts = dict.fromkeys(PARTS, keras.Sequential()) | {
            "generator_ema": build_generator(tiny_config),
            "config": replace(tiny_config, precision="bfloat16"),
            "step": tf.Variable(3, dtype=tf.int64),
        }
        gan = SimpleNamespace(**parts)
        save_checkpoint(gan, make_manager(gan, tmp_path / "run" / "checkpoints"))
        model = open_model(tmp_path / "run")
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy(usual)
    assert {layer.compute_dtype for layer in model.generator_ema.layers} == {"float32"}


def test_the_generator_of_an_ancestor_opens_and_paints(tmp_path):
    config = FlowersConfig(size=16, width=2, latent_size=4)
    arrays = named_arrays(build_stored_generator(config))
    write_weights(tmp_path / "roses", {"generator": arrays}, asdict(config), 1, {})
    model = open_model(tmp_path / "roses")
    assert (model.name, model.config) == ("roses", config)
    pictures, steps = walk_pictures(model, [1, 2], 4)
    assert pictures[0].shape == (16, 16, 3) and len(steps) == 4
    assert (next(paint_seeds(model, [1])) == pictures[0]).all()


def test_flowers_paint_where_nothing_is_named(place, capsys):
    assert usual_name("checkpoints") == "flowers"
    assert usual_name("nowhere") == "flowers"  # and opening it says what is missing
    assert not capsys.readouterr().out


def test_without_flowers_another_published_model_paints(tiny_gan, tmp_path, capsys):
    publish(tiny_gan, tmp_path / "villas-32", {"licence": "CC0-1.0"})
    add_to_catalogue(tmp_path / "villas-32", ["villas"])
    assert usual_name(tmp_path) == "villas-32"
    assert "Painting with villas-32" in capsys.readouterr().out


def test_an_unknown_name_is_told_what_there_is(place):
    sentence = refusal("roses")
    assert "no model 'roses'" in sentence
    assert "flowers-32, flowers." in sentence and "flowers, villas." in sentence
    shutil.rmtree(place / "runs")
    shutil.rmtree(place / "checkpoints")
    assert "Published weights: none. Runs in runs: none." in refusal("flowers")


@pytest.mark.parametrize("name", ["flowers", "checkpoints/flowers-32"])
def test_weights_that_are_not_what_they_say_are_refused(place, name):
    weights = place / "checkpoints" / "flowers-32" / "generator.safetensors"
    whole = weights.read_bytes()
    spoilt = {
        "corrupt": whole[:-1] + bytes([whole[-1] ^ 1]),
        "cut short": whole[:-9],
        "swapped": weights.with_name("discriminator.safetensors").read_bytes(),
        "a pickle": pickle.dumps({"weights": [1.0] * 99}),
        "empty": b"",
    }
    for data in spoilt.values():
        weights.write_bytes(data)
        assert "generator.safetensors" in refusal(name)


def test_a_discriminator_cannot_paint(place):
    path = "checkpoints/flowers-32/discriminator.safetensors"
    assert "is a discriminator" in refusal(path)


def test_a_run_without_a_whole_checkpoint_is_refused(place):
    for path in (place / "runs" / "villas" / "checkpoints").glob("*.data*"):
        path.write_bytes(b"broken")
    assert "No checkpoint in" in refusal("villas")
    shutil.rmtree(place / "runs" / "villas" / "checkpoints")
    (place / "runs" / "villas" / "checkpoints").mkdir()
    assert "no checkpoint yet" in refusal("villas")
