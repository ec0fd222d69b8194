"""From names to models, and the sentences that refuse."""

import hashlib
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from painters import publish_gan

from artgan.paint.painter import open_model
from artgan.storage import resolve
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.run_folder import is_run, run_names
from artgan.storage.weights import named_arrays, read_tensors
from artgan.system.errors import ArtganError

RUN = "step-0000007.safetensors"


@pytest.fixture(scope="module")
def made(tiny_gan, tmp_path_factory):
    """A folder with published weights and two runs, one named like the weights."""
    folder = tmp_path_factory.mktemp("made")
    tiny_gan.step.assign(7)
    weights = folder / "checkpoints" / "flowers-32"
    publish_gan(tiny_gan, weights, {"licence": "CC0-1.0", "aliases": ["flowers"]})
    for name in ("vedute", "flowers"):
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
    assert len(str(caught.value)) < 900 and "\x1b" not in str(caught.value)
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
    trained = tiny_gan.generator_ema.get_weights()
    for one, other in zip(model.generator_ema.get_weights(), trained, strict=True):
        np.testing.assert_allclose(one, other, 1e-3, 1e-4)
    arrays = opened("flowers-32").arrays("discriminator")
    assert arrays.keys() == named_arrays(tiny_gan.discriminator).keys()


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("vedute", 7),
        ("runs/vedute", 7),
        ("vedute@best", 4),
        ("runs/vedute@best", 4),
        (f"runs/vedute/checkpoints/{RUN}", 7),
    ],
)
def test_runs_open_by_name_and_by_path(place, tiny_gan, name, step):
    model = opened(name)
    assert model.step == step and len(model.sha256) == 64
    assert model.name == ("vedute" if RUN not in name else RUN[:-12])
    trained = tiny_gan.generator_ema.get_weights()
    for one, other in zip(model.generator_ema.get_weights(), trained, strict=True):
        np.testing.assert_array_equal(one, other)
    wanted = named_arrays(tiny_gan.discriminator)
    found = model.arrays("discriminator")
    assert all((found[key] == wanted[key]).all() for key in wanted)


def test_ones_own_run_comes_first_and_the_other_meaning_is_told(place):
    told = opened("flowers").opened
    assert told.startswith("flowers: your run in runs/flowers, step 7. Published")
    assert told.endswith(" -w checkpoints/flowers-32.")
    assert opened("vedute").opened == "vedute: your run in runs/vedute, step 7."
    assert opened("vedute@best").opened.startswith("vedute: your best checkpoint in")
    shutil.rmtree("runs")
    assert opened("flowers").name == opened().name == "flowers-32"
    shutil.copytree("checkpoints/flowers-32", "flowers")
    assert opened("flowers").opened.startswith("flowers-32: published weights")
    assert opened("./flowers").opened == "Weights in ./flowers, step 7."


def test_an_address_with_its_hash_is_fetched_once_and_kept(
    place, httpserver, monkeypatch
):
    data = (place / "checkpoints/flowers-32/generator.safetensors").read_bytes()
    httpserver.expect_ordered_request("/roses/a.safetensors").respond_with_data(data)
    monkeypatch.setattr("pooch.os_cache", lambda name: place / "cache")
    address = httpserver.url_for("/roses/a.safetensors")
    assert "does not tell its SHA-256" in refusal(address)
    right = f"{address}#sha256={hashlib.sha256(data).hexdigest()}"
    for _ in range(2):
        assert (opened(right).name, opened(right).step) == ("a", 7)
    wrong = f"{address}#sha256={'0' * 64}"
    assert "was not fetched" in refusal(wrong)


@pytest.mark.parametrize(
    "name",
    ["", " ", "tulips", "flowers-32@best", b"x", "x" * 300, "a\0b", "a\x1b[2J", "runs"],
)
def test_what_is_no_model_lists_what_there_is(place, name):
    text = refusal(name)
    assert "There is no model" in text
    assert "flowers-32, flowers. Runs in 'runs': flowers, vedute." in text


def test_an_empty_name_is_none_even_in_a_run(place, monkeypatch):
    monkeypatch.chdir(place / "runs" / "vedute")
    assert "There is no model ''" in refusal("")


def test_a_mistyped_name_is_told_before_tensorflow_is_loaded(place, repository):
    program = """import sys, artgan
try:
    artgan.load("tulips")
except artgan.ArtganError as error:
    sys.exit("There is no model" not in str(error) or "tensorflow" in sys.modules)"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=repository, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_damaged_newest_checkpoint_is_told_and_the_one_before_opens(place, capsys):
    folder = place / "runs" / "vedute" / "checkpoints"
    (folder / "step-0000009.safetensors").write_bytes(b"broken")
    assert opened("vedute").step == 7
    assert "step-0000009.safetensors" in capsys.readouterr().out
    (folder / RUN).write_bytes(b"broken")
    assert "not a safetensors file" in refusal("vedute")


def test_a_run_that_saved_nothing_yet_is_told(place):
    shutil.rmtree(place / "runs" / "vedute" / "checkpoints")
    (place / "runs" / "vedute" / "run.json").write_text("{}", "utf-8")
    assert "has no checkpoint yet. Train it longer." in refusal("vedute")
    assert "has no best checkpoint yet." in refusal("vedute@best")


def test_a_damaged_card_keeps_nobody_from_the_weights(place):
    card = place / "checkpoints" / "flowers-32" / "card.json"
    for text in (
        "{",
        "[]",
        json.dumps({"aliases": [3, None]}),
        json.dumps({"aliases": 3}),
    ):
        card.write_text(text, "utf-8")
        assert opened("flowers-32").step == 7
        assert resolve.published_names("checkpoints") == {"flowers-32": "flowers-32"}


def test_only_folders_of_runs_are_runs(place):
    assert run_names("runs") == ["flowers", "vedute"]
    assert run_names("nowhere") == []
    assert not is_run(place)  # though a folder `checkpoints` is in it
