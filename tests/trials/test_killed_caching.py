"""SIGKILL at any moment while pictures are prepared; the next call prepares them."""

import numpy as np
import pytest
from trials.killing import kill_midway, run_to_end, seconds_of
from trials.work import SIZE, contents, fill_folder, prepare

from artgan.data.dataset import Dataset

pytestmark = pytest.mark.trial


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """How long it takes, and what comes of it."""
    place = tmp_path_factory.mktemp("undisturbed")
    times = [
        seconds_of(
            place / "log", prepare, fill_folder(place / str(number) / "pictures")
        )
        for number in range(3)
    ]
    folder = place / "0" / "pictures"
    return min(times), np.array(Dataset(folder, SIZE).images)


def test_killed_caching(trial_seed, undisturbed, tmp_path):
    seconds, expected = undisturbed
    tries = []

    def begin():
        tries.append(fill_folder(tmp_path / str(len(tries)) / "pictures"))
        return prepare, tries[-1]

    kill_midway(trial_seed, seconds, begin, tmp_path / "log")
    folder = tries[-1]
    before = contents(folder)
    code, output = run_to_end(tmp_path / "log", prepare, folder)
    assert code == 0, output
    dataset = Dataset(folder, SIZE, progress=False)
    assert (dataset.images == expected).all()
    assert list(dataset.problems) == ["notes.jpg"]
    assert contents(folder) == before
    left = sorted(path.suffix for path in folder.parent.iterdir())
    assert left == ["", ".json", ".npy"], "work folders are left"
