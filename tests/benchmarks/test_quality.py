"""The scripts that measure how good the pictures become."""

import csv
import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from artgan.gan.config import Config, preset
from benchmarks import ablation, time_to_quality
from benchmarks.time_to_quality import COLUMNS, add_row, follow, train_until

ROW = dict.fromkeys(COLUMNS, 1.0) | {"name": "+ noise", "pictures": 1200}


def figures(gan, dataset, count):
    """Stands in for a comparison, which takes minutes."""
    names = COLUMNS[4:]
    return dict.fromkeys(names, 0.123456), np.zeros([count, 32, 32, 3], np.uint8)


def test_the_switches_lead_from_the_classic_to_the_default():
    found = [config for _, config in ablation.configs(precision="float32")]
    assert found[0] == preset("dcgan", precision="float32")
    assert found[-1] == preset("default", precision="float32")
    assert len(set(found)) == len(ablation.SWITCHES)
    fields = [field for fields in ablation.SWITCHES.values() for field in fields]
    assert len(fields) == len(set(fields))
    assert set(fields) <= {field.name for field in dataclasses.fields(Config)}


def test_a_training_is_followed_from_mark_to_mark(tiny_gan, tiny_images, monkeypatch):
    monkeypatch.setattr(time_to_quality, "compare", figures)
    tiny_gan.step.assign(0)
    dataset = SimpleNamespace(images=tiny_images)
    options = SimpleNamespace(pictures=[6, 12], minutes=[], count=3)
    rows = [row for row, _ in follow(tiny_gan, dataset, None, options, "tiny")]
    assert [row["pictures"] for row in rows] == [6, 12]
    assert [row["steps"] for row in rows] == [3, 6]
    assert list(rows[0]) == COLUMNS and rows[0]["swd"] == 0.1235
    minutes = train_until(tiny_gan, tiny_images, 2.0, minutes=2.0001)
    assert 2.0001 <= minutes < 2.2


def test_a_csv_file_grows_by_rows(tmp_path):
    for number in range(2):
        add_row(tmp_path / "rows.csv", ROW | {"steps": number})
    with open(tmp_path / "rows.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["steps"] for row in rows] == ["0", "1"]
    assert ablation.rows_done(tmp_path) == {"+ noise": rows[1]}
    assert ablation.rows_done(tmp_path / "nowhere") == {}


@pytest.fixture
def options(tmp_path, monkeypatch):
    """Options of a quick ablation that trains nothing."""
    trained = []

    def train_row(number, name, config, options):
        trained.append(name)
        Image.new("RGB", (8 * 16, 16)).save(options.out / f"{number}.png")
        add_row(options.out / "rows.csv", ROW | {"name": name})
        if len(trained) == 2:
            raise KeyboardInterrupt

    words = ["--size", "32", "--precision", "float32", "--out", str(tmp_path / "out")]
    words += ["--table", str(tmp_path / "a.csv"), "--strip", str(tmp_path / "a.jpg")]
    monkeypatch.setattr(ablation, "train_row", train_row)
    monkeypatch.setattr(ablation, "parse", lambda parse=ablation.parse: parse(words))
    return SimpleNamespace(trained=trained, folder=tmp_path)


def test_an_ablation_that_was_stopped_goes_on(options):
    with pytest.raises(KeyboardInterrupt):
        ablation.main()
    assert not (options.folder / "a.csv").exists()
    ablation.main()
    ablation.main()
    assert options.trained == list(ablation.SWITCHES)
    lines = (options.folder / "a.csv").read_text("utf-8").splitlines()
    assert len(lines) == 1 + len(ablation.SWITCHES)
    with Image.open(options.folder / "a.jpg") as strip:
        assert strip.size == (210 + 8 * 16, 5 * 20 - 4)
