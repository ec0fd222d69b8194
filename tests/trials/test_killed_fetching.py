"""SIGKILL at any moment while weights are fetched or published; then again."""

import random
import shutil

import pytest
from trials.killing import kill_midway, run_to_end, seconds_of
from trials.tiny_weights import NAME, fetch, publish
from trials.work import contents

from artgan.storage.catalogue import published_folder, read_catalogue
from artgan.storage.weights import read_network
from artgan.system.errors import ArtganError

pytestmark = pytest.mark.trial


def test_killed_fetching(trial_seed, shop, fetching, tmp_path):
    checkpoints = tmp_path / "checkpoints"
    folder, resumable = checkpoints / NAME, random.Random(trial_seed).random() < 0.8
    shop.serve(resumable)

    def begin():
        shutil.rmtree(checkpoints, ignore_errors=True)
        return fetch, shop.open(checkpoints)

    kill_midway(trial_seed, fetching, begin, tmp_path / "log")
    shop.assert_no_half_file(folder)
    here = {path.name for path in folder.iterdir()}
    parts = {path: path.stat().st_size for path in folder.glob("*.part")}
    shop.museum.requests.clear()
    code, output = run_to_end(tmp_path / "log", fetch, checkpoints)
    assert code == 0, output
    shop.assert_fetched(folder)
    asked = {r.path.strip("/"): r.headers.get("Range") for r in shop.museum.requests}
    assert not here & set(asked), "fetched again"
    for path, size in parts.items():
        if 0 < size < len(shop.files[path.stem]):
            assert asked[path.stem] == f"bytes={size}-"


@pytest.fixture(scope="module")
def publishing(tmp_path_factory):
    """How long it takes to publish, and both publications: {path: bytes}."""
    place, states = tmp_path_factory.mktemp("published"), []
    for seed in (1, 2):
        seconds = seconds_of(place / "log", publish, place / "checkpoints", seed)
        states.append(contents(place / "checkpoints"))
    return seconds, states


def test_killed_publishing(trial_seed, publishing, tmp_path):
    seconds, (_, new) = publishing
    checkpoints = tmp_path / "checkpoints"

    def begin():
        shutil.rmtree(checkpoints, ignore_errors=True)
        publish(checkpoints, 1)
        return publish, checkpoints, 2

    kill_midway(trial_seed, seconds, begin, tmp_path / "log")
    read_catalogue(checkpoints)
    for read in published_folder, lambda name, place: read_network(place / name):
        try:
            found = read(NAME, checkpoints)
        except ArtganError as error:
            assert "is not what" in str(error) or "do not agree" in str(error)
        else:
            assert found == checkpoints / NAME or found[0]["size"] in (17, 18)
    assert run_to_end(tmp_path / "log", publish, checkpoints, 2)[0] == 0
    assert set(contents(checkpoints)) == set(new)
    assert read_network(published_folder(NAME, checkpoints))[0] == {"size": 18}
