"""SIGKILL at any moment of a scrape; the same command then brings the rest."""

import pytest
from fake_museum import open_museum
from trials.checks import assert_in_order, assert_sound
from trials.killing import kill_midway, run_to_end, seconds_of
from trials.work import PICTURES, assert_whole, fill_museum, scrape

pytestmark = pytest.mark.trial


@pytest.fixture(scope="module")
def museum():
    with open_museum(page_size=5) as museum:
        fill_museum(museum, slow=True)
        yield museum


@pytest.fixture(scope="module")
def seconds(museum, tmp_path_factory):
    """How long a scrape takes that nobody disturbs."""
    place = tmp_path_factory.mktemp("undisturbed")
    times = [
        seconds_of(place / "log", scrape, museum.url, place / f"set {number}")
        for number in range(3)
    ]
    return min(times)


def test_killed_scraping(trial_seed, museum, seconds, tmp_path):
    tries = []

    def begin():
        tries.append(tmp_path / f"set {len(tries)}")
        return scrape, museum.url, tries[-1]

    kill_midway(trial_seed, seconds, begin, tmp_path / "log")
    folder = tries[-1]
    kept = assert_sound(folder)
    assert_whole(museum, folder)
    museum.requests.clear()
    code, output = run_to_end(tmp_path / "log", scrape, museum.url, folder)
    assert code == 0, output
    assert len(assert_in_order(folder)) == PICTURES
    assert_whole(museum, folder)
    assert len(museum.picture_paths()) <= PICTURES - len(kept)
    assert not (folder / "failed.csv").exists()
