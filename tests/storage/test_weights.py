"""Networks in files: what comes back, and what is refused."""

import json
import shutil
from dataclasses import asdict

import numpy as np
import pytest
from painters import publish_gan

from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.publishing import half, write_weights
from artgan.storage.tensor_file import write_tensors
from artgan.storage.weights import load_arrays, named_arrays, read_network
from artgan.system.errors import ArtganError


@pytest.fixture(scope="module")
def published(tiny_gan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    publish_gan(tiny_gan, folder, {"pictures": "made up"})
    return folder


def refusal(place):
    """The sentence that refuses to read the generator there."""
    with pytest.raises(ArtganError) as caught:
        read_network(place)
    return str(caught.value)


def test_weights_are_half_precision_and_small(published, tiny_gan):
    size = (published / "generator.safetensors").stat().st_size
    numbers = sum(w.size for w in tiny_gan.generator_ema.get_weights())
    assert 2 * numbers < size < 2 * numbers + 10_000
    card = json.loads((published / "card.json").read_text("utf-8"))
    assert card["format"] == 3 and card["config"]["size"] == 32
    assert card["pictures"] == "made up" and card["step"] == int(tiny_gan.step)


def test_what_is_too_large_for_half_precision_stays_finite():
    assert np.isfinite(half({"a": np.float32([1e9, -1e9, 0.1])})["a"]).all()


def test_facts_cannot_contradict_the_card(tiny_gan, tmp_path):
    card = publish_gan(tiny_gan, tmp_path, {"config": {}, "licence": "CC0"})
    assert card["licence"] == "CC0" and card["config"]["size"] == 32


def test_files_too_large_for_a_repository_are_not_published(
    tiny_gan, tmp_path, monkeypatch
):
    monkeypatch.setattr("artgan.storage.publishing.LARGEST_PUBLISHED", 1000)
    with pytest.raises(ArtganError, match="more than 1,000 bytes.*Nothing was written"):
        publish_gan(tiny_gan, tmp_path / "new", {})
    assert not (tmp_path / "new").exists()


def test_a_folder_or_one_file_alone_gives_settings_and_arrays(
    published, tiny_gan, tmp_path
):
    alone = tmp_path / "flowers.safetensors"
    shutil.copy(published / "generator.safetensors", alone)
    for place in published, str(published), published / "generator.safetensors", alone:
        settings, arrays, about = read_network(place)
        assert settings == asdict(tiny_gan.config)
        assert len(about["sha256"]) == 64
        assert int(about["step"]) == int(tiny_gan.step)
        wanted = named_arrays(tiny_gan.generator_ema)
        assert arrays.keys() == wanted.keys()
        for name, array in arrays.items():
            assert array.dtype == np.float32
            np.testing.assert_array_equal(array, half(wanted)[name])


def test_a_checkpoint_gives_each_network_to_the_bit(tiny_gan, tmp_path):
    path = save_checkpoint(tiny_gan, tmp_path)
    networks = {"generator": tiny_gan.generator_ema}
    networks["discriminator"] = tiny_gan.discriminator
    for name, network in networks.items():
        _, arrays, _ = read_network(path, name)
        wanted = named_arrays(network)
        assert arrays.keys() == wanted.keys()
        assert all((arrays[key] == wanted[key]).all() for key in wanted)


def test_what_is_missing_is_named(published, tmp_path):
    assert f"There is no file {tmp_path / 'none'}." in refusal(tmp_path / "none")
    assert "generator.safetensors" in refusal(tmp_path)


def test_a_discriminator_does_not_paint(published):
    assert "a generator is needed" in refusal(published / "discriminator.safetensors")
    settings, arrays, _ = read_network(published, "discriminator")
    assert arrays and settings["size"] == 32


@pytest.mark.parametrize(
    "config", [None, "", "{", "[]", "null", "3", "[" * 9999, "NaN"]
)
def test_a_file_that_does_not_say_what_it_is_for_is_refused(tmp_path, config):
    about = {"network": "generator"} | ({} if config is None else {"config": config})
    write_tensors(tmp_path / "a.safetensors", {"a": np.ones(3)}, about)
    assert "does not say what network" in refusal(tmp_path / "a.safetensors")


def test_foreign_words_cannot_steer_the_terminal(tmp_path):
    about = {"network": "\x1b[2Jgenerator", "config": "{}"}
    write_tensors(tmp_path / "a.safetensors", {"a": np.ones(3)}, about)
    assert "\x1b" not in refusal(tmp_path / "a.safetensors")


def test_weights_that_do_not_fit_are_refused_and_change_nothing(tiny_gan):
    before, network = named_arrays(tiny_gan.generator_ema), tiny_gan.generator_ema
    dense = "dense/kernel"
    for changes, words in (
        ({dense: np.ones([1, 2])}, r"dense/kernel is \[1, 2\] where \[6, "),
        ({"wing/kernel": np.ones(3)}, r"wing/kernel is \[3\] where nothing is needed"),
    ):
        with pytest.raises(ArtganError, match=words):
            load_arrays(network, before | changes, "there")
    fewer = {name: array for name, array in before.items() if name != dense}
    with pytest.raises(ArtganError, match=r"dense/kernel is missing where \[6, "):
        load_arrays(network, fewer, "there")
    for name, array in named_arrays(network).items():
        np.testing.assert_array_equal(array, before[name])


def test_the_order_of_arrays_means_nothing(tiny_gan):
    before = named_arrays(tiny_gan.generator_ema)
    load_arrays(tiny_gan.generator_ema, dict(reversed(before.items())), "there")
    for name, array in named_arrays(tiny_gan.generator_ema).items():
        np.testing.assert_array_equal(array, before[name])


def test_weights_of_one_network_come_with_a_card(tmp_path):
    card = write_weights(
        tmp_path, {"generator": {"a": np.ones(2)}}, {"size": 16}, 4, {}
    )
    assert card == {"format": 3, "step": 4, "config": {"size": 16}}
    assert read_network(tmp_path)[0] == {"size": 16}
    assert {path.name for path in tmp_path.iterdir()} == {
        "card.json",
        "generator.safetensors",
    }
