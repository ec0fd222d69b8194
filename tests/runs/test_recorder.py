import io
import itertools
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import artgan.runs.health
import artgan.runs.recorder
from artgan.runs.board import Board
from artgan.runs.recorder import Recorder
from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.weights import read_tensors


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
        recorder(gan, [1.5, 0.25, 0.5])


def rows(folder):
    """The rows of a run's log."""
    lines = (folder / "log.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_first_step_and_every_tenth_are_logged(gan, tmp_path, clock):
    call(Recorder(gan, tmp_path / "run"), gan, range(1, 35))
    logged = rows(tmp_path / "run")
    assert [row["step"] for row in logged] == [1, 10, 20, 30]
    for row in logged:
        assert (row["discriminator_loss"], row["generator_loss"]) == (1.5, 0.25)
        assert row["discriminator_accuracy"] == 0.5
        assert row["time"] > 1.6e9


def test_a_new_recorder_adds_to_the_log(gan, tmp_path, clock):
    call(Recorder(gan, tmp_path), gan, [10])
    call(Recorder(gan, tmp_path), gan, [19, 20, 21])
    assert [row["step"] for row in rows(tmp_path)] == [10, 20]


def sampled(tmp_path, clock, seconds, pace):
    """The times of numbered grids and of latest.png in a training so long."""
    gan = SimpleNamespace(step=0)
    recorder, numbered, latest = Recorder(gan, tmp_path), [], []

    def draw_sample(gan, is_numbered):
        latest.append(clock[0] - 1000)
        numbered.extend(latest[-1:] if is_numbered else [])

    recorder.draw_sample, recorder.add_row = draw_sample, lambda row: None
    recorder.save = lambda gan: None
    for gan.step in range(1, int(seconds / pace)):
        clock[0] += pace
        recorder(gan, [1.5, 0.25, 0.5])
    return np.asarray(numbered), np.asarray(latest)


def test_a_minute_gives_a_gif_of_ten_frames_or_more(tmp_path, clock):
    numbered, latest = sampled(tmp_path, clock, 60, 0.5)
    assert 10 <= len(numbered) <= 13
    assert max(np.diff([0, *latest])) <= 15.5


def test_three_hours_leave_not_a_hundred_grids_and_a_fresh_latest_picture(
    tmp_path, clock
):
    numbered, latest = sampled(tmp_path, clock, 3 * 3600, 1)
    assert 60 < len(numbered) < 100
    assert list(np.diff(numbered)) == sorted(np.diff(numbered))
    assert max(np.diff(latest)) <= 61
    assert max(np.diff(latest[latest < 120])) <= 16


def test_a_run_that_goes_on_keeps_its_pace(tmp_path, clock):
    rows = [{"step": n, "time": 60 * n} for n in range(121)]  # two hours
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "log.jsonl").write_text(text, "utf-8")
    numbered, _ = sampled(tmp_path, clock, 1800, 1)
    assert len(numbered) <= 4


def test_a_slow_generator_paints_more_seldom(gan, tmp_path, clock, monkeypatch):
    recorder = Recorder(gan, tmp_path)
    monkeypatch.setattr(
        recorder, "draw_sample", lambda *rest: clock.__setitem__(0, clock[0] + 20)
    )
    recorder.save_sample(gan)
    assert recorder.sample_at == recorder.latest_at == clock[0] + 200


def test_a_grid_is_six_by_three_and_shown_to_the_watcher(gan, tmp_path, clock):
    seen = []
    recorder = Recorder(gan, tmp_path, watch=seen.append)
    gan.step.assign(7)
    recorder.save_sample(gan)
    for path in tmp_path / "samples" / "0000007.png", tmp_path / "latest.png":
        with Image.open(path) as image:
            assert image.size == (6 * 4 + 5 * 2, 3 * 4 + 2 * 2)
            assert (np.asarray(image) == np.asarray(seen[0])).all()
    gan.step.assign(8)
    recorder.save_sample(gan, numbered=False)
    assert [p.name for p in (tmp_path / "samples").iterdir()] == ["0000007.png"]
    assert len(seen) == 2


