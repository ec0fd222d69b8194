"""SIGKILL at any moment while pictures are prepared; the next call prepares them."""

import numpy as np
import pytest
from fake_museum import picture_bytes
from trials.killing import kill_midway, run_to_end, seconds_of

from artgan.collection import load_collection

pytestmark = pytest.mark.trial

PICTURES, SIZE = 12, 32


def prepare(folder):
    """Do what every command does with a folder of pictures."""
    assert len(load_collection(folder, SIZE, progress=False)) == PICTURES


def fill(folder):
    """Write the pictures, and one file that is none, into a new folder."""
    folder.mkdir(parents=True)
    for number in range(PICTURES):
        body = picture_bytes(f"facade {number}", (300, 220), "PNG")
        (folder / f"{number:02d}.png").write_bytes(body)
    (folder / "notes.jpg").write_bytes(b"no picture")
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """How long it takes, and what comes of it."""
    place = tmp_path_factory.mktemp("undisturbed")
    times = [
        seconds_of(place / "log", prepare, fill(place / str(number) / "pictures"))
        for number in range(3)
    ]
    folder = place / "0" / "pictures"
    return min(times), np.array(load_collection(folder, SIZE).images)


def test_killed_caching(trial_seed, undisturbed, tmp_path):
    seconds, expected = undisturbed
    tries = []

    def begin():
        tries.append(fill(tmp_path / str(len(tries)) / "pictures"))
        return prepare, tries[-1]

    kill_midway(trial_seed, seconds, begin, tmp_path / "log")
    folder = tries[-1]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    code, output = run_to_end(tmp_path / "log", prepare, folder)
    assert code == 0, output
    collection = load_collection(folder, SIZE, progress=False)
    assert (collection.images == expected).all()
    assert list(collection.problems) == ["notes.jpg"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    left = sorted(path.suffix for path in folder.parent.iterdir())
    assert left == ["", ".json", ".npy"], "work folders are left"
