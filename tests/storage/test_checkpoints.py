import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from artgan.gan.training import GAN
from artgan.storage.checkpoints import (
    PARTS,
    gan_variables,
    load_checkpoint,
    newest_checkpoint,
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
    folder, states = tmp_path_factory.mktemp("saved"), {}
    for step in (10, 20, 30):
        scramble(gan, step)
        save_checkpoint(gan, folder)
        states[step] = numbers(gan)
    return folder, states


@pytest.fixture
def folder(saved, tmp_path, monkeypatch):
    """A copy of them that a test may damage, relative and at a path full of signs."""
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(saved[0], Path("disk [2024]", "*{a,b}?", "saved"))


def at(folder, step):
    return folder / f"step-{step:07d}.safetensors"


def contents(folder):
    """Every file of a folder with its bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_refused(gan, folder, error, words):
    """Neither the GAN nor the files are other than before."""
    before = numbers(gan), contents(folder)
    with pytest.raises(error, match=words):
        load_checkpoint(gan, folder)
    assert (numbers(gan), contents(folder)) == before


def test_everything_comes_back_to_the_bit_also_into_a_new_gan(
    saved, folder, tiny_config
):
    other = GAN(tiny_config)
    assert load_checkpoint(other, folder) == at(folder, 30)
    assert numbers(other) == saved[1][30] and int(other.step) == 30
    assert load_checkpoint(other, folder / "nowhere") is None
    assert numbers(other) == saved[1][30]


def test_every_variable_is_in_the_file_by_name_and_kind(gan, folder):
    arrays, about = read_tensors(at(folder, 30))
    kinds = {array.dtype.name for array in arrays.values()}
    assert arrays["step"].dtype == np.int64 and kinds <= {"int64", "int32", "float32"}
    for part in PARTS:
        names = [name for name in arrays if name.startswith(f"{part}/")]
        assert len(names) == len(getattr(gan, part).variables)
    assert about["step"] == "30" and json.loads(about["config"]) == asdict(gan.config)
    assert set(json.loads(about["kernels"])) == {"oneDNN", "threads"}


def test_the_last_few_are_kept_and_the_best(gan, folder):
    save_checkpoint(gan, folder, "best")
    for step in (40, 50):
        gan.step.assign(step)
        save_checkpoint(gan, folder)
        remove_old(folder)
    kept = [at(folder, step).name for step in (30, 40, 50)]
    assert sorted(contents(folder)) == ["best.safetensors", *kept]


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
    at(folder, 40).with_suffix(".safetensors.part").write_bytes(b"of a killed save")
    before = contents(folder)
    scramble(gan, 99)
    assert load_checkpoint(gan, folder) == at(folder, 20)
    assert numbers(gan) == saved[1][20]
    output = capsys.readouterr().out
    assert "step-0000030.safetensors' is damaged" in output
    assert "The one before it is used." in output
    assert contents(folder) == before


def test_when_all_are_damaged_nothing_is_touched(gan, folder):
    for step in (10, 20, 30):
        flip(at(folder, step))
    assert_refused(gan, folder, ValueError, "No checkpoint in .* is whole")


def test_one_that_cannot_be_read_just_now_is_no_damage(gan, folder, monkeypatch):
    def refuse(path):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("artgan.storage.checkpoints.read_tensors", refuse)
    assert_refused(gan, folder, ArtganError, "000030.* cannot be read just now .Input")


def test_a_damaged_one_does_nothing_to_the_terminal(tmp_path, capsys):
    header = b'{"\\u001b[2J": 3}'
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
    assert_refused(gan, tmp_path, ArtganError, "does not say what network")


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
    words = "differ: beta_1 was 0.0 and is now 0.25, seed was 3 and is now 17.$"
    assert_refused(other, folder, ValueError, words)


def test_a_field_that_is_new_since_then_has_its_default(gan, saved, folder):
    arrays, about = read_tensors(at(folder, 30))
    settings = json.loads(about["config"])
    del settings["crops"], settings["cut_bars"]
    write_tensors(at(folder, 30), arrays, about | {"config": json.dumps(settings)})
    load_checkpoint(gan, folder)
    assert numbers(gan) == saved[1][30]


def test_the_order_of_variables_means_nothing(gan, saved, folder):
    turned = SimpleNamespace(**vars(gan))
    for part in PARTS:
        variables = getattr(gan, part).variables[::-1]
        setattr(turned, part, SimpleNamespace(variables=variables))
    scramble(gan, 99)
    load_checkpoint(turned, folder)
    assert numbers(gan) == saved[1][30]


def test_other_networks_or_kinds_of_numbers_are_refused(gan, folder, tiny_config):
    wide = GAN(replace(tiny_config, latent_size=7))
    wide.config = gan.config
    assert_refused(wide, folder, ValueError, "holds other networks")
    arrays, about = read_tensors(at(folder, 30))
    arrays["step"] = np.float32(arrays["step"])
    write_tensors(at(folder, 30), arrays, about)
    assert_refused(gan, folder, ValueError, "holds other networks")


def test_one_of_another_version_is_refused(gan, folder, monkeypatch):
    gan.step.assign(40)
    with monkeypatch.context() as patch:
        patch.setattr("artgan.storage.weights.FORMAT", "9")
        save_checkpoint(gan, folder)
    assert_refused(gan, folder, RuntimeError, "format '9'.* does not read")
