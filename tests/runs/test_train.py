"""A run is opened, by one training at a time, and goes on or is refused."""

import os
import random

import keras
import numpy as np
import pytest
from PIL import Image

import artgan.runs.stopping
import artgan.runs.train
from artgan.runs.begin import plan_training
from artgan.runs.run import Run
from artgan.runs.train import train_run
from artgan.storage.checkpoints import checkpoint_paths, checkpoint_step
from artgan.system.errors import ArtganError
from artgan.system.processes import only_one


@pytest.fixture
def train(gan, tiny_config, tmp_path, monkeypatch):
    """A function that trains tmp_path/runs/mine; training only counts its steps."""
    draw = np.random.default_rng(0)
    (tmp_path / "photos").mkdir()
    for number in range(3):
        values = draw.integers(0, 256, [40, 40, 3], np.uint8)
        Image.fromarray(values).save(tmp_path / "photos" / f"{number}.png")

    def make(config):
        keras.utils.set_random_seed(config.seed)
        keras.config.set_dtype_policy("mixed_bfloat16")
        gan.step.assign(0)
        return gan

    def count(gan, images, steps, minutes, after_step, labels=None, go=None):
        assert images.shape == (3, 32, 32, 3)
        for _ in range(steps or 5):
            gan.step.assign_add(1)
            for action in after_step:
                action(gan, [0.5, 0.25, 0.5])

    monkeypatch.setattr(artgan.runs.train, "GAN", make)
    monkeypatch.setattr(artgan.runs.stopping, "train", count)

    def go(changes=None, fresh=False, warm_start=None, name="mine", **options):
        changes = vars(tiny_config) | (changes or {})
        names = tmp_path / "photos", name, tmp_path / "runs"
        asked = {"changes": changes, "fresh": fresh, "warm_start": warm_start}
        train_run(plan_training(*names, **asked), **options)
        return checkpoint_step(checkpoint_paths(names[2] / name / "checkpoints")[0])

    return go


@pytest.fixture
def mine(tmp_path):
    """The run that is trained."""
    return Run(tmp_path / "runs" / "mine")


def test_each_training_goes_on_from_the_last(train, mine, capsys):
    assert train(steps=7) == 7 and (mine.samples / "0000000.png").exists()
    assert train(steps=7) == 14 and train(minutes=2) == 19
    assert train(until_step=30) == 30
    output = capsys.readouterr().out
    assert "is at step 19. Ctrl-C stops and saves." in output and "Step 30." in output
    assert f"Watch {mine.latest}." in output
    assert train(until_step=30) == 30
    assert "made these steps already" in capsys.readouterr().out


def test_a_second_training_in_the_process_is_refused(train):
    def start_another(gan, losses):
        train(steps=1, name="other")

    with pytest.raises(ArtganError, match="Another training is under way in this"):
        train(steps=2, callbacks=[start_another])
    assert train(steps=1) == 2  # of the first, saved at its first step


def test_a_users_own_networks_are_as_before(train):
    random.seed(5), np.random.seed(6)
    expected = random.random(), np.random.random()
    random.seed(5), np.random.seed(6)
    train(steps=1)
    assert (random.random(), np.random.random()) == expected
    assert keras.config.dtype_policy().name == "float32"


def test_a_folder_that_somebody_trains_in_is_left_alone(train, mine, contents):
    train(steps=1)
    with only_one(mine.folder, "training in"):
        before = contents(mine.folder)
        for fresh in False, True:
            with pytest.raises(ArtganError, match="Another process is training in"):
                train(steps=1, fresh=fresh)
        assert contents(mine.folder) == before


def test_a_fresh_run_keeps_the_old_one(train, mine, contents, capsys):
    train(steps=3)
    old = sorted(contents(mine.folder).values())
    assert train(steps=2, fresh=True) == 2
    assert sorted(contents(mine.folder.with_name("mine-old-1")).values()) == old
    assert "mine-old-1" in capsys.readouterr().out


def test_broken_checkpoints_are_refused_and_kept(train, mine, contents):
    train(steps=3)
    for path in mine.checkpoints.iterdir():
        path.write_bytes(b"broken")
    before = contents(mine.folder)
    with pytest.raises(ArtganError, match="is damaged.*--fresh"):
        train(steps=9)
    assert contents(mine.folder) == before


def test_it_goes_on_before_a_damaged_one_which_is_kept(train, mine, capsys):
    train(steps=3)
    train(steps=3)
    (mine.checkpoints / "step-0000006.safetensors").write_bytes(b"damaged")
    assert train(steps=1) == 4
    assert "step-0000006.safetensors' is damaged" in capsys.readouterr().out
    damaged = mine.checkpoints / "step-0000006.safetensors.old"
    assert damaged.read_bytes() == b"damaged"


def test_a_checkpoint_that_cannot_be_read_just_now_is_no_damage(
    train, mine, contents, monkeypatch
):
    train(steps=3)
    train(steps=3)
    before = contents(mine.folder)

    def unreadable(path):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.read_bytes", unreadable)
        with pytest.raises(ArtganError, match="0006.* cannot be read just now .Perm"):
            train(steps=1)
    assert contents(mine.folder) == before


def test_a_warm_start_is_made_until_something_is_saved(train, mine, gan, capsys):
    train(steps=3, name="first")
    capsys.readouterr()

    def lose_power(gan, images, *rest):
        raise FloatingPointError

    for warm_start, steps in (("first", 0), (None, 0), ("first", 2), ("first", 1)):
        gan.generator.weights[0].assign(gan.generator.weights[0] * 0)
        if not steps:  # it ends before the first save
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(artgan.runs.stopping, "train", lose_power)
                with pytest.raises(ArtganError, match="none yet"):
                    train(steps=1, warm_start=warm_start)
        else:
            train(steps=steps, warm_start=warm_start)
    output = capsys.readouterr().out
    assert output.count("layers of the generator and") == 3
    assert "mine is at step 2." in output and mine.read()["warm_start"] == "first"


def test_a_tensorboard_that_cannot_be_written_ends_nothing(train, mine, capsys):
    train(steps=1)
    (mine.folder / "tensorboard").write_text("in the way", "utf-8")
    assert train(steps=1, tensorboard=True) == 2
    assert "TensorBoard failed" in capsys.readouterr().out
    os.remove(mine.folder / "tensorboard")
    train(steps=10, tensorboard=True)
    assert list((mine.folder / "tensorboard").iterdir())
