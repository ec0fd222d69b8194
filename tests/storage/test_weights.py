"""One writer and one reader of arrays: what comes back, and what is refused."""

import json
import os
import random
import shutil
from dataclasses import asdict

import numpy as np
import pytest
from painters import named_arrays, publish_gan
from safetensors.numpy import save
from trials.damage import damages, trap

from artgan.storage import weights
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.weights import (
    LARGEST_FILE,
    fingerprint,
    read_tensors,
    read_weights,
    write_tensors,
)
from artgan.system.errors import ArtganError

ARRAYS = {
    "step": np.asarray(7),
    "dense/kernel": np.arange(6, dtype=np.float32).reshape(2, 3).T,
    "half": np.float16([0.5, -1]),
    "none": np.zeros([0, 2], np.float32),
}
ABOUT = {"config": '{"size": 32}', "step": "7", "network": "generator"}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "one [1].safetensors"
    write_tensors(path, ARRAYS, ABOUT)
    return path


@pytest.fixture(scope="module")
def published(tiny_gan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    publish_gan(tiny_gan, folder, {"pictures": "made up", "config": {}})
    return folder


def refusal(path):
    """The sentence that refuses to read a generator there; harmless to a terminal."""
    with pytest.raises(ArtganError) as caught:
        read_weights(path)
    text = str(caught.value)
    assert "\x1b" not in text and len(text) < 600
    return text


def test_arrays_come_back_to_the_bit(path):
    arrays, about = read_tensors(path)
    assert arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])
    assert about == ABOUT | {"format": "3", "sha256": fingerprint(arrays, about)}


def test_the_fingerprint_depends_on_everything():
    found = fingerprint(ARRAYS, ABOUT)
    assert fingerprint(dict(reversed(ARRAYS.items())), ABOUT | {"sha256": "x"}) == found
    for arrays, about in (
        (ARRAYS, {}),
        (ARRAYS | {"step": np.asarray(8)}, ABOUT),
        (ARRAYS | {"step": np.asarray(7, np.int32)}, ABOUT),
        (ARRAYS | {"none": np.zeros([2, 0], np.float32)}, ABOUT),
        (ARRAYS | {"more": np.zeros(0)}, ABOUT),
    ):
        assert fingerprint(arrays, about) != found


def test_any_damage_is_found_or_harmless(path):
    whole, draw = path.read_bytes(), random.Random(0)
    length = 8 + int.from_bytes(whole[:8], "little")
    places = {"length": (0, 8), "header": (8, length), "numbers": (length, len(whole))}
    for what, data in damages(draw, whole, places):
        if data in (None, whole):
            continue
        path.write_bytes(data)
        try:
            arrays, about = read_tensors(path)
        except ArtganError:
            continue
        assert fingerprint(arrays, about) == fingerprint(ARRAYS, about), what
        assert about["config"] == ABOUT["config"], what


def test_nothing_is_put_in_place_before_it_is_on_the_disk(path, monkeypatch):
    before, done = path.read_bytes(), []

    def replace(temporary, target):
        done.append(("renamed", os.path.getsize(temporary)))
        os.rename(temporary, target)

    monkeypatch.setattr(weights.os, "fsync", lambda number: done.append("synced"))
    monkeypatch.setattr("artgan.system.files.os.replace", replace)
    write_tensors(path, ARRAYS | {"half": np.float16([0.5, 2])}, ABOUT)
    assert done == ["synced", ("renamed", path.stat().st_size)]
    assert path.read_bytes() != before
    assert list(path.parent.iterdir()) == [path]


def test_a_renamed_pickle_is_never_opened(path, tmp_path):
    path.write_bytes(trap(tmp_path / "sprung", 4))
    assert "no safetensors; `import-weights` reads" in refusal(path)
    assert not (tmp_path / "sprung").exists()


def header(text):
    """A file that begins with this header."""
    return len(text).to_bytes(8, "little") + text + 64 * b"x"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no safetensors"),
        (b"version https://git-lfs.github.com/spec/v1", "no safetensors"),
        (b"\xff" * 7 + b"\x7f" + b"{" + 40 * b"x", "is damaged"),
        (header(b'{"a": {"data_offsets": [0, "4"]}}'), "is damaged"),
        (header(b'{"a":' * 9999), "is damaged"),
        (header(b'{"__metadata__": [], "a": 3}'), "is damaged"),
        (save({"a": np.ones(3)}), "is damaged"),
        (save({"a": np.ones(3)}, {"format": "\x1b[2J4"}), "does not read"),
    ],
)
def test_what_is_no_file_of_ours_is_a_sentence(path, data, words):
    path.write_bytes(data)
    assert words in refusal(path)


def test_what_is_missing_huge_or_not_finite_is_named(tmp_path):
    path = tmp_path / "none"
    assert "none' cannot be read" in refusal(path)
    assert "generator.safetensors' cannot be read" in refusal(tmp_path)
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)  # takes no room on the disk
    assert "larger than any weights" in refusal(path)
    write_tensors(path, {"a": np.float16([1, np.nan])}, ABOUT)
    assert "not finite" in refusal(path)


@pytest.mark.parametrize("config", [None, "{", "3", "[" * 9999])
def test_a_file_that_does_not_say_what_it_is_for_is_refused(path, config):
    about = {"network": "generator", "step": "0", "config": config}
    write_tensors(path, ARRAYS, {key: text for key, text in about.items() if text})
    assert "does not say what it is for" in refusal(path)


def test_published_weights_are_half_precision_and_small(published, tiny_gan):
    size = (published / "generator.safetensors").stat().st_size
    numbers = sum(w.size for w in tiny_gan.generator_ema.get_weights())
    assert 2 * numbers < size < 2 * numbers + 10_000
    card = json.loads((published / "card.json").read_text("utf-8"))
    assert card["format"] == 3 and card["config"]["size"] == 32
    assert card["pictures"] == "made up" and card["step"] == int(tiny_gan.step)


def test_a_folder_or_one_file_alone_gives_settings_and_arrays(
    published, tiny_gan, tmp_path
):
    alone = tmp_path / "flowers.safetensors"
    shutil.copy(published / "generator.safetensors", alone)
    for place in published, str(published), published / "generator.safetensors", alone:
        found = read_weights(place)
        assert found.settings == asdict(tiny_gan.config)
        assert len(found.sha256) == 64 and found.step == int(tiny_gan.step)
        wanted = named_arrays(tiny_gan.generator_ema)
        assert found.arrays.keys() == wanted.keys()
        for name, array in found.arrays.items():
            assert array.dtype == np.float32
            np.testing.assert_array_equal(array, np.float16(wanted[name]))
    assert "not a generator" in refusal(published / "discriminator.safetensors")


def test_a_checkpoint_gives_each_network_to_the_bit(tiny_gan, tmp_path):
    path = save_checkpoint(tiny_gan, tmp_path)
    networks = {"generator": tiny_gan.generator_ema}
    networks["discriminator"] = tiny_gan.discriminator
    for name, network in networks.items():
        arrays, wanted = read_weights(path, name).arrays, named_arrays(network)
        assert arrays.keys() == wanted.keys()
        assert all((arrays[key] == wanted[key]).all() for key in wanted)
