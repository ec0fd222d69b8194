"""Damage at every kind of place in a run's checkpoints: refused, or the one before."""

import io
import random
import shutil
from contextlib import redirect_stdout

import numpy as np
import pytest
from trials.damage import damages, trap, write_damaged
from trials.killing import run_to_end
from trials.tiny_runs import SETTINGS
from trials.work import contents

import artgan.runs.run
import artgan.storage.checkpoints
from artgan.gan.config import preset
from artgan.gan.training import GAN
from artgan.runs.run import load_gan, open_run
from artgan.storage.checkpoints import make_manager, save_checkpoint
from artgan.storage.open_model import open_run_model
from artgan.system.errors import ArtganError

pytestmark = pytest.mark.trial

STEPS = 10, 20, 30
INDEX, DATA = "ckpt-30.index", "ckpt-30.data-00000-of-00001"
FOOTER = 48  # Bytes at the end of an index, which no checksum covers.


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
        self.config = preset("default", **SETTINGS | changes)
        self.gan, self.whole = GAN(self.config), place / "whole"
        self.run, self.states = place / "damaged", {}
        manager = make_manager(self.gan, self.whole / "checkpoints")
        for step in STEPS:
            self.states[step] = self.scramble(step)
            save_checkpoint(self.gan, manager)
        artgan.runs.run.GAN = lambda config: self.gan

    def variables(self):
        gan = self.gan
        networks = gan.generator, gan.discriminator, gan.generator_ema
        parts = *networks, gan.generator_optimizer, gan.discriminator_optimizer
        return [v for part in parts for v in part.variables] + [gan.step]

    def numbers(self):
        return [np.asarray(variable).tobytes() for variable in self.variables()]

    def scramble(self, seed):
        """Give every variable numbers of its own, and the step `seed`."""
        draw = np.random.default_rng(seed)
        for variable in self.variables():
            values = draw.normal(0, 9, variable.shape)
            variable.assign(np.asarray(values, np.asarray(variable).dtype))
        self.gan.step.assign(seed)
        return self.numbers()

    def copy(self, *steps):
        """Begin a new copy of the run with the checkpoints of some steps."""
        shutil.rmtree(self.run, ignore_errors=True)
        shutil.copytree(self.whole, self.run)
        for step in set(STEPS) - set(steps):
            for path in self.run.glob(f"checkpoints/ckpt-{step}.*"):
                path.unlink()
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
            kept = [name for name in before if name.name != "checkpoint"]  # A list.
            assert all(after[name] == before[name] for name in kept)
            return None, str(error)
        return step, output.getvalue()


def places_in(data, name):
    """The kinds of place in a file of a checkpoint."""
    if name == INDEX:
        return {
            "head": (0, 40),
            "blocks": (40, len(data) - 100),
            "tail": (len(data) - 100, len(data) - FOOTER),
            "footer": (len(data) - FOOTER, len(data) - 8),
            "magic": (len(data) - 8, len(data)),
        }
    third = len(data) // 3
    return {
        "head": (0, 64),
        "middle": (third, 2 * third),
        "tail": (len(data) - 64, len(data)),
    }


def damage_one(seed, place):
    """Damage the newest checkpoint of three, or the only one, at each kind of place."""
    draw, bench = random.Random(seed), Bench(place)
    for name in INDEX, DATA, "checkpoint":
        data = (bench.whole / "checkpoints" / name).read_bytes()
        for what, bad in damages(draw, data, places_in(data, name)):
            alone = draw.random() < 0.3
            folder = bench.copy(*([30] if alone else STEPS))
            write_damaged(folder / name, bad)
            print(name, what, "alone" if alone else "", flush=True)
            step, text = bench.reopen()
            if name == "checkpoint":
                assert step == 30, text
            elif step is None:
                assert alone and "No checkpoint in" in text, text
            elif step == 20:
                assert not alone and f"{folder / 'ckpt-30'} is damaged" in text, text
            else:
                assert step == 30, text
    damage_all(draw, bench)
    go_on_after_damage(bench)
    return 0


def damage_all(draw, bench):
    """With all checkpoints damaged, a run is refused as a whole, and painting too."""
    folder = bench.copy(*STEPS)
    for path in [*folder.glob("*.index"), *folder.glob("*.data*")]:
        path.write_bytes(path.read_bytes()[: draw.randrange(path.stat().st_size)])
    step, text = bench.reopen()
    assert step is None and "No checkpoint in" in text
    for read in load_gan, open_run_model:
        with pytest.raises(ArtganError, match="No checkpoint in .* is whole"):
            read(bench.run)


def go_on_after_damage(bench):
    """After a damaged checkpoint, saving goes on, and nothing is left over."""
    folder = bench.copy(*STEPS)
    (folder / DATA).write_bytes(b"")
    with open_run(bench.run, bench.config) as (gan, recorder):
        for step in (30, 40, 50, 60):
            bench.states[step] = bench.scramble(step)
            recorder.save(gan)
            path, _ = artgan.storage.checkpoints.newest_checkpoint(folder)
            assert path == str(folder / f"ckpt-{step}")
    names = {path.name.partition(".")[0] for path in folder.iterdir()}
    assert names == {"checkpoint", "ckpt-40", "ckpt-50", "ckpt-60"}
    assert bench.reopen()[0] == 60


def swap_them(seed, place):
    """Put files of other steps, runs and programs in the place of the newest one's."""
    draw = random.Random(seed)
    other = Bench(place / "other", latent_size=7, width=draw.choice([4, 6]))
    future = future_run(place / "future")
    bench = Bench(place)
    step, text = swap(bench, other, 30, INDEX, DATA)
    assert step is None and "latent_size was 7 and is now 6" in text
    for names in ([INDEX], [DATA], ["checkpoint"]):
        step, text = swap(bench, other, 30, *names)
        assert step == (30 if names == ["checkpoint"] else 20), text
        for own in 10, 20:
            step, text = swap(bench, bench, own, *names)
            assert step in (20, 30), text
    step, text = swap(bench, bench, 10, INDEX, DATA)
    assert step == 20 and "it is the one of step 10" in text
    step, text = swap(bench, future, 30, INDEX, DATA)
    assert step is None and "newer version of this program" in text
    for read in load_gan, open_run_model:
        with pytest.raises(ArtganError, match="newer version of this program"):
            read(bench.run)
    set_traps(bench, place / "sprung")
    return 0


def future_run(place):
    """A bench whose checkpoints are of a later format, and have settings of it."""
    artgan.storage.checkpoints.FORMAT = 3
    try:
        bench = Bench(place)
    finally:
        artgan.storage.checkpoints.FORMAT = 2
    return bench


def swap(bench, other, step, *names):
    """Open a copy of a run whose newest checkpoint has another's files."""
    folder = bench.copy(*STEPS)
    for name in names:
        source = other.whole / "checkpoints" / name.replace("30", str(step))
        shutil.copy(source, folder / name)
    artgan.runs.run.GAN = lambda config: bench.gan
    return bench.reopen()


def set_traps(bench, sprung):
    """A pickle in the place of any file is never run."""
    for protocol in range(6):
        for name in INDEX, DATA, "checkpoint":
            folder = bench.copy(*STEPS)
            (folder / name).write_bytes(trap(sprung, protocol))
            step, _ = bench.reopen()
            assert step == (30 if name == "checkpoint" else 20)
    assert not sprung.exists()
