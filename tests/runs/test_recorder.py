import json
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import artgan.runs.recorder
from artgan.runs.recorder import Recorder


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr(artgan.runs.recorder.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def gan(tiny_gan, monkeypatch):
    """A GAN whose pictures cost nothing and whose step a test may set."""
    before = int(tiny_gan.step)
    pictures = np.zeros([18, 4, 4, 3], np.uint8)
    monkeypatch.setattr(artgan.runs.recorder, "generate", lambda gan, count: pictures)
    yield tiny_gan
    tiny_gan.step.assign(before)


def call(recorder, gan, steps):
    """Call the recorder as a training of these steps would."""
    for step in steps:
        gan.step.assign(step)
        recorder(gan, [1.5, 0.25])


def rows(folder):
    """The rows of a run's log."""
    lines = (folder / "log.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_first_step_and_every_tenth_are_logged(gan, tmp_path, clock):
    call(Recorder(gan, tmp_path / "run"), gan, range(1, 35))
    logged = rows(tmp_path / "run")
    assert [row["step"] for row in logged] == [1, 10, 20, 30]
    for row in logged:
        assert (row["discriminator"], row["generator"]) == (1.5, 0.25)
        assert row["time"] > 1.6e9


def test_a_new_recorder_adds_to_the_log(gan, tmp_path, clock):
    call(Recorder(gan, tmp_path), gan, [10])
    call(Recorder(gan, tmp_path), gan, [19, 20, 21])
    assert [row["step"] for row in rows(tmp_path)] == [10, 20]


def test_grids_are_saved_ever_more_seldom(gan, tmp_path, clock, monkeypatch):
    recorder, saved = Recorder(gan, tmp_path), []
    monkeypatch.setattr(recorder, "save_sample", lambda gan: saved.append(gan.step))
    for step in range(1, 30_000):
        recorder(SimpleNamespace(step=step), [1.5, 0.25])
    gaps = np.diff([0, *saved])
    assert list(gaps) == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (32, 512)
    assert len(saved) < 200


def test_grids_early_in_a_run(gan, tmp_path, clock):
    call(Recorder(gan, tmp_path), gan, range(1, 101))
    names = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert names == ["0000032.png", "0000064.png", "0000096.png"]


def test_a_grid_is_six_by_three_and_shown_to_the_watcher(gan, tmp_path, clock):
    seen = []
    recorder = Recorder(gan, tmp_path, watch=seen.append)
    gan.step.assign(7)
    recorder.save_sample(gan)
    with Image.open(tmp_path / "samples" / "0000007.png") as image:
        assert image.size == (6 * 4 + 5 * 2, 3 * 4 + 2 * 2)
        assert (np.asarray(image) == np.asarray(seen[0])).all()
    assert len(list((tmp_path / "samples").iterdir())) == 1


def test_a_checkpoint_every_few_minutes(gan, tmp_path, clock):
    recorder = Recorder(gan, tmp_path, minutes_between_saves=3)
    for step, minute in enumerate([1, 2, 2.9, 3.1, 4, 6, 6.2], start=1):
        clock[0] = 1000 + 60 * minute
        call(recorder, gan, [step])
    names = sorted(path.stem for path in (tmp_path / "checkpoints").glob("*.index"))
    assert names == ["ckpt-4", "ckpt-7"]
