"""Damage at every kind of place in weights: refused, or right to the bit."""

import random

import numpy as np
import pytest
from trials.damage import damages, trap, write_damaged

from artgan.storage.publishing import write_weights
from artgan.storage.weights import read_weights
from artgan.system.errors import ArtganError

pytestmark = pytest.mark.trial

ARRAYS = {
    "dense/kernel": np.random.default_rng(1).normal(size=[240, 240]).astype("float16"),
    "dense/bias": np.float16([1]),
}


@pytest.fixture
def path(tmp_path):
    """A file of weights."""
    write_weights(tmp_path, {"generator": ARRAYS}, {"size": 17}, 1, {})
    return tmp_path / "generator.safetensors"


def problem_of(path):
    """What is wrong with weights, or "": then they are as written, to the bit."""
    try:
        found = read_weights(path)
    except ArtganError as error:
        assert len(str(error)) > 20
        return str(error)
    assert found.settings == {"size": 17} and found.arrays.keys() == ARRAYS.keys()
    for name, wanted in ARRAYS.items():
        assert found.arrays[name].tobytes() == wanted.astype(np.float32).tobytes()
    return ""


def test_damaged_weights(trial_seed, path):
    draw, data = random.Random(trial_seed), path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    places = {"length": (0, 8), "header": (8, end), "data": (end, len(data))}
    places["tail"] = len(data) - 8, len(data)
    for what, bad in damages(draw, data, places):
        path.write_bytes(b"")
        write_damaged(path, bad)
        refused = problem_of(path)
        assert refused or "header" in what or bad == data, what


def test_strange_headers(trial_seed, path):
    """A header that means something else is refused, whatever it says."""
    draw, data = random.Random(trial_seed), path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = data[8 : 8 + length].decode("utf-8")
    strange = ["-1", "1e400", "NaN", "null", "[]", "{}", '""', "9" * 5000, "[" * 20_000]
    for old in "dense/kernel", "dense/bias", "240", "[0,", "F16", '"3"', '"step"':
        for new in [draw.choice(strange) for _ in range(3)]:
            text = header.replace(old, new, 1).encode("utf-8")
            text += b" " * (-len(text) % 8)
            path.write_bytes(
                len(text).to_bytes(8, "little") + text + data[8 + length :]
            )
            assert problem_of(path), (old, new)


def test_no_pickle_runs(path, tmp_path):
    for protocol in range(6):
        path.write_bytes(trap(tmp_path / "sprung", protocol))
        assert problem_of(path)
    assert not (tmp_path / "sprung").exists()
