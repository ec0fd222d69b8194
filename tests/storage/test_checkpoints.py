import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from painters import named_arrays

from artgan.gan.training import GAN
from artgan.storage.checkpoints import (
    gan_variables,
    load_checkpoint,
    read_state,
    remove_old,
    save_checkpoint,
    warm_start,
)
from artgan.storage.weights import Damaged, read_tensors, write_tensors
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
    return {name: array.tobytes() for name, array in read_state(gan).items()}


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


def test_everything_comes_back_to_the_bit_into_a_new_gan(saved, folder, tiny_config):
    other = GAN(tiny_config)
    assert load_checkpoint(other, folder) == at(folder, 30)
    assert numbers(other) == saved[1][30] and int(other.step) == 30
    assert load_checkpoint(other, folder / "nowhere") is None


def test_the_last_few_are_kept_and_the_best(gan, folder):
    save_checkpoint(gan, folder, "best")
    for step in (40, 50):
        gan.step.assign(step)
        save_checkpoint(gan, folder)
        remove_old(folder)
    kept = [at(folder, step).name for step in (30, 40, 50)]
    assert sorted(contents(folder)) == ["best.safetensors", *kept]


def flip(data):
    middle = len(data) // 2
    return data[:middle] + bytes([255 - data[middle]]) + data[middle + 1 :]


@pytest.mark.parametrize("damage", [flip, lambda data: data[:-9], lambda data: b""])
def test_the_one_before_a_damaged_one_is_used(gan, saved, folder, damage, capsys):
    at(folder, 30).write_bytes(damage(at(folder, 30).read_bytes()))
    at(folder, 40).with_suffix(".safetensors.part").write_bytes(b"of a killed save")
    before = contents(folder)
    scramble(gan, 99)
    assert load_checkpoint(gan, folder) == at(folder, 20)
    assert numbers(gan) == saved[1][20] and contents(folder) == before
    output = capsys.readouterr().out
    assert "step-0000030.safetensors' is damaged" in output
    assert "The one before it is used." in output
    for path in folder.iterdir():
        path.write_bytes(b"damaged")
    assert_refused(gan, folder, Damaged, "step-0000010.safetensors' is damaged")


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
    about["config"] = about["config"].replace('"crops": 3, "cut_bars": true, ', "")
    assert "crops" not in about["config"]
    write_tensors(at(folder, 30), arrays, about)
    load_checkpoint(gan, folder)
    assert numbers(gan) == saved[1][30]


def test_other_networks_are_refused(gan, folder, tiny_config):
    wide = GAN(replace(tiny_config, latent_size=7))
    wide.config = gan.config
    with pytest.raises(ValueError, match="holds other networks"):
        load_checkpoint(wide, folder)


@pytest.fixture(scope="module")
def learnt(tiny_gan):
    """What a GAN has learnt, as an opened model gives it."""
    networks = {"generator": tiny_gan.generator_ema}
    networks["discriminator"] = tiny_gan.discriminator
    return {name: named_arrays(network) for name, network in networks.items()}


def test_a_twin_begins_with_everything(learnt, tiny_config):
    gan = GAN(replace(tiny_config, seed=5))
    text = warm_start(gan, learnt)
    networks = (gan.generator, "generator"), (gan.generator_ema, "generator")
    for network, name in (*networks, (gan.discriminator, "discriminator")):
        found = named_arrays(network)
        assert all((found[key] == learnt[name][key]).all() for key in found)
    count = len([layer for layer in gan.generator.layers if layer.weights])
    assert text.startswith(f"{count} of {count} layers of the generator")


def test_classes_come_to_what_was_learnt_and_go(tiny_gan, learnt, tiny_config):
    told, plain = (replace(tiny_config, classes=c, seed=5) for c in ("a:8,b:8", ""))
    latents = np.float32(np.random.default_rng(0).normal(size=[3, 6]))
    for config in told, plain:
        warm_start(gan := GAN(config), learnt)
        learnt = {"generator": named_arrays(gan.generator)}
        width = gan.generator.input_shape[1]
        images = gan.generator_ema(np.pad(latents, [(0, 0), (0, width - 6)]))
        np.testing.assert_allclose(images, tiny_gan.generator_ema(latents), atol=1e-5)


def test_twice_the_side_begins_with_all_that_fits(learnt, tiny_config):
    gan = GAN(replace(tiny_config, size=64, base_channels=2, seed=5))
    before = named_arrays(gan.generator)
    warm_start(gan, learnt)
    for name, array in named_arrays(gan.generator).items():
        if name.startswith(("dense/", "up_8", "up_16/")):
            assert np.array_equal(array, learnt["generator"][name]), name
        elif name.startswith(("up_32/", "to_rgb")):
            assert np.array_equal(array, before[name]), name
    with pytest.raises(ArtganError, match="None of the .* Nothing was saved.*--from"):
        warm_start(gan, {"generator": {}})


def test_an_oblong_one_begins_with_all_but_its_first_map(learnt, tiny_config):
    told = warm_start(GAN(replace(tiny_config, width=64)), learnt)
    assert told.startswith("11 of 12 layers of the generator")
