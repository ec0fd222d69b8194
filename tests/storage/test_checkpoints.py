import shutil
from dataclasses import make_dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from artgan.gan.config import EARLIER
from artgan.gan.training import GAN
from artgan.storage.checkpoints import (
    PARTS,
    make_manager,
    newest_checkpoint,
    restore_newest,
    save_checkpoint,
)


@pytest.fixture(scope="module")
def gan(tiny_config):
    """A GAN whose numbers these tests write by hand."""
    return GAN(tiny_config)


def variables(gan):
    """Everything that a checkpoint must bring back."""
    networks = gan.generator, gan.discriminator, gan.generator_ema
    optimizers = gan.generator_optimizer, gan.discriminator_optimizer
    return [v for part in (*networks, *optimizers) for v in part.variables] + [gan.step]


def scramble(gan, seed):
    """Give every variable numbers of its own, and the step `seed`."""
    draw = np.random.default_rng(seed)
    for variable in variables(gan):
        values = draw.normal(0, 9, variable.shape)
        variable.assign(np.asarray(values, variable.numpy().dtype))
    gan.step.assign(seed)


def numbers(gan):
    return [variable.numpy().copy() for variable in variables(gan)]


def equal(one, other):
    return all((a == b).all() for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
def saved(gan, tmp_path_factory):
    """A folder with checkpoints of steps 10, 20 and 30, and the numbers in each."""
    folder, states = tmp_path_factory.mktemp("saved") / "checkpoints", {}
    manager = make_manager(gan, folder)
    for step in (10, 20, 30):
        scramble(gan, step)
        save_checkpoint(gan, manager)
        states[step] = numbers(gan)
    return folder, states


@pytest.fixture
def folder(saved, tmp_path):
    """A copy of the checkpoints that a test may damage."""
    return shutil.copytree(saved[0], tmp_path / "checkpoints")


def restored(gan, folder):
    """What the newest whole checkpoint brings back into a GAN full of other numbers."""
    scramble(gan, 99)
    path = restore_newest(gan, make_manager(gan, folder))
    return path, numbers(gan)


def contents(folder):
    """Every file of a folder with its bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_everything_comes_back_to_the_bit(gan, saved, folder):
    path, state = restored(gan, folder)
    assert path == str(folder / "ckpt-30")
    assert equal(state, saved[1][30])
    assert int(gan.step) == 30


def test_a_checkpoint_fills_a_gan_that_was_just_built(saved, folder, tiny_config):
    other = GAN(tiny_config)
    restore_newest(other, make_manager(other, folder))
    assert equal(numbers(other), saved[1][30])


def test_only_the_last_few_are_kept(gan, folder):
    manager = make_manager(gan, folder)
    restore_newest(gan, manager)
    for step in (40, 50):
        gan.step.assign(step)
        save_checkpoint(gan, manager)
    names = {path.stem for path in folder.glob("*.index")}
    assert names == {"ckpt-30", "ckpt-40", "ckpt-50"}


def test_nothing_saved_is_nothing_restored(gan, tmp_path):
    before = numbers(gan)
    assert restore_newest(gan, make_manager(gan, tmp_path / "new")) is None
    assert newest_checkpoint(tmp_path / "nowhere") == (None, None)
    assert equal(numbers(gan), before)


def flip(path):
    """Turn some bytes in the middle of a file over."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8] = bytes(255 - byte for byte in data[middle : middle + 8])
    path.write_bytes(data)


def halve(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


def damage(folder, step, how, suffix):
    [path] = folder.glob(f"ckpt-{step}.{suffix}*")
    how(path)


@pytest.mark.parametrize(
    ("how", "suffix"),
    [
        (flip, "data"),
        (halve, "data"),
        (empty, "data"),
        (remove, "data"),
        (flip, "index"),
        (halve, "index"),
        (empty, "index"),
        (remove, "index"),
    ],
)
def test_the_one_before_a_damaged_one_is_used(gan, saved, folder, how, suffix, capsys):
    damage(folder, 30, how, suffix)
    before = contents(folder)
    path, state = restored(gan, folder)
    assert path == str(folder / "ckpt-20")
    assert equal(state, saved[1][20])
    assert "ckpt-30 is damaged" in capsys.readouterr().out
    assert contents(folder) == before


def test_after_a_damaged_one_saving_goes_on(gan, folder):
    damage(folder, 30, flip, "data")
    manager = make_manager(gan, folder)
    restore_newest(gan, manager)
    for step in (30, 40, 50, 60):
        gan.step.assign(step)
        save_checkpoint(gan, manager)
        assert newest_checkpoint(folder)[0] == str(folder / f"ckpt-{step}")


def test_when_all_are_damaged_nothing_is_touched(gan, folder):
    for step in (10, 20, 30):
        damage(folder, step, flip, "data")
    files = contents(folder)
    scramble(gan, 7)
    before = numbers(gan)
    with pytest.raises(ValueError, match="No checkpoint in .* is whole"):
        restore_newest(gan, make_manager(gan, folder))
    assert equal(numbers(gan), before)
    assert contents(folder) == files


def test_what_a_killed_save_leaves_does_not_count(gan, saved, folder):
    (folder / "ckpt-40_temp").mkdir()
    (folder / "ckpt-40_temp" / "part-00000-of-00001.index").write_bytes(b"half")
    [data] = folder.glob("ckpt-30.data*")
    shutil.copy(data, folder / data.name.replace("30", "40"))
    path, state = restored(gan, folder)
    assert path == str(folder / "ckpt-30")
    assert equal(state, saved[1][30])


@pytest.mark.parametrize("content", [None, b"", b"model_checkpoint_path: \xff"])
def test_the_list_of_checkpoints_is_not_needed(gan, saved, folder, content):
    (folder / "checkpoint").unlink()
    if content is not None:
        (folder / "checkpoint").write_bytes(content)
    assert equal(restored(gan, folder)[1], saved[1][30])


def test_another_config_is_refused_by_the_names_of_its_fields(gan, folder):
    changes = {"generator_rate": 0.5, "seed": 17}
    other = SimpleNamespace(config=replace(gan.config, **changes))
    scramble(gan, 8)
    before = numbers(gan)
    with pytest.raises(ValueError, match="another config") as caught:
        restore_newest(other, make_manager(gan, folder))
    words = str(caught.value)
    assert "generator_rate was 0.003 and is now 0.5" in words
    assert "seed was 3 and is now 17" in words
    assert words.count(" was ") == 2
    assert equal(numbers(gan), before)


def test_the_order_of_variables_means_nothing(gan, saved, folder):
    turned = SimpleNamespace(**vars(gan))
    for part in PARTS:
        variables = getattr(gan, part).variables[::-1]
        setattr(turned, part, SimpleNamespace(variables=variables))
    scramble(gan, 99)
    restore_newest(turned, make_manager(turned, folder))
    assert equal(numbers(gan), saved[1][30])


def test_a_checkpoint_under_another_name_is_damaged(gan, saved, folder, capsys):
    for path in folder.glob("ckpt-10.*"):
        shutil.copy(path, folder / path.name.replace("10", "30"))
    assert equal(restored(gan, folder)[1], saved[1][20])
    assert "it is the one of step 10" in capsys.readouterr().out


@pytest.mark.parametrize(("version", "age"), [(1, "an older"), (3, "a newer")])
def test_one_of_another_program_is_refused(gan, folder, monkeypatch, version, age):
    monkeypatch.setattr("artgan.storage.checkpoints.FORMAT", version)
    gan.step.assign(40)
    save_checkpoint(gan, make_manager(gan, folder))
    monkeypatch.undo()
    with pytest.raises(ValueError, match=f"ckpt-40 was made by {age} version"):
        restore_newest(gan, make_manager(gan, folder))


def test_a_config_older_than_a_field_means_what_was_built_then(gan, tmp_path):
    older = SimpleNamespace(**vars(gan))
    older.config = make_dataclass("Older", ["size"], frozen=True)(32)
    save_checkpoint(older, make_manager(older, tmp_path))
    assert newest_checkpoint(tmp_path)[1] == EARLIER | {"size": 32}


def test_the_config_travels_in_the_checkpoint(gan, folder):
    _, stored = newest_checkpoint(folder)
    assert type(gan.config)(**stored) == gan.config
