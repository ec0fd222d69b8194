"""Following a run from its files, whatever state they are in."""

import os
import shutil
import time

import pytest
from demo.conftest import write_log

from artgan.demo.following import ago, follow, newest_run
from artgan.demo.markup import note


def test_a_run_shows_its_pictures_curves_and_health(runs):
    view = follow(runs, "villas")
    assert "villas rests: step 30, 0 minutes trained, last news" in view.sentence
    assert "too early to tell (3 of 10 looks)" in view.sentence
    assert 'alt="18 pictures of fixed seeds at about step 30"' in view.grid
    assert "discriminator loss 1.00, generator loss 2.00, distance 0.50" in view.curves


def test_only_what_is_new_is_read_again(runs):
    first = follow(runs, "villas")
    second = follow(runs, "villas", first.seen)
    assert (second.sentence, second.grid, second.curves) == (None, None, None)
    write_log(runs / "villas", 12, time.time())
    third = follow(runs, "villas", first.seen)
    assert third.grid is None and third.curves
    assert "villas is training" in third.sentence
    assert third.sentence.endswith(note("Health: nothing looks wrong."))
    shutil.copytree(runs / "villas", runs / "other")
    other = follow(runs, "other", third.seen)
    assert other.grid and other.curves


def test_what_goes_wrong_is_told(runs):
    log = runs / "villas" / "log.jsonl"
    rows = log.read_text("utf-8").splitlines()
    worse = rows[-1].replace('"nearest": 1.0', '"nearest": 0.1')
    log.write_text("\n".join([*rows, *[worse] * 12]), "utf-8")
    assert "becoming copies" in follow(runs, "villas").sentence


def test_a_deleted_run_is_a_sentence(runs):
    seen = follow(runs, "villas").seen
    shutil.rmtree(runs / "villas")
    view = follow(runs, "villas", seen)
    assert "There is no run villas any more" in view.sentence
    assert (view.grid, view.curves) == ("", "")
    assert follow(runs, "villas", view.seen).sentence is None  # is told once
    assert "There is no run yet" in follow(runs, None).sentence


def test_the_run_that_was_trained_last_is_followed(runs):
    assert "Choose a run to follow. There is: villas" in follow(runs, None).sentence
    shutil.copytree(runs / "villas", runs / "a-newer")
    os.utime(runs / "a-newer" / "log.jsonl", (3e9, 3e9))
    assert newest_run(runs) == "a-newer"
    assert newest_run(runs / "none") is None


def test_a_run_that_has_just_begun_is_a_sentence(runs):
    for name in ("log.jsonl", "latest.png"):
        (runs / "villas" / name).unlink()
    view = follow(runs, "villas")
    assert "has written nothing yet" in view.sentence and "No pictures" in view.grid
    assert view.curves == ""
    (runs / "villas" / "log.jsonl").write_text('{"step": 3}\n{"step', "utf-8")
    assert "step 3" in follow(runs, "villas").sentence


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "just now"), (180, "3 minutes"), (7300, "2 hours"), (2e5, "2 days")],
)
def test_times_are_words(seconds, words):
    assert words in ago(seconds)
