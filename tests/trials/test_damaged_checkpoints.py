"""Damage at every kind of place in a run's checkpoints: refused, or the one before."""

import io
import random
import shutil
from contextlib import redirect_stdout

import numpy as np
import pytest
from trials.damage import damages, trap, write_damaged
from trials.killing import run_to_end
from trials.tiny_runs import PRESET, SETTINGS
from trials.work import contents

import artgan.runs.run
import artgan.storage.weights
from artgan.gan.config import preset
from artgan.gan.training import GAN
from artgan.paint.painter import open_model
from artgan.runs.run import open_run
from artgan.storage.checkpoints import (
    gan_variables,
    newest_checkpoint,
    save_checkpoint,
)
from artgan.system.errors import ArtganError

pytestmark = pytest.mark.trial

STEPS = 10, 20, 30
NAME = "step-{:07d}.safetensors"


def test_damaged_checkpoints(trial_seed, tmp_path):
    code, output = run_to_end(tmp_path / "log", damage_one, trial_seed, tmp_path)
    assert code == 0, output


def test_swapped_checkpoints(trial_seed, tmp_path):
    code, output = run_to_end(tmp_path / "log", swap_them, trial_seed, tmp_path)
    assert code == 0, output


class Bench:
    """A run with three checkpoints, and a GAN that damaged copies are restored to.

    It lives in a process of its own, which a crash would end.
    """

    def __init__(self, place, **changes):
        self.config = preset(PRESET, **SETTINGS | changes)
        self.gan, self.whole = GAN(self.config), place / "whole"
        self.run, self.states = place / "damaged", {}
        for step in STEPS:
            self.states[step] = self.scramble(step)
            save_checkpoint(self.gan, self.whole / "checkpoints")
        artgan.runs.run.GAN = lambda config: self.gan

    def numbers(self):
        variables = gan_variables(self.gan).values()
        return [np.asarray(variable).tobytes() for variable in variables]

    def scramble(self, seed):
        """Give every variable numbers of its own, and the step `seed`."""
        draw = np.random.default_rng(seed)
        for variable in gan_variables(self.gan).values():
            values = draw.normal(0, 9, variable.shape)
            variable.assign(np.asarray(values, np.asarray(variable).dtype))
        self.gan.step.assign(seed)
        return self.numbers()

    def copy(self, *steps):
        """Begin a new copy of the run with the checkpoints of some steps."""
        shutil.rmtree(self.run, ignore_errors=True)
        (self.run / "checkpoints").mkdir(parents=True)
        for step in steps:
            path = self.whole / "checkpoints" / NAME.format(step)
            shutil.copy(path, self.run / "checkpoints")
        return self.run / "checkpoints"

    def reopen(self):
        """Open the damaged run: (its step, what was printed), or (None, the reason).

        What is restored must be what was saved, to the bit; a refused run is as it was.
        """
        self.scramble(99)
        before, output = contents(self.run), io.StringIO()
        try:
            with redirect_stdout(output), open_run(self.run, self.config):
                step = int(self.gan.step)
                assert self.numbers() == self.states[step]
        except ArtganError as error:
            after = contents(self.run)
            assert all(after[name] == data for name, data in before.items())
            return None, str(error)
        return step, output.getvalue()


def places_in(data):
    """The kinds of place in a checkpoint."""
    end = 8 + int.from_bytes(data[:8], "little")
    return {
        "length": (0, 8),
        "head": (8, 64),
        "header": (8, end),
        "numbers": (end, len(data)),
        "tail": (len(data) - 64, len(data)),
    }


def damage_one(seed, place):
    """Damage the newest checkpoint of three, or the only one, at each kind of place."""
    draw, bench = random.Random(seed), Bench(place)
    data = (bench.whole / "checkpoints" / NAME.format(30)).read_bytes()
    for what, bad in damages(draw, data, places_in(data)):
        alone = draw.random() < 0.3
        folder = bench.copy(*([30] if alone else STEPS))
        write_damaged(folder / NAME.format(30), bad)
        print(what, "alone" if alone else "", flush=True)
        step, text = bench.reopen()
        if bad is None:
            assert step == (0 if alone else 20), text
        elif step is None:
            assert alone and ("No checkpoint in" in text or "of format" in text), text
        elif step == 20:
            assert not alone and f"{folder / NAME.format(30)} is damaged" in text, text
        else:
            assert step == 30, text
    damage_all(draw, bench)
    go_on_after_damage(bench)
    return 0


def damage_all(draw, bench):
    """With all checkpoints damaged, a run is refused as a whole, and painting too."""
    folder = bench.copy(*STEPS)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[: draw.randrange(path.stat().st_size)])
    step, text = bench.reopen()
    assert step is None and "No checkpoint in" in text
    with pytest.raises(ArtganError, match="was not used|not a safetensors"):
        open_model(bench.run)


def go_on_after_damage(bench):
    """After a damaged checkpoint, saving goes on, and nothing is left over."""
    folder = bench.copy(*STEPS)
    (folder / NAME.format(30)).write_bytes(b"")
    with open_run(bench.run, bench.config) as (gan, recorder):
        for step in (30, 40, 50, 60):
            bench.states[step] = bench.scramble(step)
            recorder.save(gan)
            assert newest_checkpoint(folder)[0] == folder / NAME.format(step)
    names = {path.name for path in folder.iterdir()}
    assert names == {NAME.format(step) for step in (40, 50, 60)}
    assert bench.reopen()[0] == 60


def swap_them(seed, place):
    """Put files of other steps, runs and programs in the place of the newest one's."""
    draw = random.Random(seed)
    other = Bench(place / "other", latent_size=7, base_channels=draw.choice([4, 6]))
    future = future_run(place / "future")
    bench = Bench(place)
    step, text = swap(bench, other, 30)
    assert step is None and "latent_size was 7 and is now 6" in text
    for own in 10, 20:
        step, text = swap(bench, bench, own)
        assert step == 20 and f"it is of step {own}" in text
    step, text = swap(bench, future, 30)
    assert step is None and "which this program does not read" in text
    set_traps(bench, place / "sprung")
    return 0


def future_run(place):
    """A bench whose checkpoints are of a later format."""
    artgan.storage.weights.FORMAT = "4"
    try:
        return Bench(place)
    finally:
        artgan.storage.weights.FORMAT = "3"


def swap(bench, other, step):
    """Open a copy of a run whose newest checkpoint is another's."""
    folder = bench.copy(*STEPS)
    source = other.whole / "checkpoints" / NAME.format(step)
    shutil.copy(source, folder / NAME.format(30))
    artgan.runs.run.GAN = lambda config: bench.gan
    return bench.reopen()


def set_traps(bench, sprung):
    """A pickle in the place of a checkpoint is never run."""
    for protocol in range(6):
        folder = bench.copy(*STEPS)
        (folder / NAME.format(30)).write_bytes(trap(sprung, protocol))
        assert bench.reopen()[0] == 20
    assert not sprung.exists()
