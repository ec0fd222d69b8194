"""What a training leaves behind, how often, and how its health is watched."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest

import artgan.runs.health
import artgan.runs.recorder
from artgan.runs.health import HealthCheck
from artgan.runs.recorder import Recorder
from artgan.storage.weights import read_tensors


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr(artgan.runs.recorder.time, "monotonic", lambda: now[0])
    return now


def call(recorder, gan, *steps, losses=(1.5, 0.25, 0.5)):
    """Call the recorder as a training of these steps would."""
    for step in steps:
        gan.step.assign(step)
        recorder(gan, losses)


def rows(run):
    """The rows of a run's log."""
    return [json.loads(line) for line in run.log.read_text("utf-8").splitlines()]


def sampled(run, clock, seconds, pace):
    """The times of numbered grids and of latest.png in a training so long."""
    recorder, times = Recorder(run), {True: [], False: []}
    recorder.draw_sample = lambda gan, numbered: times[numbered].append(clock[0])
    recorder.add_row, recorder.seconds_between_saves = lambda row: None, 1e9
    began = clock[0]
    for step in range(1, int(seconds / pace)):
        clock[0] += pace
        step = SimpleNamespace(numpy=lambda step=step: step)
        recorder(SimpleNamespace(step=step), [1.5, 0.25, 0.5])
    return times[True], [began, *sorted(times[True] + times[False])]


def test_a_minute_gives_ten_grids_three_hours_below_100_and_latest_is_new(run, clock):
    numbered, latest = sampled(run, clock, 60, 0.5)
    assert 10 <= len(numbered) <= 13 and max(np.diff(latest)) <= 15.5
    numbered, latest = sampled(run, clock, 3 * 3600, 1)
    assert 60 < len(numbered) < 100 and max(np.diff(latest)) <= 61
    rows = [{"step": n, "time": 60 * n} for n in range(121)]  # two hours
    run.log.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert len(sampled(run, clock, 1800, 1)[0]) <= 4  # for it keeps its pace


def test_checkpoints_are_saved_every_three_minutes_and_three_are_kept(gan, run, clock):
    recorder = Recorder(run)
    for step in range(1, 800, 7):
        clock[0] += 7
        call(recorder, gan, step)
    saved = sorted(path.stem for path in run.checkpoints.iterdir())
    assert saved == [f"step-{n:07d}" for n in (358, 540, 722)]


def test_what_fails_beside_the_training_is_told_once_and_delays_little(
    gan, run, clock, capsys
):
    recorder = Recorder(run)

    def fail(*rest):
        clock[0] += 20
        raise OSError(28, "No space left on device")

    recorder.draw_sample = fail
    run.log.mkdir()
    call(recorder, gan, 10, 20)
    for _ in range(2):
        recorder.save_sample(gan)
    output = capsys.readouterr().out
    assert output.count("The log failed") == output.count("A sample grid failed") == 1
    assert "training goes on" in output
    assert recorder.sample_at == recorder.latest_at == clock[0] + 200


IMAGES = np.random.default_rng(0).integers(0, 256, [40, 4, 4, 3], np.uint8)
IMAGES[:, 0, 0, 0] = 200


@pytest.fixture
def healthy(gan, monkeypatch):
    """Give the GAN features: a list whose number is the distance to the real ones."""
    distances, numbers = [1.0], iter(range(9999))

    def features(images, weights):
        level = 0.0 if images[0, 0, 0, 0] == 200 else distances[0]
        draw = np.random.default_rng(next(numbers))
        return np.float32(draw.normal(level, 1, [len(images), 6]))

    def paint(gan, seeds):
        draw = np.random.default_rng(seeds[0])
        return draw.integers(0, 200, [len(seeds), 4, 4, 3], np.uint8)

    monkeypatch.setattr(artgan.runs.health, "load_features", dict)
    monkeypatch.setattr(artgan.runs.health, "pooled_features", features)
    monkeypatch.setattr(artgan.runs.health, "paint", paint)
    return distances


@pytest.fixture
def watching(gan, healthy, run, clock):
    """A recorder that watches the health."""
    return Recorder(run, HealthCheck(run, IMAGES))


def test_the_health_is_logged_and_the_best_checkpoint_kept(
    gan, healthy, run, clock, watching
):
    for step, distance in ((11, 3.0), (21, 1.0), (31, 2.0)):
        healthy[:] = [distance]
        clock[0] += 61
        call(watching, gan, step)
    looks = [row for row in rows(run) if "distance" in row]
    assert [row["step"] for row in looks] == [11, 21, 31]
    known = {"diversity", "structure", "nearest", "discriminator_accuracy", "time"}
    assert known <= looks[0].keys()
    distances = [row["distance"] for row in looks]
    assert sorted(distances) == [distances[1], distances[2], distances[0]]
    _, about = read_tensors(run.checkpoints / "best.safetensors")
    assert about["step"] == "21" and float(about["distance"]) == distances[1]
    assert Recorder(run).best == distances[1]
    assert len(HealthCheck(run, IMAGES).history) == 3


def test_a_damaged_best_checkpoint_is_beaten_by_any(run):
    (run.checkpoints / "best.safetensors").write_bytes(b"damaged")
    assert Recorder(run).best == float("inf")


def test_the_first_look_is_soon_and_looks_cost_little(gan, run, clock, watching):
    def look(gan):
        clock[0] += 2.0  # seconds that it takes
        return {"structure": 1, "distance": float("nan")}  # which JSON has no word for

    watching.health.look, watching.seconds_between_saves = look, 1e9
    for step in range(1, 1000):
        clock[0] += 1
        call(watching, gan, step)
    looks = [row for row in rows(run) if "structure" in row]
    assert looks[0]["step"] == 60 and 2.0 * len(looks) < 0.03 * (clock[0] - 1000)
    assert not (run.checkpoints / "best.safetensors").exists()


def test_what_goes_wrong_is_told_once_a_kind(gan, clock, capsys, monkeypatch, watching):
    told = ["All are so alike: 5.", "All are so alike: 4.", None, "All are so old: 3."]
    sentences = iter(told)
    monkeypatch.setattr(
        artgan.runs.health, "health_sentence", lambda *known: next(sentences)
    )
    for step in (10, 20, 30, 40):
        clock[0] += 61
        call(watching, gan, step)
    found = re.findall(r"[A-Z].*", capsys.readouterr().out)
    assert found == [told[0], told[3]]


def test_a_gan_is_looked_at_with_a_frozen_network_whatever_its_own_is(tiny_gan, run):
    images = np.random.default_rng(1).integers(0, 256, [32, 32, 32, 3], np.uint8)
    figures = HealthCheck(run, images)(tiny_gan, {})
    assert {"distance", "diversity", "structure", "nearest"} <= figures.keys()
    assert figures["distance"] > 1  # of noise and an untrained GAN


def test_within_classes_the_health_is_watched_too(gan, healthy, run, monkeypatch):
    labels = np.arange(len(IMAGES)) % 2
    monkeypatch.setattr(
        artgan.runs.health, "seed_labels", lambda config, seeds: labels[: len(seeds)]
    )
    row = HealthCheck(run, IMAGES, labels)(gan, {})
    assert {"diversity_within_classes", "structure_within_classes"} <= row.keys()