def test_a_checkpoint_every_few_minutes(gan, tmp_path, clock):
    recorder = Recorder(gan, tmp_path, minutes_between_saves=3)
    for step, minute in enumerate([1, 2, 2.9, 3.1, 4, 6, 6.2], start=1):
        clock[0] = 1000 + 60 * minute
        call(recorder, gan, [step])
    names = sorted(path.stem for path in (tmp_path / "checkpoints").iterdir())
    assert names == ["step-0000004", "step-0000007"]
    assert recorder.last_good == tmp_path / "checkpoints" / "step-0000007.safetensors"


@pytest.mark.parametrize("part", ["samples", "log.jsonl", "latest.png"])
def test_what_is_decoration_may_fail_and_is_told_once(
    gan, tmp_path, clock, capsys, part
):
    recorder = Recorder(gan, tmp_path)
    place = tmp_path / part
    if place.exists():
        place.rmdir()
        place.write_bytes(b"a file where a folder should be")
    else:
        place.mkdir()
    for step in (10, 20, 30):
        clock[0] += 3600
        call(recorder, gan, [step])
    output = capsys.readouterr().out
    assert output.count("failed") == 1 and "training goes on" in output
    assert len(list((tmp_path / "checkpoints").iterdir())) == 3


def test_a_watcher_that_fails_ends_nothing(gan, tmp_path, clock, capsys):
    def watch(grid):
        raise RuntimeError("the page is closed")

    recorder = Recorder(gan, tmp_path, watch=watch)
    recorder.save_sample(gan)
    recorder.save_sample(gan)
    assert capsys.readouterr().out.count("the page is closed") == 1


@pytest.fixture
def healthy(gan, monkeypatch):
    """A GAN with features, whose distances a test may set; the real ones are 0."""
    distances, numbers = [], itertools.count()

    def features(images, weights):
        level = 0.0 if images[0, 0, 0, 0] == 200 else distances[0]
        draw = np.random.default_rng(next(numbers))
        return np.float32(draw.normal(level, 1, [len(images), 6]))

    def paint(gan, seeds):
        draw = np.random.default_rng(seeds[0])
        return draw.integers(0, 200, [len(seeds), 4, 4, 3], np.uint8)

    monkeypatch.setattr(gan, "project", SimpleNamespace(weights={}), raising=False)
    monkeypatch.setattr(artgan.runs.health, "pooled_features", features)
    monkeypatch.setattr(artgan.runs.health, "paint_seeds", paint)
    return distances


IMAGES = np.random.default_rng(0).integers(0, 256, [20, 4, 4, 3], np.uint8)
IMAGES[:, 0, 0, 0] = 200


def test_the_health_is_logged_and_the_best_checkpoint_kept(
    gan, healthy, tmp_path, clock
):
    recorder = Recorder(gan, tmp_path, IMAGES)
    best = tmp_path / "checkpoints" / "best.safetensors"
    for step, distance in ((11, 3.0), (21, 1.0), (31, 2.0)):
        healthy[:] = [distance]
        clock[0] += 61
        call(recorder, gan, [step])
    looks = [row for row in rows(tmp_path) if "distance" in row]
    assert [row["step"] for row in looks] == [11, 21, 31]
    known = {"diversity", "structure", "nearest", "discriminator_accuracy", "time"}
    assert known <= looks[0].keys()
    distances = [row["distance"] for row in looks]
    assert sorted(distances) == [distances[1], distances[2], distances[0]]
    _, about = read_tensors(best)
    assert about["step"] == "21" and float(about["distance"]) == distances[1]
    again = Recorder(gan, tmp_path, IMAGES)
    assert again.best == distances[1] and len(again.health.history) == 3


