import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from artgan.gan.training import GAN
from artgan.storage.checkpoints import (
    PARTS,
    gan_variables,
    load_checkpoint,
    newest_checkpoint,
    refuse_former,
    remove_old,
    save_checkpoint,
)
from artgan.storage.weights import read_tensors, write_tensors
from artgan.system.errors import ArtganError


@pytest.fixture(scope="module")
def gan(tiny_config):
    """A GAN whose numbers these tests write by hand."""
    return GAN(tiny_config)


def scramble(gan, seed):
    """Give every variable numbers of its own, and the step `seed`."""
    draw = np.random.default_rng(seed)
    for variable in gan_variables(gan).values():
        values = draw.normal(0, 9, variable.shape)
        variable.assign(np.asarray(values, variable.numpy().dtype))
    gan.step.assign(seed)


def numbers(gan):
    """The bytes of all that a checkpoint must bring back, by name."""
    return {k: np.asarray(v).tobytes() for k, v in gan_variables(gan).items()}


@pytest.fixture(scope="module")
def saved(gan, tmp_path_factory):
    """A folder with checkpoints of steps 10, 20 and 30, and the numbers in each."""
    folder, states = tmp_path_factory.mktemp("saved") / "a [2] * {x} ?", {}
    for step in (10, 20, 30):
        scramble(gan, step)
        save_checkpoint(gan, folder)
        states[step] = numbers(gan)
    return folder, states


@pytest.fixture
def folder(saved, tmp_path):
    """A copy of the checkpoints, at a path full of signs, that a test may damage."""
    return shutil.copytree(saved[0], tmp_path / "disk [2024]" / "*{a,b}?" / "saved")


def at(folder, step):
    return folder / f"step-{step:07d}.safetensors"


def restored(gan, folder):
    """What the newest whole checkpoint brings back into a GAN full of other numbers."""
    scramble(gan, 99)
    path = load_checkpoint(gan, folder)
    return path, numbers(gan)


