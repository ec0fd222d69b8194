"""Thousands of steps that must not need more and more of the machine."""

import json

import pytest
from trials.killing import run_to_end
from trials.tracing import STEPS_BETWEEN_SAVES, train_traced
from trials.work import fill_folder

from artgan.checkpoints import checkpoint_step

pytestmark = pytest.mark.trial

STEPS = 3000
WARM = 500  # Steps after which all that is made once has been made.


@pytest.fixture
def steps(request):
    """3,000 steps, or fewer for a sample of under 10 trials; enough to get warm."""
    return min(STEPS, max(600, 300 * request.config.getoption("trials")))


def test_a_long_run_holds_no_more_and_more(steps, tmp_path):
    data, run = fill_folder(tmp_path / "pictures"), tmp_path / "runs" / "long"
    work = train_traced, data, run, steps
    code, output = run_to_end(tmp_path / "log", *work)
    assert code == 0, output
    lines = (run / "trace.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in lines.splitlines()]
    warm = [row for row in rows if row["step"] >= WARM]
    assert warm[0]["step"] == WARM and warm[-1]["step"] == steps
    assert max(row["memory"] for row in warm) < 1.02 * warm[0]["memory"], lines
    assert len({row["files"] for row in warm}) == 1, lines
    assert len({row["threads"] for row in warm}) == 1, lines
    assert_recorded(run, steps)


def assert_recorded(run, steps):
    """It logged, sampled and saved all the while, and kept three checkpoints."""
    log = (run / "log.jsonl").read_text("utf-8").splitlines()
    assert json.loads(log[-1])["step"] == steps and len(log) >= steps // 10
    assert len(list((run / "samples").glob("*.png"))) > 15
    saved = sorted(map(checkpoint_step, (run / "checkpoints").glob("*.index")))
    assert saved == [steps - n * STEPS_BETWEEN_SAVES for n in (2, 1, 0)]