@pytest.mark.parametrize("told", ["nan", "near", "1e999"])
def test_a_best_checkpoint_of_no_distance_is_soon_replaced(
    gan, healthy, tmp_path, clock, told
):
    save_checkpoint(gan, tmp_path / "checkpoints", "best", {"distance": told})
    recorder = Recorder(gan, tmp_path, IMAGES)
    healthy[:] = [1.0]
    clock[0] += 61
    call(recorder, gan, [11])
    assert recorder.best < 100


def test_the_first_look_is_soon_and_looks_cost_little(gan, healthy, tmp_path, clock):
    recorder, looked = Recorder(gan, tmp_path, IMAGES), []
    healthy[:] = [1.0]

    def look(gan):
        looked.append(clock[0] - 1000)
        clock[0] += 2.0  # seconds that it takes
        return {"distance": 1.0}

    recorder.health.look = look
    for step in range(1, 1000):
        clock[0] += 1
        call(recorder, gan, [step])
    assert looked[0] == 60
    assert 2.0 * len(looked) < 0.03 * (clock[0] - 1000)


def test_what_goes_wrong_is_told_once_a_kind(
    gan, healthy, tmp_path, clock, capsys, monkeypatch
):
    recorder = Recorder(gan, tmp_path / "mine", IMAGES)
    sentences = iter(
        [
            "The pictures are becoming alike: diversity 0.5.",
            "The pictures are becoming alike: diversity 0.4.",
            None,
            "The discriminator wins since step 30.",
        ]
    )
    monkeypatch.setattr(
        artgan.runs.health, "health_sentence", lambda history, run: next(sentences)
    )
    healthy[:] = [1.0]
    for step in (10, 20, 30, 40):
        clock[0] += 61
        call(recorder, gan, [step])
    assert re.findall(r"[A-Z].*", capsys.readouterr().out) == [
        "The pictures are becoming alike: diversity 0.5.",
        "The discriminator wins since step 30.",
    ]


def test_a_gan_without_features_has_its_structure_and_losses_watched(
    gan, healthy, tmp_path, clock, capsys, monkeypatch
):
    monkeypatch.setattr(gan, "project", lambda images: [images], raising=False)
    recorder = Recorder(gan, tmp_path, IMAGES)
    for step in range(11, 300, 10):
        clock[0] += 61
        gan.step.assign(step)
        recorder(gan, [7.97, 1e-7, 1.0])
    looks = [row for row in rows(tmp_path) if "structure" in row]
    assert len(looks) == 29 and not any("distance" in row for row in looks)
    assert "The discriminator wins" in capsys.readouterr().out


def test_figures_that_are_no_numbers_are_not_logged(gan, healthy, tmp_path, clock):
    recorder = Recorder(gan, tmp_path, IMAGES)
    healthy[:] = [float("nan")]
    clock[0] += 61
    call(recorder, gan, [10])
    assert all(np.isfinite(list(row.values())).all() for row in rows(tmp_path))
    assert not (tmp_path / "checkpoints" / "best.safetensors").exists()


@pytest.mark.parametrize("text", [b"", b"broken"])
def test_a_damaged_best_checkpoint_is_beaten_by_any(gan, tmp_path, clock, text):
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "best.safetensors").write_bytes(text)
    assert Recorder(gan, tmp_path).best == float("inf")


def test_tensorboard_gets_scalars_and_pictures(gan, healthy, tmp_path, clock):
    board = Board(tmp_path / "tensorboard")
    recorder = Recorder(gan, tmp_path, IMAGES, board=board)
    healthy[:] = [1.0]
    clock[0] += 61
    call(recorder, gan, [10])
    found = {}
    for path in (tmp_path / "tensorboard").iterdir():
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                plugin = value.metadata.plugin_data.plugin_name
                found[value.tag] = event.step, plugin, tf.make_ndarray(value.tensor)
    assert found["loss/generator_loss"] == (10, "scalars", 0.25)
    assert {"loss/discriminator_loss", "health/distance"} < found.keys()
    step, plugin, (width, height, data) = found["samples"]
    assert (step, plugin, int(width), int(height)) == (10, "images", 34, 16)
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (34, 16)