def contents(folder):
    """Every file of a folder with its bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_everything_comes_back_to_the_bit_from_any_path(gan, saved, folder):
    assert restored(gan, folder) == (at(folder, 30), saved[1][30])
    assert int(gan.step) == 30


def test_a_relative_path_with_signs_will_do(gan, saved, folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert restored(gan, "saved")[1] == saved[1][30]
    monkeypatch.chdir(folder)
    save_checkpoint(gan, "[x]")
    assert newest_checkpoint("[x]")[0].name == "step-0000030.safetensors"


def test_a_checkpoint_fills_a_gan_that_was_just_built(saved, folder, tiny_config):
    other = GAN(tiny_config)
    load_checkpoint(other, folder)
    assert numbers(other) == saved[1][30]


def test_every_variable_is_in_the_file_by_name_and_kind(gan, folder):
    arrays, about = read_tensors(at(folder, 30))
    kinds = {name: array.dtype.name for name, array in arrays.items()}
    assert kinds["step"] == "int64" and set(kinds.values()) <= {
        "int64",
        "int32",
        "float32",
    }
    for part in PARTS:
        assert sum(name.startswith(f"{part}/") for name in arrays) == len(
            getattr(gan, part).variables
        )
    assert about["format"] == "3" and about["step"] == "30"


def test_the_last_few_are_kept_and_the_best(gan, folder):
    save_checkpoint(gan, folder, "best")
    for step in (40, 50):
        gan.step.assign(step)
        save_checkpoint(gan, folder)
        remove_old(folder, step)
    kept = [at(folder, step).name for step in (30, 40, 50)]
    assert sorted(contents(folder)) == ["best.safetensors", *kept]
    assert newest_checkpoint(folder)[0] == at(folder, 50)


def test_nothing_saved_is_nothing_restored(gan, tmp_path):
    before = numbers(gan)
    assert load_checkpoint(gan, tmp_path / "nowhere") is None
    assert numbers(gan) == before


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


def misname(path):
    shutil.copy(at(path.parent, 10), path)


@pytest.mark.parametrize("how", [flip, halve, empty, misname])
def test_the_one_before_a_damaged_one_is_used(gan, saved, folder, how, capsys):
    how(at(folder, 30))
    before = contents(folder)
    assert restored(gan, folder) == (at(folder, 20), saved[1][20])
    output = capsys.readouterr().out
    assert "step-0000030.safetensors is damaged" in output
    assert "The one before it is used." in output
    assert contents(folder) == before


def test_a_damaged_one_does_nothing_to_the_terminal(tmp_path, capsys):
    header = b'{"a": {"dtype": "\\u001b[2J", "shape": [1], "data_offsets": [0, 4]}}'
    (tmp_path / "\x1b[31m").mkdir()
    path = at(tmp_path / "\x1b[31m", 3)
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"1234")
    with pytest.raises(ValueError, match="No checkpoint"):
        newest_checkpoint(path.parent)
    output = capsys.readouterr().out
    assert "is damaged" in output and "\x1b" not in output


@pytest.mark.parametrize("config", [None, "null", "[]", "[" * 9000, "x"])
def test_one_without_settings_is_a_sentence(gan, tmp_path, config):
    about = {"step": "0"} if config is None else {"step": "0", "config": config}
    write_tensors(at(tmp_path, 0), {}, about)
    with pytest.raises(ArtganError, match="does not say what network"):
        load_checkpoint(gan, tmp_path)


def test_numbers_of_another_kind_are_refused(gan, tmp_path):
    path = save_checkpoint(gan, tmp_path)
    arrays, about = read_tensors(path)
    write_tensors(path, arrays | {"step": np.float32(arrays["step"])}, about)
    with pytest.raises(ValueError, match="other networks"):
        load_checkpoint(gan, tmp_path)


def test_after_a_damaged_one_saving_goes_on_and_it_is_removed(gan, folder):
    flip(at(folder, 30))
    load_checkpoint(gan, folder)
    for step in (25, 28):
        gan.step.assign(step)
        remove_old(folder, int(save_checkpoint(gan, folder).stem[5:]))
        assert newest_checkpoint(folder)[0] == at(folder, step)
    assert sorted(contents(folder)) == [at(folder, n).name for n in (20, 25, 28)]


def test_when_all_are_damaged_nothing_is_touched(gan, folder):
    for step in (10, 20, 30):
        flip(at(folder, step))
    files = contents(folder)
    scramble(gan, 7)
    before = numbers(gan)
    with pytest.raises(ValueError, match="No checkpoint in .* is whole"):
        load_checkpoint(gan, folder)
    assert numbers(gan) == before
    assert contents(folder) == files


def test_what_a_killed_save_leaves_does_not_count(gan, saved, folder):
    (folder / "step-0000040.safetensors.part").write_bytes(b"half")
    assert restored(gan, folder) == (at(folder, 30), saved[1][30])


def test_a_save_that_fails_leaves_nothing(gan, folder, monkeypatch):
    def no_room(descriptor):
        raise OSError(28, "No space left on device")

    before = contents(folder)
    gan.step.assign(30)
    monkeypatch.setattr("artgan.storage.weights.os.fsync", no_room)
    with pytest.raises(OSError, match="No space left"):
        save_checkpoint(gan, folder)
    assert contents(folder) == before


def test_numbers_that_are_not_finite_are_not_saved(gan, tmp_path):
    scramble(gan, 5)
    weight = gan.discriminator_optimizer.variables[-1]
    good = weight.numpy()
    try:
        weight.assign(np.full(good.shape, np.inf, good.dtype))
        with pytest.raises(FloatingPointError, match="optimizer/.* is not finite"):
            save_checkpoint(gan, tmp_path)
    finally:
        weight.assign(good)
    assert not list(tmp_path.iterdir())


def test_another_config_is_refused_by_the_names_of_its_fields(gan, folder):
    other = SimpleNamespace(**vars(gan))
    other.config = replace(gan.config, beta_1=0.25, seed=17)
    scramble(gan, 8)
    before = numbers(gan)
    with pytest.raises(ValueError, match="The settings differ") as caught:
        load_checkpoint(other, folder)
    words = str(caught.value)
    assert (
        "beta_1 was 0.0 and is now 0.25" in words
        and "seed was 3 and is now 17" in words
    )
    assert words.count(" was ") == 2 and "more" not in words
    assert numbers(gan) == before


def test_the_order_of_variables_means_nothing(gan, saved, folder):
    turned = SimpleNamespace(**vars(gan))
    for part in PARTS:
        variables = getattr(gan, part).variables[::-1]
        setattr(turned, part, SimpleNamespace(variables=variables))
    scramble(gan, 99)
    load_checkpoint(turned, folder)
    assert numbers(gan) == saved[1][30]


def test_other_networks_are_refused_and_nothing_changes(
    gan, saved, folder, tiny_config
):
    wide = GAN(replace(tiny_config, latent_size=7))
    wide.config = gan.config
    before = numbers(wide)
    with pytest.raises(ValueError, match="holds other networks"):
        load_checkpoint(wide, folder)
    assert numbers(wide) == before


def test_one_of_another_version_is_refused(gan, folder, monkeypatch):
    monkeypatch.setattr("artgan.storage.weights.FORMAT", "4")
    gan.step.assign(40)
    save_checkpoint(gan, folder)
    monkeypatch.undo()
    with pytest.raises(RuntimeError, match="format '4', which another version"):
        load_checkpoint(gan, folder)


def test_checkpoints_of_a_former_version_are_told(tmp_path, folder):
    (tmp_path / "ckpt-30.index").touch()
    with pytest.raises(ArtganError, match="version 0.1.0"):
        refuse_former(tmp_path)
    refuse_former(folder)
    refuse_former(tmp_path / "new")
