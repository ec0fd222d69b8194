"""SIGKILL at any moment while a run trains and saves; it ends in the same bits."""

import random

import pytest
from trials.killing import Worker, run_to_end, seconds_of
from trials.tiny_runs import (
    STEPS,
    assert_nothing_left_over,
    make_pictures,
    newest_state,
    saved_steps,
    state_after,
    stored_state,
    train,
    train_and_keep,
)

pytestmark = pytest.mark.trial

KILLS = 3  # Of each run, before it may end.
SAVE_SECONDS = 0.15


class Undisturbed:
    """What comes of a run that nothing disturbs, after each of its steps."""

    def __init__(self, place, pretend):
        self.data, self.pretend = make_pictures(place / "five"), pretend
        run, work = place / "runs" / "run", (self.data, place / "runs" / "run", pretend)
        self.seconds = seconds_of(place / "log", train_and_keep, *work)
        assert_nothing_left_over(run)
        kept = [run.parent / f"ckpt-{step}" for step in range(1, STEPS + 1)]
        self.states = ["", *map(stored_state, kept)]
        self.end = state_after(run)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return Undisturbed(tmp_path_factory.mktemp("trained"), pretend=False)


@pytest.fixture(scope="module")
def pretended(tmp_path_factory):
    return Undisturbed(tmp_path_factory.mktemp("pretended"), pretend=True)


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
