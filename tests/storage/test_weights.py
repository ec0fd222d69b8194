"""One writer and one reader of arrays: what comes back, and what is refused."""

import json
import os
import pickle
import random
import shutil
from dataclasses import asdict

import numpy as np
import pytest
from painters import publish_gan
from safetensors.numpy import save
from trials.damage import damages

from artgan.storage import weights
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.publishing import half, write_weights
from artgan.storage.weights import (
    LARGEST_FILE,
    fingerprint,
    named_arrays,
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
ABOUT = {"config": '{"size": 32}', "network": "generator"}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "one [1].safetensors"
    write_tensors(path, ARRAYS, ABOUT)
    return path


@pytest.fixture(scope="module")
def published(tiny_gan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    publish_gan(tiny_gan, folder, {"pictures": "made up"})
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
        except (RuntimeError, ValueError):
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
    class Trap:
        def __reduce__(self):
            return (tmp_path / "sprung").touch, ()

    for data in (pickle.dumps(Trap()), b"PK\x03\x04" + 60 * b"\0"):
        path.write_bytes(data)
        assert "a pickle" in refusal(path) and "not opened" in refusal(path)
    assert not (tmp_path / "sprung").exists()


def header(text):
    """A file that begins with this header."""
    return len(text).to_bytes(8, "little") + text + 64 * b"x"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a safetensors file"),
        (b"\x89HDF\r\n\x1a\n" + 40 * b"x", "not a safetensors file"),
        (b"version https://git-lfs.github.com/spec/v1", "not a safetensors file"),
        (b"\xff" * 7 + b"\x7f" + b"{" + 40 * b"x", "is damaged"),
        (header(b'{"a": {"data_offsets": [0, "4"]}}'), "is damaged"),
        (header(b'{"a":' * 9999), "is damaged"),
        (header(b'{"__metadata__": [], "a": 3}'), "is damaged"),
        (save({"a": np.ones(3)}), "format 'None'"),
        (save({"a": np.ones(3)}, {"format": "\x1b[2J4"}), "does not read"),
    ]
    + [
        (
            header(
                b'{"__metadata__":{"format":"3"},"a":{"dtype":"%s","shape":[4],'
                b'"data_offsets":[0,%d]}}' % (kind, size)
            ),
            "numbers",
        )
        for kind, size in ((b"BF16", 8), (b"F8_E4M3", 4), (b"F4", 2), (b"C64", 32))
    ],
)
def test_what_is_no_file_of_ours_is_a_sentence(path, data, words):
    path.write_bytes(data)
    assert words in refusal(path)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(path, number):
    write_tensors(path, {"a\x1b[31m": np.float16([1, number])}, ABOUT)
    assert "not finite" in refusal(path)


def test_what_is_missing_or_huge_is_named(tmp_path):
    path = tmp_path / "none"
    assert f"There is no file '{path}'." in refusal(path)
    assert "generator.safetensors" in refusal(tmp_path)
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)  # takes no room on the disk
    assert "larger than any weights" in refusal(path)


@pytest.mark.parametrize(
    "config", [None, "", "{", "[]", "null", "3", "[" * 9999, "NaN"]
)
def test_a_file_that_does_not_say_what_it_is_for_is_refused(path, config):
    about = {"network": "generator"} | ({} if config is None else {"config": config})
    write_tensors(path, ARRAYS, about)
    assert "does not say what network" in refusal(path)


def test_a_discriminator_does_not_paint(published):
    assert "not a generator" in refusal(published / "discriminator.safetensors")
    found = read_weights(published, "discriminator")
    assert found.arrays and found.settings["size"] == 32


def test_published_weights_are_half_precision_and_small(published, tiny_gan):
    size = (published / "generator.safetensors").stat().st_size
    numbers = sum(w.size for w in tiny_gan.generator_ema.get_weights())
    assert 2 * numbers < size < 2 * numbers + 10_000
    card = json.loads((published / "card.json").read_text("utf-8"))
    assert card["format"] == 3 and card["config"]["size"] == 32
    assert card["pictures"] == "made up" and card["step"] == int(tiny_gan.step)
    assert np.isfinite(half({"a": np.float32([1e9, -1e9, 0.1])})["a"]).all()


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
            np.testing.assert_array_equal(array, half(wanted)[name])


def test_a_checkpoint_gives_each_network_to_the_bit(tiny_gan, tmp_path):
    path = save_checkpoint(tiny_gan, tmp_path)
    networks = {"generator": tiny_gan.generator_ema}
    networks["discriminator"] = tiny_gan.discriminator
    for name, network in networks.items():
        arrays, wanted = read_weights(path, name).arrays, named_arrays(network)
        assert arrays.keys() == wanted.keys()
        assert all((arrays[key] == wanted[key]).all() for key in wanted)


def test_facts_cannot_contradict_the_card(tmp_path):
    networks = {"generator": {"a": np.float32([2])}}
    card = write_weights(tmp_path, networks, {"size": 16}, 4, {"config": {}, "x": 1})
    assert card == {"x": 1, "format": 3, "step": 4, "config": {"size": 16}}
    assert read_weights(tmp_path).settings == {"size": 16}
