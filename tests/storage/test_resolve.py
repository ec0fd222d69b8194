"""From names to models, and the sentences that refuse."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from painters import named_arrays, publish_gan

from artgan.paint.painter import open_model
from artgan.storage import resolve
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.resolve import is_run, run_names
from artgan.storage.weights import networks_in
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


def assert_paints_as(model, gan, atol):
    trained = gan.generator_ema.get_weights()
    for one, other in zip(model.generator_ema.get_weights(), trained, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=atol)
    wanted = named_arrays(gan.discriminator)
    assert model.arrays("discriminator").keys() == wanted.keys()


@pytest.mark.parametrize("name", ["flowers-32", "checkpoints/flowers-32"])
def test_published_weights_open_by_name_and_path(place, tiny_gan, name):
    model = opened(name)
    assert (model.name, model.step, model.config.size) == ("flowers-32", 7, 32)
    words = "flowers-32: published weights" if "/" not in name else f"Weights in {name}"
    assert model.opened == f"{words}." and len(model.sha256) == 64
    assert_paints_as(model, tiny_gan, 1e-3)
    assert opened("checkpoints/flowers-32/generator.safetensors").name == "flowers-32"


@pytest.mark.parametrize(
    ("name", "step", "short"),
    [
        ("vedute", 7, "vedute"),
        ("vedute@best", 4, "vedute"),
        ("runs/vedute@best", 4, "vedute"),
        (f"runs/vedute/checkpoints/{RUN}", 7, RUN[:-12]),
    ],
)
def test_runs_open_by_name_and_by_path(place, tiny_gan, name, step, short):
    model = opened(name)
    assert (model.name, model.step) == (short, step)
    assert_paints_as(model, tiny_gan, 0)


def test_ones_own_run_comes_first_then_published_weights_then_a_path(place):
    assert opened("flowers").opened == "flowers: your run in runs/flowers, step 7."
    assert opened("vedute@best").opened.startswith("vedute: your best checkpoint in")
    shutil.rmtree("runs")
    assert run_names("runs") == [] and not is_run(place)  # `checkpoints` is in it
    assert opened("flowers").name == opened().name == "flowers-32"
    shutil.copytree("checkpoints/flowers-32", "flowers")
    assert opened("flowers").opened.startswith("flowers-32: published weights")
    assert opened("./flowers").opened == "Weights in ./flowers."


@pytest.mark.parametrize(
    "name",
    ["", " ", "tulips", "flowers-32@best", b"x", "x" * 300, "a\0b", "a\x1b[2J", "runs"],
)
def test_what_is_no_model_lists_what_there_is(place, name, monkeypatch):
    text = refusal(name)
    assert "There is no model" in text
    assert "flowers-32, flowers. Runs in 'runs': flowers, vedute." in text
    monkeypatch.chdir(place / "runs" / "vedute")
    (place / "runs" / "vedute" / "generator.safetensors").touch()
    assert "There is no model ''" in refusal("")


def test_a_damaged_newest_checkpoint_is_told_and_the_one_before_opens(place, capsys):
    folder = place / "runs" / "vedute" / "checkpoints"
    (folder / "step-0000009.safetensors").write_bytes(b"broken")
    assert opened("vedute").step == 7
    assert "step-0000009.safetensors" in capsys.readouterr().out
    (folder / RUN).write_bytes(b"broken")
    assert "is damaged" in refusal("vedute")


def test_a_run_that_saved_nothing_yet_is_told(place):
    shutil.rmtree(place / "runs" / "vedute" / "checkpoints")
    (place / "runs" / "vedute" / "run.json").write_text("{}", "utf-8")
    assert "has no checkpoint yet. Train it longer." in refusal("vedute")
    assert "has no best checkpoint yet." in refusal("vedute@best")


def test_a_run_that_saved_nothing_hides_no_published_weights_of_its_name(place):
    for path in (place / "runs" / "flowers" / "checkpoints").iterdir():
        path.unlink()
    assert opened("flowers").opened.startswith("flowers-32: published weights")


def test_a_checkpoint_keeps_its_discriminator_wherever_it_lies(place):
    path = shutil.copy(place / "runs" / "vedute" / "checkpoints" / RUN, place)
    assert networks_in(Path(path)) == ["generator", "discriminator"]
    weights = place / "checkpoints" / "flowers-32" / "generator.safetensors"
    alone = shutil.copy(weights, place / "runs" / "vedute" / "checkpoints")
    assert networks_in(Path(alone)) == ["generator"]


@pytest.mark.parametrize("card", ["{", json.dumps({"aliases": [3]}), '{"aliases": 3}'])
def test_a_damaged_card_keeps_nobody_from_the_weights(place, card):
    (place / "checkpoints" / "flowers-32" / "card.json").write_text(card, "utf-8")
    assert opened("flowers-32").step == 7
    assert resolve.published_names("checkpoints") == {"flowers-32": "flowers-32"}
