"""Thousands of steps that must not need more and more of the machine."""

import json

import pytest
from trials.killing import run_to_end
from trials.tracing import STEPS_BETWEEN_SAVES, train_traced
from trials.work import fill_folder

from artgan.storage.checkpoints import checkpoint_paths, checkpoint_step

pytestmark = pytest.mark.trial

STEPS = 3000
WARM = 500  # Steps after which all that is made once has been made.


def test_a_long_run_holds_no_more_and_more(tmp_path):
    data, run = fill_folder(tmp_path / "pictures"), tmp_path / "runs" / "long"
    work = train_traced, data, run, STEPS
    code, output = run_to_end(tmp_path / "log", *work)
    assert code == 0, output
    lines = (run / "trace.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in lines.splitlines()]
    warm = [row for row in rows if row["step"] >= WARM]
    assert warm[0]["step"] == WARM and warm[-1]["step"] == STEPS
    # The health is first looked at after a minute, and keeps what it needs: 11 MB.
    assert max(row["memory"] for row in warm) < 1.05 * warm[0]["memory"], lines
    assert len({row["files"] for row in warm}) == 1, lines
    assert len({row["threads"] for row in warm}) == 1, lines
    assert_recorded(run)


def assert_recorded(run):
    """It logged, sampled and saved all the while, and kept four checkpoints."""
    log = (run / "log.jsonl").read_text("utf-8").splitlines()
    assert json.loads(log[-1])["step"] == STEPS and len(log) >= STEPS // 10
    assert 10 < len(list((run / "samples").glob("*.png"))) < 100
    saved = [checkpoint_step(path) for path in checkpoint_paths(run / "checkpoints")]
    assert saved == [STEPS - n * STEPS_BETWEEN_SAVES for n in range(3)]
    assert (run / "checkpoints" / "best.safetensors").exists()
