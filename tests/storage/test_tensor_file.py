"""One reader and one writer: what comes back, and what is refused."""

import os
import pickle
import random

import numpy as np
import pytest
from safetensors.numpy import save
from trials.damage import damages

import artgan.storage.tensor_file as tensor_file
from artgan.storage.tensor_file import (
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
ABOUT = {"config": '{"size": 32}'}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "one [1].safetensors"
    write_tensors(path, ARRAYS, ABOUT)
    return path


def test_arrays_come_back_to_the_bit(path):
    arrays, about = read_tensors(path)
    assert arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])
    assert about == ABOUT | {"format": "3", "sha256": fingerprint(arrays, about)}


def test_the_fingerprint_depends_on_everything():
    found = fingerprint(ARRAYS, ABOUT)
    same = fingerprint(dict(reversed(ARRAYS.items())), ABOUT | {"sha256": "x"})
    assert same == found
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

    monkeypatch.setattr(tensor_file.os, "fsync", lambda number: done.append("synced"))
    monkeypatch.setattr("artgan.system.files.os.replace", replace)
    write_tensors(path, ARRAYS | {"half": np.float16([0.5, 2])}, ABOUT)
    assert done == ["synced", ("renamed", path.stat().st_size)]
    assert path.read_bytes() != before
    assert list(path.parent.iterdir()) == [path]


def refusal(path):
    """The sentence that refuses a file."""
    with pytest.raises(ArtganError) as caught:
        read_weights(path)
    return str(caught.value)


def written(path, arrays, **about):
    """A file of arrays as the writer would write it."""
    write_tensors(path, arrays, ABOUT | about)
    return path.read_bytes()


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_former_format_is_refused_with_the_version_that_reads_it(path, version):
    path.write_bytes(save(ARRAYS, {"format": version, "network": "generator"}))
    assert f"format '{version}', which version 0.1.0 of this" in refusal(path)


@pytest.mark.parametrize("about", [None, {}, {"format": "pt"}, {"format": "4"}])
def test_another_format_is_refused(path, about):
    path.write_bytes(save({"a": np.ones(3)}, about))
    assert "which another version of this program reads" in refusal(path)


def test_a_renamed_pickle_is_never_opened(path, tmp_path):
    class Trap:
        def __reduce__(self):
            return (tmp_path / "sprung").touch, ()

    for data in (pickle.dumps(Trap()), b"PK\x03\x04" + 60 * b"\0"):
        path.write_bytes(data)
        assert "a pickle" in refusal(path) and "not opened" in refusal(path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("length", [0, 5, 100, -1])
def test_a_file_cut_short_is_refused(path, length):
    path.write_bytes(path.read_bytes()[:length])
    words = "not a safetensors" if length in (0, 5) else "is damaged"
    assert words in refusal(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89HDF\r\n\x1a\n" + 40 * b"x", "not a safetensors file"),
        (b"\x10" + 7 * b"\0" + b"{" + 40 * b"x", "is damaged"),
        (b"\xff" * 7 + b"\x7f" + b"{" + 40 * b"x", "is damaged"),
        (b"\x20" + 7 * b"\0" + b'{"000": {"data_offsets": [0, "4"]}}', "is damaged"),
    ],
)
def test_what_is_no_file_of_ours_gets_a_sentence(path, data, words):
    path.write_bytes(data)
    assert words in refusal(path)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(path, number):
    written(path, {"a\x1b[31m": np.float16([1, number])})
    text = refusal(path)
    assert "not finite" in text and "\x1b" not in text


def test_what_is_missing_or_huge_is_named(tmp_path):
    path = tmp_path / "none"
    assert f"There is no file {path}." in refusal(path)
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)  # takes no room on the disk
    assert "larger than any weights" in refusal(path)
