"""Damage at every kind of place in weights, their card and their catalogue."""

import random
import shutil

import numpy as np
import pytest
from trials.damage import damages, trap, write_damaged
from trials.tiny_weights import NAME, networks, publish

import artgan.storage.tensor_file
from artgan.storage.catalogue import published_folder
from artgan.storage.weights import read_network
from artgan.system.errors import ArtganError

pytestmark = pytest.mark.trial

WEIGHTS = "generator.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Checkpoints with weights of seed 1, and others of seed 2 and a later format."""
    place = tmp_path_factory.mktemp("weights")
    for seed in (1, 2):
        publish(place / str(seed), seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(artgan.storage.tensor_file, "FORMAT", "4")
        publish(place / "future", 3)
    return place


@pytest.fixture
def copied(whole, tmp_path):
    """A function that begins a new copy of the first, and returns its folder."""

    def copy():
        shutil.rmtree(tmp_path / "copy", ignore_errors=True)
        shutil.copytree(whole / "1", tmp_path / "copy")
        return tmp_path / "copy" / NAME

    return copy


def read_all(place, names=("generator", "discriminator")):
    """What is wrong with weights, or "": then they are those of seed 1, to the bit."""
    try:
        for name in names:
            config, arrays, _ = read_network(place, name)
            assert config == {"size": 17}
            assert arrays.keys() == networks(1)[name].keys()
            for key, wanted in networks(1)[name].items():
                assert arrays[key].shape == wanted.shape
                assert arrays[key].dtype == np.float32
                assert arrays[key].tobytes() == wanted.astype(np.float32).tobytes()
    except ArtganError as error:
        assert len(str(error)) > 20
        return str(error)
    return ""


def use_published(folder):
    """What is wrong with published weights, or "", when they are opened by name."""
    try:
        return read_all(published_folder(NAME, folder.parent))
    except ArtganError as error:
        return str(error)


def places_in(data):
    """The kinds of place in a file of weights."""
    end = 8 + int.from_bytes(data[:8], "little")
    return {
        "length": (0, 8),
        "header": (8, end),
        "data": (end, len(data)),
        "tail": (len(data) - 8, len(data)),
    }


def test_damaged_weights(trial_seed, copied):
    """Refused, or all that was read is right; and by the catalogue in any case."""
    draw, data = random.Random(trial_seed), (copied() / WEIGHTS).read_bytes()
    for what, bad in damages(draw, data, places_in(data)):
        folder = copied()
        write_damaged(folder / WEIGHTS, bad)
        read_all(folder)
        assert use_published(folder) or bad == data, what
        if bad is not None:
            alone = (folder / WEIGHTS).rename(folder / "alone.safetensors")
            read_all(alone, ["generator"])


def test_damaged_card_and_catalogue(trial_seed, copied):
    """Refused, or what is read is still right to the bit."""
    draw, folder = random.Random(trial_seed), copied()
    for path in folder / "card.json", folder.parent / "catalogue.json":
        data = path.read_bytes()
        quarter = len(data) // 4
        places = {f"quarter {n}": (n * quarter, (n + 1) * quarter) for n in range(4)}
        for what, bad in damages(draw, data, places):
            copied()
            write_damaged(path, bad)
            read_all(folder)
            problem = use_published(folder)
            if path.name == "card.json":
                assert problem or bad == data, what


def test_strange_headers(trial_seed, copied):
    """A header that means something else is refused, whatever it says."""
    draw, path = random.Random(trial_seed), copied() / "alone.safetensors"
    data = path.with_name(WEIGHTS).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = data[8 : 8 + length].decode("utf-8")
    strange = ["-1", "1e400", "NaN", "null", "[]", "{}", '""', "9" * 5000, "[" * 20_000]
    for old in "dense/kernel", "dense/bias", "240", "[0,", "F16", '"3"', '"step"':
        for new in [draw.choice(strange) for _ in range(3)]:
            text = header.replace(old, new, 1)
            assert text != header
            path.write_bytes(with_header(text) + data[8 + length :])
            assert read_all(path, ["generator"]), (old, new)


def with_header(text):
    """The bytes that begin a file of weights with this header."""
    header = text.encode("utf-8")
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header


def test_swapped_weights(whole, copied):
    """Files of another publication, network or program are refused with the reason."""
    for name in WEIGHTS, "card.json":
        folder = copied()
        shutil.copy(whole / "2" / NAME / name, folder)
        assert "is not what the catalogue says" in use_published(folder)
    folder = copied()
    (folder / "discriminator.safetensors").replace(folder / WEIGHTS)
    assert "is a discriminator; a generator is needed" in read_all(folder)
    shutil.copytree(whole / "future" / NAME, folder.parent / "future")
    assert "of format '4'" in read_all(folder.parent / "future")


def test_no_pickle_runs(copied, tmp_path):
    """Whatever file of weights is a pickle, it is told and never run."""
    for protocol in range(6):
        for name in WEIGHTS, "card.json", "../catalogue.json":
            folder = copied()
            (folder / name).write_bytes(trap(tmp_path / "sprung", protocol))
            assert use_published(folder)
            assert bool(read_all(folder)) == (name == WEIGHTS)
            (folder / WEIGHTS).rename(folder / "alone.safetensors")
            alone = read_all(folder / "alone.safetensors", ["generator"])
            assert bool(alone) == (name == WEIGHTS)
    assert not (tmp_path / "sprung").exists()
