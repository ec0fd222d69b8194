"""Disks that fill up at any moment, and folders where nothing can be written."""

import os
import random
import shutil
import sys
import tempfile

import pytest
from fake_museum import open_museum
from trials.checks import assert_in_order, assert_sound
from trials.killing import run_to_end
from trials.limits import (
    enlarge,
    obeying_modes,
    set_modes,
    small_disk,
    with_file_limit,
)
from trials.work import (
    PICTURES,
    RESULTS,
    add_samples,
    assert_whole,
    contents,
    draw,
    fill_folder,
    fill_museum,
    prepare,
    results,
    scrape,
)

pytestmark = [
    pytest.mark.trial,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other limits"),
]


@pytest.fixture(scope="module")
def museum():
    with open_museum() as museum:
        fill_museum(museum)
        yield museum


@pytest.fixture(params=["file limit", "small disk"])
def cramped(request, trial_seed, tmp_path):
    """Where a trial works, and a function that makes its process run out of room.

    Where no disk can be mounted, a limit of another seed takes its place.
    """
    draw_size, place = random.Random(f"{trial_seed} {request.param}"), tmp_path / "disk"
    mounting = request.param == "small disk"
    with small_disk(place, draw_size.randint(90, 200)) as mounted:
        if mounting and mounted:
            yield place, lambda *work: work, lambda: enlarge(place)
        else:
            most = draw_size.randint(4_000, 20_000)
            yield tmp_path / "set", with_limit(most), lambda: None


def with_limit(most):
    """Return a function that puts a file limit before some work."""
    return lambda *work: (with_file_limit, most, *work)


def run_out(log, *work):
    """Run until there is no room; it must end well, or with one sentence."""
    code, output = run_to_end(log, *work)
    assert code in (0, 2), output
    assert "Traceback" not in output
    if code == 2:
        assert output.splitlines()[-1].startswith("artgan: "), output
    return code


def test_scraping_runs_out_of_room(cramped, museum, tmp_path):
    place, limited, make_room = cramped
    folder, log = place / "set", tmp_path / "log"
    run_out(log, *limited(scrape, museum.url, folder))
    if folder.exists():
        assert_sound(folder)
        assert_whole(museum, folder)
    make_room()
    code, output = run_to_end(log, scrape, museum.url, folder)
    assert code == 0, output
    assert len(assert_in_order(folder)) == PICTURES
    assert_whole(museum, folder)


def test_caching_runs_out_of_room(cramped, tmp_path):
    place, limited, make_room = cramped
    folder, log = fill_folder(place / "pictures"), tmp_path / "log"
    before = contents(folder)
    code = run_out(log, *limited(prepare, folder))
    kinds = {path.suffix for path in place.iterdir()}
    assert kinds == ({"", ".npy", ".json"} if code == 0 else {""})
    make_room()
    code, output = run_to_end(log, prepare, folder)
    assert code == 0, output
    assert contents(folder) == before


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A run with an old GIF, and what the new one shall be."""
    place = tmp_path_factory.mktemp("drawn")
    run = place / "run"
    add_samples(run, 3)
    assert run_to_end(place / "log", draw, run)[0] == 0
    add_samples(run, 6)
    shutil.copytree(run, place / "stale")
    assert run_to_end(place / "log", draw, run)[0] == 0
    return place / "stale", results(run)


def test_drawing_runs_out_of_room(cramped, drawn, tmp_path):
    place, limited, make_room = cramped
    stale, new = drawn
    run, log = place / "run", tmp_path / "log"
    old = results(stale)
    shutil.copytree(stale, run)
    run_out(log, *limited(draw, run))
    now = results(run)
    assert all(now[name] in (old[name], new[name]) for name in RESULTS)
    make_room()
    code, output = run_to_end(log, draw, run)
    assert code == 0, output
    assert results(run) == new


@pytest.fixture
def frozen(tmp_path):
    """A function that makes a folder read-only until the test is over."""
    folders = []

    def freeze(folder):
        folders.append(folder)
        set_modes(folder, writable=False)

    yield freeze
    for folder in folders:
        set_modes(folder, writable=True)


def test_scraping_into_a_read_only_folder(museum, tmp_path, frozen):
    folder, log = tmp_path / "home" / "set", tmp_path / "log"
    assert run_to_end(log, scrape, museum.url, folder)[0] == 0
    before = contents(folder)
    frozen(tmp_path / "home")
    museum.requests.clear()
    for place in folder, tmp_path / "home" / "other":
        assert run_out(log, obeying_modes, scrape, museum.url, place) == 2
        assert "Cannot write in" in log.read_text("utf-8")
    assert contents(folder) == before
    assert museum.requests == []


def test_caching_beside_a_read_only_folder(tmp_path, frozen, monkeypatch):
    folder, log = fill_folder(tmp_path / "home" / "pictures"), tmp_path / "log"
    before = contents(tmp_path / "home")
    frozen(tmp_path / "home")
    for temporary in tmp_path / "temporary", tmp_path / "home":
        temporary.mkdir(exist_ok=True)
        work = (with_temporary, str(temporary), prepare, folder)
        code = run_out(log, obeying_modes, *work)
        assert code == (2 if temporary.name == "home" else 0)
    assert contents(tmp_path / "home") == before


def with_temporary(place, function, *arguments):
    """Call a function in a process whose temporary files go to this place."""
    os.environ["TMPDIR"] = tempfile.tempdir = place
    return function(*arguments)


def test_drawing_in_a_read_only_run(drawn, tmp_path, frozen):
    run, log = tmp_path / "runs" / "run", tmp_path / "log"
    shutil.copytree(drawn[0], run)
    before = contents(run)
    frozen(tmp_path / "runs")
    assert run_out(log, obeying_modes, draw, run) == 2
    assert contents(run) == before
