"""Two processes that do the same to the same place, the second a little later."""

import random

import numpy as np
import pytest
from fake_museum import open_museum
from trials.checks import assert_in_order
from trials.killing import Worker, run_to_end, seconds_of
from trials.tiny_runs import (
    assert_nothing_left_over,
    state_after,
    train,
)
from trials.tiny_weights import NAME, fetch
from trials.work import (
    PICTURES,
    SIZE,
    assert_whole,
    contents,
    fill_folder,
    fill_museum,
    prepare,
    scrape,
)

from artgan.data.dataset import Dataset

pytestmark = pytest.mark.trial


@pytest.fixture(scope="module")
def museum():
    with open_museum() as museum:
        fill_museum(museum)
        yield museum


@pytest.fixture(scope="module")
def scraping(museum, tmp_path_factory):
    """How long one scrape takes."""
    place = tmp_path_factory.mktemp("one")
    return seconds_of(place / "log", scrape, museum.url, place / "set")


@pytest.fixture(scope="module")
def preparing(tmp_path_factory):
    """How long it takes to prepare a folder, and what comes of it."""
    place = tmp_path_factory.mktemp("one")
    folder = fill_folder(place / "pictures")
    seconds = seconds_of(place / "log", prepare, folder)
    return seconds, np.array(Dataset(folder, SIZE).images)


def both(seed, seconds, tmp_path, *work):
    """Start two, the second at a seeded moment of the first; [(code, output)]."""
    logs = [tmp_path / "first", tmp_path / "second"]
    first = Worker(logs[0], *work)
    first.process.join(random.Random(seed).uniform(0, seconds))
    second = Worker(logs[1], *work)
    codes = [first.end(), second.end()]
    return list(zip(codes, [log.read_text("utf-8") for log in logs], strict=True))


def assert_told(ends, words):
    """One at least ended well; the other too, or it told why it did nothing."""
    assert 0 in [code for code, _ in ends]
    for code, output in ends:
        assert "Traceback" not in output
        if code != 0:
            assert code == 2
            assert words in output.splitlines()[-1]


def test_two_scrape_into_one_folder(trial_seed, museum, scraping, tmp_path):
    folder = tmp_path / "set"
    museum.requests.clear()
    ends = both(trial_seed, scraping, tmp_path, scrape, museum.url, folder)
    assert len(museum.picture_paths()) == PICTURES
    assert_told(ends, "Another process is downloading into")
    assert len(assert_in_order(folder)) == PICTURES
    assert_whole(museum, folder)


def test_two_prepare_one_folder(trial_seed, preparing, tmp_path):
    seconds, expected = preparing
    folder = fill_folder(tmp_path / "here" / "pictures")
    before = contents(folder)
    for code, output in both(trial_seed, seconds, tmp_path, prepare, folder):
        assert code == 0, output
    assert contents(folder) == before
    assert run_to_end(tmp_path / "log", prepare, folder)[0] == 0
    assert (Dataset(folder, SIZE).images == expected).all()
    left = sorted(path.suffix for path in folder.parent.iterdir())
    assert left == ["", ".json", ".npy"]


def test_two_train_one_run(trial_seed, pretended, tmp_path):
    run = tmp_path / "runs" / "run"
    work = train, pretended.data, run, len(pretended.states) - 1, True
    ends = both(trial_seed, 1.2 * pretended.seconds, tmp_path, *work)
    assert_told(ends, "Another process is training in")
    assert state_after(run) == pretended.end
    assert_nothing_left_over(run)


def test_two_fetch_the_same(trial_seed, shop, fetching, tmp_path):
    checkpoints = shop.open(tmp_path / "checkpoints")
    shop.museum.requests.clear()
    ends = both(trial_seed, 1.2 * fetching, tmp_path, fetch, checkpoints)
    assert_told(ends, "Another process is fetching weights into")
    shop.assert_fetched(checkpoints / NAME)
    paths = shop.museum.paths()
    assert sorted(paths) == sorted(f"/{name}" for name in shop.files)
