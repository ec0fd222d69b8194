"""One writer and one reader of arrays: what comes back, and what is refused."""

import json
import os
import random
import shutil
from contextlib import suppress
from dataclasses import asdict

import numpy as np
import pytest
from painters import named_arrays, publish_gan
from safetensors.numpy import save
from trials.damage import damages, trap

from artgan.paint.painter import open_model
from artgan.storage import weights
from artgan.storage.weights import (
    FORMAT,
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


def refusal(path):
    """The sentence that refuses to read a generator there; harmless to a terminal."""
    with pytest.raises(ArtganError) as caught:
        read_weights(path)
    text = str(caught.value)
    assert "\x1b" not in text and len(text) < 600
    return text


def assert_same(found, wanted):
    """Arrays of the same names, kinds and bits."""
    assert found.keys() == wanted.keys()
    for name, array in found.items():
        assert array.dtype == wanted[name].dtype
        np.testing.assert_array_equal(array, wanted[name])


def test_arrays_come_back_to_the_bit(path):
    arrays, about = read_tensors(path)
    assert_same(arrays, ARRAYS)
    assert about == ABOUT | {"format": "3", "sha256": about["sha256"]}


def test_any_damage_is_found_or_harmless(path):
    whole, draw = path.read_bytes(), random.Random(0)
    length = 8 + int.from_bytes(whole[:8], "little")
    places = {"length": (0, 8), "header": (8, length), "numbers": (length, len(whole))}
    for what, data in damages(draw, whole, places):
        path.write_bytes(data)
        with suppress(ArtganError):
            arrays, about = read_tensors(path)
            assert about.items() >= ABOUT.items(), what
            assert_same(arrays, ARRAYS)


def test_nothing_is_put_in_place_before_it_is_on_the_disk(path, monkeypatch):
    synced = []
    rename = os.replace

    def replace(*paths):
        assert synced
        rename(*paths)

    monkeypatch.setattr(weights.os, "fsync", synced.append)
    monkeypatch.setattr("artgan.system.files.os.replace", replace)
    write_tensors(path, ARRAYS, ABOUT)
    assert list(path.parent.iterdir()) == [path]


def test_a_renamed_pickle_is_never_opened(path, tmp_path):
    path.write_bytes(trap(tmp_path / "sprung", 4))
    assert "no safetensors; `import-weights` reads" in refusal(path)
    assert not (tmp_path / "sprung").exists()


def header(text):
    """A file that begins with this header."""
    return len(text).to_bytes(8, "little") + text + 64 * b"x"


def unknown(dtype):
    """The header of a file whose array has a number format that NumPy lacks."""
    array = {"dtype": dtype, "shape": [8], "data_offsets": [0, 16]}
    return json.dumps({"__metadata__": {"format": FORMAT}, "a": array}).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no safetensors"),
        (b"\xff" * 7 + b"\x7f" + b"{" + 40 * b"x", "is damaged"),
        (header(b'{"a":' * 9999), "is damaged"),
        (header(b'{"__metadata__": [], "a": 3}'), "is damaged"),
        *(
            (header(unknown(dtype)), "is damaged")
            for dtype in ("BF16", "F8_E4M3", "F4")
        ),
        (save({"a": np.ones(3)}), "is damaged"),
        (save({"a": np.ones(3)}, {"format": "\x1b[2J4"}), "does not read"),
    ],
)
def test_what_is_no_file_of_ours_is_a_sentence(path, data, words):
    path.write_bytes(data)
    assert words in refusal(path)


@pytest.mark.parametrize("value", [-1, 1e308, float("nan"), None, "x", [3]])
@pytest.mark.parametrize("field", ["pixel_range", "seed", "size"])
def test_settings_of_a_wrong_kind_are_named(path, field, value):
    settings = {"generator": "flowers", field: value}
    write_tensors(path, ARRAYS, ABOUT | {"config": json.dumps(settings)})
    with pytest.raises(ArtganError, match=field):
        open_model(path)


def test_what_is_missing_or_not_finite_is_named(tmp_path):
    path = tmp_path / "none"
    assert "none' cannot be read" in refusal(path)
    assert "generator.safetensors' cannot be read" in refusal(tmp_path)
    write_tensors(path, {"a": np.float16([1, np.nan]), "b": np.zeros(1)}, ABOUT)
    assert "not finite" in refusal(path)


@pytest.mark.parametrize("config", [None, "{", "3", "[" * 9999])
def test_a_file_that_does_not_say_what_it_is_for_is_refused(path, config):
    about = {"network": "generator", "step": "0", "config": config}
    write_tensors(path, ARRAYS, {key: text for key, text in about.items() if text})
    assert "does not say what it is for" in refusal(path)


def test_published_weights_are_half_precision_and_one_file_alone_will_do(
    tiny_gan, tmp_path
):
    publish_gan(tiny_gan, tmp_path, {"pictures": "made up", "config": {}})
    card = json.loads((tmp_path / "card.json").read_text("utf-8"))
    assert card["config"]["size"] == 32
    assert card["pictures"] == "made up" and card["step"] == int(tiny_gan.step)
    alone = shutil.copy(tmp_path / "generator.safetensors", tmp_path / "flowers")
    for place in tmp_path, str(alone):
        found = read_weights(place)
        assert found.settings == asdict(tiny_gan.config)
        assert len(found.sha256) == 64 and found.step == int(tiny_gan.step)
        halves = named_arrays(tiny_gan.generator_ema).items()
        assert_same(found.arrays, {k: np.float32(np.float16(a)) for k, a in halves})
    numbers = tiny_gan.generator_ema.count_params()
    assert 2 * numbers < alone.stat().st_size < 2 * numbers + 10_000
    assert "not a generator" in refusal(tmp_path / "discriminator.safetensors")
