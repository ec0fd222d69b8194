"""Opening models by name and by path, and the sentences that refuse."""

import json
import pickle
import shutil
import tracemalloc
from dataclasses import asdict, replace

import keras
import numpy as np
import pytest
from painters import publish_gan

from artgan.gan.training import GAN
from artgan.paint.paint import paint_seeds
from artgan.paint.walk import walk_pictures
from artgan.storage.builders import build_stored_generator
from artgan.storage.catalogue import add_to_catalogue
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.legacy.flowers import FlowersConfig
from artgan.storage.open_model import open_model
from artgan.storage.publishing import write_weights
from artgan.storage.run_folder import is_run, run_names
from artgan.storage.tensor_file import read_tensors, write_tensors
from artgan.storage.weights import named_arrays
from artgan.system.errors import ArtganError

RUN = "step-0000007.safetensors"


@pytest.fixture(scope="module")
def made(tiny_gan, tmp_path_factory):
    """A folder with published weights and two runs, one named like the weights."""
    folder = tmp_path_factory.mktemp("made")
    tiny_gan.step.assign(7)
    weights = folder / "checkpoints" / "flowers-32"
    publish_gan(tiny_gan, weights, {"licence": "CC0-1.0"})
    add_to_catalogue(weights, ["flowers"])
    for name in ("villas", "flowers"):
        checkpoints = folder / "runs" / name / "checkpoints"
        save_checkpoint(tiny_gan, checkpoints)
        tiny_gan.step.assign(4)
        save_checkpoint(tiny_gan, checkpoints, "best")
        tiny_gan.step.assign(7)
    return folder


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """A copy of it that a test may spoil, and that names are looked up in."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def opened(name=None):
    """Open the model of a name in the working folder."""
    return open_model(name, checkpoints="checkpoints")


def refusal(name):
    with pytest.raises(ArtganError) as caught:
        opened(name)
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "flowers-32",
        "checkpoints/flowers-32",
        "checkpoints/flowers-32/generator.safetensors",
    ],
)
def test_published_weights_open_by_name_and_path(place, tiny_gan, name):
    model = opened(name)
    _, about = read_tensors(place / "checkpoints/flowers-32/generator.safetensors")
    assert (model.name, model.step, model.config.size) == ("flowers-32", 7, 32)
    assert model.sha256 == about["sha256"]
    words = "flowers-32: published weights" if "/" not in name else f"Weights in {name}"
    assert model.opened == f"{words}, step 7."
    trained = tiny_gan.generator_ema
    pairs = zip(model.generator_ema.weights, trained.weights, strict=True)
    for one, other in pairs:
        np.testing.assert_allclose(one.numpy(), other.numpy(), 1e-3, 1e-4)


@pytest.mark.parametrize("name", ["villas", "runs/villas", "flowers"])
def test_runs_open_by_name_and_by_path(place, tiny_gan, name):
    model = opened(name)
    assert (model.name, model.step) == (name.split("/")[-1], 7)
    assert len(model.sha256) == 64
    trained = tiny_gan.generator_ema
    pairs = zip(model.generator_ema.weights, trained.weights, strict=True)
    assert all((one.numpy() == other.numpy()).all() for one, other in pairs)


def test_ones_own_run_comes_first_and_the_other_meaning_is_told(place):
    model = opened("flowers")
    assert model.opened == (
        "flowers: your run in runs/flowers, step 7. flowers is also the name of "
        "published weights; this is your run. The published: -w flowers-32"
    )
    assert opened("villas").opened == "villas: your run in runs/villas, step 7."
    shutil.copytree("runs/flowers", "runs/flowers-32")
    assert opened("flowers-32").opened.endswith("-w checkpoints/flowers-32")
    shutil.rmtree("runs")
    assert opened("flowers").name == "flowers-32"


def test_a_damaged_catalogue_keeps_nobody_from_their_own_run(place):
    (place / "checkpoints" / "catalogue.json").write_text("{", "utf-8")
    assert opened("flowers").step == 7
    assert opened("checkpoints/flowers-32").step == 7
    assert "catalogue.json is damaged" in refusal("flowers-32")


def test_the_best_checkpoint_of_a_run_opens(place):
    for name in ("villas@best", "runs/villas@best"):
        model = opened(name)
        assert (model.name, model.step) == ("villas", 4)
        assert model.opened.startswith("villas: your best checkpoint in runs/villas")
    (place / "runs/villas/checkpoints/best.safetensors").unlink()
    assert "no best checkpoint yet" in refusal("villas@best")
    assert "no model 'flowers-32@best'" in refusal("flowers-32@best")


def test_a_checkpoint_opens_by_its_path(place):
    assert opened(f"runs/villas/checkpoints/{RUN}").step == 7
    assert opened("runs/villas/checkpoints/best.safetensors").step == 4


def test_a_folder_in_the_working_folder_does_not_pass_for_published(place):
    shutil.rmtree("runs")
    shutil.copytree("checkpoints/flowers-32", "flowers")
    assert opened("flowers").opened.startswith("flowers-32: published weights")
    assert opened("./flowers").opened == "Weights in ./flowers, step 7."


def test_models_give_the_arrays_of_both_networks(place, tiny_gan):
    model = opened("villas")
    wanted = named_arrays(tiny_gan.discriminator)
    arrays = model.arrays("discriminator")
    assert arrays.keys() == wanted.keys()
    assert all((arrays[name] == wanted[name]).all() for name in wanted)
    assert opened("flowers-32").arrays("discriminator").keys() == wanted.keys()


def test_a_path_outside_opens_without_a_catalogue(place, tmp_path, monkeypatch):
    elsewhere = tmp_path / "else [1] where"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert opened(tmp_path / "checkpoints" / "flowers-32").name == "flowers-32"
    assert opened(tmp_path / "runs" / "villas").name == "villas"
    weights = elsewhere / "mine.safetensors"
    shutil.copy(tmp_path / "checkpoints/flowers-32/generator.safetensors", weights)
    assert opened("mine.safetensors").name == "mine"
    assert opened(weights).step == 7


def test_a_run_in_bfloat16_paints_in_float32(tiny_config, tmp_path):
    usual = keras.config.dtype_policy()
    try:
        gan = GAN(replace(tiny_config, precision="bfloat16"))
        path = save_checkpoint(gan, tmp_path / "run" / "checkpoints")
        kinds = {array.dtype.name for array in read_tensors(path)[0].values()}
        assert kinds <= {"float32", "int32", "int64"}
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


def test_flowers_paint_where_nothing_is_named(place):
    assert opened().opened.startswith("flowers: your run")
    shutil.rmtree("runs")
    assert opened().opened.startswith("flowers-32: published weights")


def test_without_flowers_another_published_model_paints(place):
    shutil.rmtree("runs")
    add_to_catalogue("checkpoints/flowers-32", ["roses"])
    assert opened().opened.startswith("flowers-32: published weights")
    shutil.rmtree("checkpoints")
    assert "There is no model 'flowers'" in refusal(None)


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "", "."])
def test_a_name_that_no_file_can_have_is_refused_as_any_other(place, name):
    assert "There is no model '" in refusal(name)


def test_an_unknown_name_is_told_what_there_is(place):
    sentence = refusal("ro\x1bses")
    assert "no model 'ro\\x1bses'" in sentence
    assert "flowers-32, flowers." in sentence and "flowers, villas." in sentence
    shutil.rmtree(place / "runs")
    shutil.rmtree(place / "checkpoints")
    assert "Published weights: none. Runs in runs: none." in refusal("flowers")


@pytest.mark.parametrize("name", ["flowers-32", "checkpoints/flowers-32"])
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


def test_a_small_file_whose_settings_ask_for_a_huge_network_is_refused(
    place, tiny_config
):
    huge = asdict(tiny_config) | {"size": 1024, "latent_size": 4096}
    about = {"network": "generator", "config": json.dumps(huge)}
    write_tensors(place / "huge.safetensors", {"a": np.zeros(10_000, "float32")}, about)
    tracemalloc.start()
    assert "a larger network than the 10,000 numbers" in refusal("huge.safetensors")
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


def test_a_discriminator_cannot_paint(place):
    path = "checkpoints/flowers-32/discriminator.safetensors"
    assert "is a discriminator" in refusal(path)


def test_a_damaged_newest_checkpoint_is_told_and_the_one_before_opens(place, capsys):
    folder = place / "runs" / "villas" / "checkpoints"
    (folder / "step-0000009.safetensors").write_bytes(b"broken")
    assert opened("villas").step == 7
    assert "step-0000009.safetensors is damaged" in capsys.readouterr().out


def test_a_run_without_a_whole_checkpoint_is_refused(place):
    checkpoints = place / "runs" / "villas" / "checkpoints"
    (checkpoints / RUN).write_bytes(b"broken")
    assert "No checkpoint in" in refusal("villas")
    shutil.rmtree(checkpoints)
    (place / "runs" / "villas" / "run.json").write_text("{}", "utf-8")
    assert "no checkpoint yet" in refusal("villas")


def test_a_run_of_a_former_version_is_told(place):
    former = place / "runs" / "old" / "checkpoints"
    former.mkdir(parents=True)
    (former / "ckpt-9.index").touch()
    assert "version 0.1.0" in refusal("old")


def test_only_folders_of_runs_are_runs(place):
    assert run_names("runs") == ["flowers", "villas"]
    assert run_names("nowhere") == []
    assert not is_run(place)  # though a folder `checkpoints` is in it
