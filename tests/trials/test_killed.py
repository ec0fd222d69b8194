"""SIGKILL at any moment; the same command then ends as if nothing had happened."""

import random

import numpy as np
import pytest
from trials.killing import count_changes, end_well, kill_midway
from trials.work import (
    PICTURES,
    SIZE,
    assert_all_gathered,
    contents,
    fill_folder,
    gathered,
    prepare,
    scrape,
)

pytestmark = pytest.mark.trial


@pytest.fixture
def killed(trial_seed, tmp_path):
    """Kill the work of begin(folder) midway, a new folder each try; return the last."""

    def kill(begin):
        tries = [tmp_path / "0"]
        changes = count_changes(tmp_path / "log", *begin(tries[0]))

        def begin_anew():
            tries.append(tmp_path / str(len(tries)))
            return begin(tries[-1])

        kill_midway(random.Random(trial_seed), tmp_path / "log", changes, begin_anew)
        return tries[-1]

    return kill


def test_killed_scraping(killed, museum, tmp_path):
    folder = killed(lambda folder: (scrape, museum.url, folder))
    kept = gathered(folder, museum) if folder.exists() else set()
    museum.requests.clear()
    end_well(tmp_path / "log", scrape, museum.url, folder)
    assert_all_gathered(folder, museum)
    assert len(museum.picture_paths()) <= PICTURES - len(kept)


def test_killed_caching(killed, tmp_path, monkeypatch):
    from artgan.data.dataset import Dataset

    pictures = fill_folder(tmp_path / "pictures")
    before = contents(pictures)
    cache = killed(lambda folder: (prepare, pictures, folder))
    end_well(tmp_path / "log", prepare, pictures, cache)
    monkeypatch.setenv("ARTGAN_CACHE", str(cache))
    images = np.array(Dataset(pictures, SIZE).images)
    monkeypatch.setenv("ARTGAN_CACHE", str(tmp_path / "other"))
    assert (images == Dataset(pictures, SIZE).images).all()
    assert contents(pictures) == before


def test_killed_training(trial_seed, undisturbed, tmp_path):
    """After each kill the newest checkpoint is right to the bit, and so is the end."""
    from trials.tiny_runs import (
        STEPS,
        assert_nothing_left_over,
        newest_state,
        state_after,
        train,
    )

    random_moment, run, had = random.Random(trial_seed), tmp_path / "run", 0
    for _ in range(2):
        left = 1 + undisturbed.changes * (STEPS - had) // STEPS
        begin = lambda: (train, undisturbed.data, run)  # noqa: E731
        kill_midway(random_moment, tmp_path / "log", left, begin)
        step, state = newest_state(run / "checkpoints")
        assert state == undisturbed.states[step] and step >= had
        had = step
    output = end_well(tmp_path / "log", train, undisturbed.data, run)
    assert "damaged" not in output
    assert state_after(run) == undisturbed.end
    assert_nothing_left_over(run)
