"""SIGKILL at any moment while a run's GIF and curves are drawn."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image
from trials.killing import command, kill_midway, run_to_end, seconds_of

pytestmark = pytest.mark.trial

SAMPLES = 12
RESULTS = ("training.gif", "losses.png")


def draw(run):
    """Run the command."""
    return command("gif", run.name, "--runs", run.parent)


def add_samples(run, count):
    """Let a run have this many sample grids and rows of its log."""
    (run / "samples").mkdir(parents=True, exist_ok=True)
    (run / "checkpoints").mkdir(exist_ok=True)
    random = np.random.default_rng(0)
    rows = []
    for step in range(count):
        blocks = random.integers(0, 256, [8, 16, 3], np.uint8)
        image = Image.fromarray(blocks.repeat(16, 0).repeat(16, 1))
        image.save(run / "samples" / f"{step:07d}.png")
        losses = {"discriminator": 1.0 + step, "generator": 2.0}
        rows.append(json.dumps({"step": step, **losses}) + "\n")
    (run / "log.jsonl").write_text("".join(rows), encoding="utf-8")


def results(run):
    """The bytes of what was drawn."""
    paths = [run / name for name in RESULTS]
    return {path.name: path.read_bytes() for path in paths if path.exists()}


@pytest.fixture(scope="module")
def stages(tmp_path_factory):
    """A run with an old GIF and more samples since; what was, and what shall be."""
    place = tmp_path_factory.mktemp("undisturbed")
    run = place / "run"
    add_samples(run, SAMPLES // 2)
    assert seconds_of(place / "log", draw, run) > 0
    old = results(run)
    add_samples(run, SAMPLES)
    shutil.copytree(run, place / "stale")
    seconds = seconds_of(place / "log", draw, run)
    new = results(run)
    assert set(old) == set(new) == set(RESULTS)
    assert all(old[name] != new[name] for name in RESULTS)
    return seconds, place / "stale", old, new


def test_killed_gif_writing(trial_seed, stages, tmp_path):
    seconds, stale, old, new = stages
    run = tmp_path / "run"

    def begin():
        shutil.rmtree(run, ignore_errors=True)
        shutil.copytree(stale, run)
        return draw, run

    kill_midway(trial_seed, seconds, begin, tmp_path / "log")
    for name, data in results(run).items():
        assert data in (old[name], new[name]), f"{name} is half written"
    assert set(results(run)) == set(RESULTS)
    code, output = run_to_end(tmp_path / "log", draw, run)
    assert code == 0, output
    assert results(run) == new
    kept = {"samples", "checkpoints", "log.jsonl", *RESULTS}
    assert {path.name for path in run.iterdir()} == kept
