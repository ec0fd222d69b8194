"""Following a run from its files, whatever state they are in."""

import os
import time

from demo.conftest import write_log

from artgan.demo.training import runs_to_choose, watch_run


def test_a_run_shows_its_pictures_curves_and_health(runs):
    sentence, grid, curves = watch_run(runs, "young")
    assert "young is training: step 30, 0 minutes trained" in sentence
    assert "too early to tell (6 of 10 looks)" in sentence
    assert grid["alt_text"] == "18 pictures of fixed seeds at step 30"
    assert grid["value"].size == (8, 8) and curves["value"].width > 300
    assert watch_run(runs, "young")[2] is curves
    os.utime(runs / "young" / "log.jsonl", (3e9, 3e9))
    assert watch_run(runs, "young")[2] is not curves


def test_its_health_is_told(runs):
    for nearest, words in ((1, "nothing looks wrong"), (0.1, "becoming copies")):
        write_log(runs / "young", 12, time.time() - 1000, nearest)
        sentence = watch_run(runs, "young")[0]
        assert "young rests" in sentence and words in sentence


def test_what_is_missing_is_a_sentence(runs):
    assert "no such run" in watch_run(runs, None)[0]
    assert "has written nothing yet" in watch_run(runs, "tiny")[0]


def test_the_run_of_a_name_is_followed_or_the_newest(runs):
    names = ["tiny", "young"]
    assert runs_to_choose(runs, "tiny") == {"choices": names, "value": "tiny"}
    assert runs_to_choose(runs, "roses")["value"] == "young"
    assert runs_to_choose(runs / "none", None) == {"choices": [], "value": None}
