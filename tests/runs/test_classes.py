"""Classes of a run: taken from folders or found, kept, named, and taken again."""

from dataclasses import replace

import pytest
from arrays import averages
from PIL import Image

import artgan
from artgan.data.dataset import Dataset
from artgan.gan.config import preset
from artgan.runs.classes import class_names, classes_in
from artgan.storage.checkpoints import checkpoint_paths
from artgan.storage.weights import read_tensors
from artgan.system.errors import ArtganError

SMALL = {"base_channels": 4, "max_channels": 16, "latent_size": 6, "batch_size": 2}
SMALL |= {"mixing_channels": 4, "head_channels": 8, "precision": "float32"}
SMALL |= {"size": "64x32", "classes_begin": 2, "classes_full": 6}
COLOURS = {"Orange, ripe": (230, 130, 30), "blue": (30, 60, 220), "rare": (9, 250, 9)}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory, draw_pictures):
    """Nine orange, eight blue and two green pictures, twice as wide as high."""
    folder = tmp_path_factory.mktemp("data") / "fruit"
    for (name, colour), count in zip(COLOURS.items(), (9, 8, 2), strict=True):
        draw_pictures(folder / name, count, (80, 40), colour, spread=25)
    return folder


def state(run):
    """All that the newest checkpoint of a run holds."""
    return read_tensors(checkpoint_paths(run / "checkpoints")[0])[0]


def test_a_run_learns_classes_goes_on_to_the_bit_and_takes_new_names(
    pictures, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("artgan.gan.discriminator.Projection", averages)
    artgan.train(pictures, "whole", runs=tmp_path, steps=4, classes="folder", **SMALL)
    told = capsys.readouterr().out
    assert "by folder, and their pieces: Orange ripe:9, blue:8, other:2." in told
    assert "What has fewer than 8 pictures is in 'other'." in told
    artgan.train(pictures, "parts", runs=tmp_path, steps=2, classes="folder", **SMALL)
    table = tmp_path / "parts" / "classes.csv"
    table.write_text(table.read_text().replace("blue", "plum: dark"))
    painter = artgan.train(None, "parts", runs=tmp_path, steps=2)
    whole, parts = state(tmp_path / "whole"), state(tmp_path / "parts")
    assert whole.keys() == parts.keys()
    assert all((whole[name] == parts[name]).all() for name in whole)
    assert painter.config.classes == "Orange ripe:9,plum dark:8,other:2"
    assert painter.generate([1, 2]).shape == (2, 32, 64, 3)
    table.write_text("name,pieces\nplum, dark,8\n")
    with pytest.raises(ArtganError, match=r"other columns.*quote commas"):
        artgan.train(None, "parts", runs=tmp_path, steps=1)
    for rows in "plum;8", "plum;8\nred;9\nother;2", "plum;9\nplum;8\nother;2":
        table.write_text(f"name;pieces\n{rows}\n")  # as Excel may keep it
        with pytest.raises(ArtganError, match="classes.csv needs its rows in order"):
            artgan.train(None, "parts", runs=tmp_path, steps=1)
    others = Dataset.as_in(painter.config, pictures / "blue")
    assert class_names(painter, others) is None  # for these tell no classes
    with Image.open(tmp_path / "parts" / "classes.png") as sheet:
        assert sheet.size == (8 * 66 - 2, 3 * 34 - 2)
    with pytest.raises(ArtganError, match="Nothing was changed"):
        artgan.train(pictures, "parts", runs=tmp_path, steps=1, classes=2)


def test_classes_are_found_by_what_pictures_show(pictures):
    pytest.importorskip("sklearn", reason="an extra: pip install .[classes]")
    config = preset("default", classes_from="2", size=32, precision="float32")
    names, labels = classes_in(Dataset.as_in(config, pictures), config)
    blue = labels == labels[-1]
    assert set(names) <= {"class 1", "class 2", "other"} and len(names) == 2
    assert len({*labels[blue]}) == 1 and blue.any() and not blue.all()
    many = replace(config, classes_from="19")
    with pytest.raises(ArtganError, match="Of 19 classes none had 8 pictures"):
        classes_in(Dataset.as_in(many, pictures), many)
