"""Damage at every kind of place in a run's checkpoints: refused, or the one before."""

import random
import shutil

import pytest
from trials.damage import damages, trap, write_damaged
from trials.tiny_runs import bits_of, newest_state

from artgan.storage.checkpoints import save_checkpoint
from artgan.storage.weights import Damaged, read_tensors

pytestmark = pytest.mark.trial

STEPS = 10, 20, 30
NAME = "step-{:07d}.safetensors"


@pytest.fixture(scope="module")
def whole(tiny_gan, tmp_path_factory):
    """A folder with three checkpoints, and what each holds: {step: bits}."""
    place, states = tmp_path_factory.mktemp("whole"), {0: {}}
    for step in STEPS:
        tiny_gan.step.assign(step)
        weight = tiny_gan.generator.trainable_variables[0]
        weight.assign(weight * 1.5)
        states[step] = bits_of(read_tensors(save_checkpoint(tiny_gan, place))[0])
    return place, states


@pytest.fixture
def reopen(whole, tmp_path, capsys):
    """Put bytes in the place of the newest: (the step that is used, what was printed).

    What is used must be right to the bit; None is used where none is whole.
    """

    def replace_newest(data, steps=STEPS):
        folder, (place, states) = tmp_path / "copy", whole
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for step in steps:
            shutil.copy(place / NAME.format(step), folder)
        write_damaged(folder / NAME.format(30), data)
        try:
            step, state = newest_state(folder)
        except Damaged as error:
            return None, str(error)
        assert state == states[step]
        return step, capsys.readouterr().out

    return replace_newest


def test_damaged_checkpoints(trial_seed, whole, reopen):
    draw, data = random.Random(trial_seed), (whole[0] / NAME.format(30)).read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    places = {"length": (0, 8), "header": (8, end), "numbers": (end, len(data))}
    places["tail"] = len(data) - 64, len(data)
    for what, bad in damages(draw, data, places):
        step, text = reopen(bad)
        right = step == 30 and bad == data or step == 20
        assert right and (bad is None or bad == data or NAME.format(30) in text), what
        alone = reopen(bad, [30])[0]
        assert alone == (0 if bad is None else 30 if bad == data else None), what


def test_no_pickle_runs(reopen, tmp_path):
    for protocol in range(6):
        assert reopen(trap(tmp_path / "sprung", protocol))[0] == 20
    assert not (tmp_path / "sprung").exists()
