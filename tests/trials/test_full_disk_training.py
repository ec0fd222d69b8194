"""Disks that fill up, and read-only folders, while a run saves."""

import sys

import pytest
from trials.killing import run_to_end
from trials.limits import obeying_modes, run_out
from trials.tiny_runs import (
    STEPS,
    assert_nothing_left_over,
    newest_state,
    saved_steps,
    state_after,
    train,
)
from trials.work import contents

pytestmark = [
    pytest.mark.trial,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other limits"),
]

KILOBYTES = 90, 450  # Three checkpoints and one more that is written take 350.
BYTES = 1_000, 90_000


def test_training_runs_out_of_room(cramped, pretended, tmp_path):
    place, limited, make_room = cramped
    run, log = place / "run", tmp_path / "log"
    work = train, pretended.data, run, STEPS, True
    run_out(log, *limited(*work))
    step, state = newest_state(run / "checkpoints")
    assert step >= max([0, *saved_steps(log.read_text("utf-8"))])
    assert state == pretended.states[step]
    assert not list(run.glob("checkpoints/*.part"))
    make_room()
    code, output = run_to_end(log, *work)
    assert code == 0, output
    (state, _, sample), (wanted, _, picture) = state_after(run), pretended.end
    assert (state, sample) == (wanted, picture)  # the log may lack rows
    assert_nothing_left_over(run)


def test_training_in_a_read_only_folder(pretended, tmp_path, frozen):
    run, log = tmp_path / "runs" / "run", tmp_path / "log"
    work = train, pretended.data, run, STEPS // 2, True
    assert run_to_end(log, *work)[0] == 0
    before = contents(run)
    frozen(tmp_path / "runs")
    for place in run, tmp_path / "runs" / "other":
        work = train, pretended.data, place, STEPS, True
        assert run_out(log, obeying_modes, *work) == 2
    assert contents(run) == before
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["run"]
