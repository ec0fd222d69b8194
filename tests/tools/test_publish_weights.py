"""Publishing a run: its card, its entry in the catalogue, its sheet of samples."""

import json

import publish_weights
import pytest
from PIL import Image

from artgan.runs.recorder import Recorder
from artgan.storage.catalogue import published_folder, read_catalogue

FIGURES = {"kid": 0.5, "kid_deviation": 0.01, "nearest": 1.1, "diversity": 0.9}


@pytest.fixture(autouse=True)
def no_runs(tmp_path, monkeypatch):
    """A working folder without runs of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(tiny_gan, tmp_path):
    """A saved run of two steps; its log has a pause, and went on after what is kept."""
    recorder = Recorder(tiny_gan, tmp_path / "runs/tiny")
    tiny_gan.step.assign(2)
    recorder.save(tiny_gan)
    times = {0: 0, 60: 0, 120: 1, 4000: 1, 4060: 2, 4120: 3}
    lines = [json.dumps({"step": n, "time": t}) for t, n in times.items()]
    (tmp_path / "runs/tiny/log.jsonl").write_text("\n".join(lines), "utf-8")
    return tmp_path / "runs/tiny"


def test_a_run_is_published_with_its_figures(run, tmp_path, monkeypatch):
    monkeypatch.setattr(publish_weights, "ROOT", tmp_path)
    figures = FIGURES | {"pictures": 7}
    monkeypatch.setattr(publish_weights, "compared", lambda *rest: figures)
    (tmp_path / "checkpoints").mkdir()
    words = [str(run), "--name", "tiny-32", "--alias", "tiny", "--data", "pictures"]
    assert publish_weights.main([*words, "--earlier", str(run)]) == 0
    card = json.loads((tmp_path / "checkpoints/tiny-32/card.json").read_text("utf-8"))
    assert {name: card[name] for name in FIGURES} == FIGURES
    assert card["pictures_seen"] == 2 * 2 * 2  # runs, steps, pictures a batch
    assert card["training_minutes"] == 2 * 3
    assert card["began_with"] == ["tiny"]
    earlier = str(tmp_path / "checkpoints/tiny-32")  # now as published weights
    assert publish_weights.main([*words, "--earlier", earlier]) == 0
    again = json.loads((tmp_path / "checkpoints/tiny-32/card.json").read_text("utf-8"))
    assert again["pictures_seen"] == 8 + 4 and again["training_minutes"] == 6 + 3
    assert card["pictures"] == 7 and card["data"] == "pictures"
    assert read_catalogue(tmp_path / "checkpoints")["tiny-32"]["aliases"] == ["tiny"]
    folder = published_folder("tiny", tmp_path / "checkpoints")
    assert "# tiny-32\n" in (folder / "README.md").read_text("utf-8")
    assert Image.open(folder / "samples.jpg").size == (6 * 34 - 2, 4 * 34 - 2)


def test_a_run_that_is_not_there_is_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(publish_weights, "ROOT", tmp_path)
    words = [str(tmp_path / "nothing"), "--name", "x", "--data", "pictures"]
    assert publish_weights.main(words) == 2
    assert "There is no model" in capsys.readouterr().err
    assert not (tmp_path / "checkpoints" / "x").exists()
