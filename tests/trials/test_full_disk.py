"""Disks that fill up at any moment, and folders where nothing can be written."""

import shutil
import sys

import pytest
from fake_museum import open_museum
from trials.checks import assert_in_order, assert_sound
from trials.killing import run_to_end
from trials.limits import obeying_modes, run_out
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
    folder, log = fill_folder(tmp_path / "pictures"), tmp_path / "log"
    before = contents(folder)
    run_out(log, *limited(prepare, folder, place))  # the rest is prepared in memory
    assert {path.name for path in place.rglob("*.*") if path.is_file()} in (
        set(),
        {"images.npy", "notes.json"},
    )
    make_room()
    code, output = run_to_end(log, prepare, folder, place)
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


def test_scraping_into_a_read_only_folder(museum, tmp_path, frozen):
    folder, log = tmp_path / "home" / "set", tmp_path / "log"
    assert run_to_end(log, scrape, museum.url, folder)[0] == 0
    before = contents(folder)
    frozen(tmp_path / "home")
    museum.requests.clear()
    for place in folder, tmp_path / "home" / "other":
        assert run_out(log, obeying_modes, scrape, museum.url, place) == 2
        assert "Permission denied" in log.read_text("utf-8")
    assert contents(folder) == before
    assert museum.picture_paths() == []


def test_caching_where_nothing_can_be_written(tmp_path, frozen):
    folder, log = fill_folder(tmp_path / "home" / "pictures"), tmp_path / "log"
    before = contents(tmp_path / "home")
    frozen(tmp_path / "home")
    work = prepare, folder, tmp_path / "home" / "cache"
    assert run_out(log, obeying_modes, *work) == 0
    assert contents(tmp_path / "home") == before


def test_drawing_in_a_read_only_run(drawn, tmp_path, frozen):
    run, log = tmp_path / "runs" / "run", tmp_path / "log"
    shutil.copytree(drawn[0], run)
    before = contents(run)
    frozen(tmp_path / "runs")
    assert run_out(log, obeying_modes, draw, run) == 2
    assert contents(run) == before
