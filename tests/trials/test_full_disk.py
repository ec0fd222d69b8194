"""Disks that fill up at any moment, and folders where nothing can be written."""

import sys

import pytest
from trials.killing import end_well
from trials.limits import obeying_modes, run_out
from trials.work import (
    RESULTS,
    add_samples,
    assert_all_gathered,
    contents,
    draw,
    fill_folder,
    gathered,
    prepare,
    results,
    scrape,
)

pytestmark = [
    pytest.mark.trial,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other limits"),
]


def test_scraping_runs_out_of_room(cramped, museum, tmp_path):
    place, limited, make_room = cramped
    folder = place / "set"
    run_out(tmp_path / "log", *limited(scrape, museum.url, folder))
    if folder.exists():
        gathered(folder, museum)
    make_room()
    end_well(tmp_path / "log", scrape, museum.url, folder)
    assert_all_gathered(folder, museum)


def test_caching_runs_out_of_room(cramped, tmp_path):
    place, limited, make_room = cramped
    folder = fill_folder(tmp_path / "pictures")
    before = contents(folder)
    run_out(tmp_path / "log", *limited(prepare, folder, place))
    make_room()
    end_well(tmp_path / "log", prepare, folder, place)
    assert contents(folder) == before


def test_drawing_runs_out_of_room(cramped, tmp_path):
    place, limited, make_room = cramped
    run = place / "run"
    add_samples(run, 3)
    run_out(tmp_path / "log", *limited(draw, run))
    assert not [path for path in run.iterdir() if path.suffix == ".part"]
    make_room()
    end_well(tmp_path / "log", draw, run)
    assert set(results(run)) == set(RESULTS)


def test_training_runs_out_of_room(cramped, undisturbed, tmp_path):
    from trials.tiny_runs import newest_state, state_after, train

    place, limited, make_room = cramped
    run, log = place / "run", tmp_path / "log"
    run_out(log, *limited(train, undisturbed.data, run))
    step, state = newest_state(run / "checkpoints")
    assert state == undisturbed.states[step]
    assert not list(run.glob("checkpoints/*.part"))
    make_room()
    end_well(tmp_path / "log", train, undisturbed.data, run)
    assert state_after(run)[0] == undisturbed.end[0]  # the log may lack rows


def test_nothing_is_changed_where_nothing_can_be_written(museum, tmp_path, frozen):
    home, log = tmp_path / "home", tmp_path / "log"
    folder = fill_folder(home / "pictures")
    add_samples(home / "run", 3)
    end_well(tmp_path / "log", scrape, museum.url, home / "set")
    before = contents(home)
    frozen(home)
    museum.requests.clear()
    for place in home / "set", home / "other":
        assert run_out(log, obeying_modes, scrape, museum.url, place) == 2
    assert museum.picture_paths() == []
    assert run_out(log, obeying_modes, draw, home / "run") == 2
    assert run_out(log, obeying_modes, prepare, folder, home / "cache") == 2
    assert contents(home) == before
