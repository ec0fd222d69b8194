"""SIGKILL at any moment while a run trains and saves; it ends in the same bits."""

import random

import pytest
from trials.killing import Worker, run_to_end
from trials.tiny_runs import (
    STEPS,
    Undisturbed,
    assert_nothing_left_over,
    newest_state,
    saved_steps,
    state_after,
    train,
)

pytestmark = pytest.mark.trial

KILLS = 2  # Of each run, before it may end.
SAVE_SECONDS = 0.15


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return Undisturbed(tmp_path_factory.mktemp("trained"), pretend=False)


def test_killed_training(trial_seed, trained, tmp_path):
    kill_and_end(trial_seed, trained, tmp_path)


def test_killed_saving(trial_seed, pretended, tmp_path):
    kill_and_end(trial_seed, pretended, tmp_path)


def kill_and_end(seed, undisturbed, tmp_path):
    """Kill a run some times, looking at what it has each time; then let it end."""
    draw, run, log = random.Random(seed), tmp_path / "runs" / "run", tmp_path / "log"
    work = [train, undisturbed.data, run, STEPS, undisturbed.pretend]
    had = 0
    for _ in range(KILLS):
        log.unlink(missing_ok=True)
        strike(draw, log, undisturbed.seconds, work, STEPS - had)
        step, state = newest_state(run / "checkpoints")
        assert state == undisturbed.states[step]
        had = max([had, *saved_steps(log.read_text("utf-8"))])
        assert step >= had, "a save was lost"
        had = step
    code, output = run_to_end(log, *work)
    assert code == 0, output
    assert "damaged" not in output
    assert state_after(run) == undisturbed.end
    assert_nothing_left_over(run)


def strike(draw, log, seconds, work, savings):
    """Kill a process at any moment, or at one of its savings, or at its first."""
    kind = draw.choice(["moment", "saving", "saving", "first saving"])
    if kind == "moment" or not savings:
        between = draw.choice([0.0, 0.1])
        Worker(log, *work, between).kill_after(draw.uniform(0, seconds))
        return
    number = 1 if kind == "first saving" else draw.randint(1, savings)
    Worker(log, *work, 0.0, number, draw.uniform(0, SAVE_SECONDS)).end()
