"""SIGKILL at any moment while a run's GIF and curves are drawn."""

import shutil

import pytest
from trials.killing import kill_midway, run_to_end, seconds_of
from trials.work import RESULTS, add_samples, draw, results

pytestmark = pytest.mark.trial

SAMPLES = 12


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
    kept = {"samples", "run.json", "log.jsonl", *RESULTS}
    assert {path.name for path in run.iterdir()} == kept
