"""A run is opened by one training at a time, goes on, and is saved however it ends."""

import json
import random

import keras
import numpy as np
import pytest
import tensorflow as tf

import artgan.runs.recorder
import artgan.runs.stopping
import artgan.runs.train
from artgan.runs.begin import plan_training
from artgan.runs.recorder import Recorder
from artgan.runs.run import Run
from artgan.runs.train import train_run
from artgan.storage.checkpoints import checkpoint_step
from artgan.system.errors import ArtganError
from artgan.system.processes import only_one


@pytest.fixture
def ending():
    """What a test puts in here is raised after the steps of a training."""
    return []


@pytest.fixture
def train(gan, ending, tiny_config, photos, monkeypatch):
    """A function that trains runs/mine, only counting steps; it returns the last."""

    def make(config):
        keras.config.set_dtype_policy("mixed_bfloat16")
        gan.step.assign(0)
        return gan

    def count(gan, images, steps, minutes, after_step, go=None):
        assert images.shape == (3, 32, 32, 3)
        for _ in range(steps or 5):
            gan.step.assign_add(1)
            for action in after_step:
                action(gan, [0.5, 0.25, 0.5])
        for error in ending:
            raise error

    monkeypatch.setattr(artgan.runs.train, "GAN", make)
    monkeypatch.setattr(artgan.runs.stopping, "train", count)

    def go(*callbacks, fresh=False, warm_start=None, name="mine", **amount):
        names = photos, name, photos.parent / "runs"
        asked = {"changes": vars(tiny_config), "fresh": fresh, "warm_start": warm_start}
        plan = plan_training(*names, **asked)
        train_run(plan, callbacks=callbacks, **amount)
        return checkpoint_step(plan.run.saved[0])

    return go


@pytest.fixture
def mine(tmp_path):
    """The run that is trained."""
    return Run(tmp_path / "runs" / "mine")


def test_each_training_goes_on_from_the_last_and_leaves_all(train, mine, capsys):
    assert train(steps=7) == 7 and (mine.samples / "0000000.png").exists()
    assert train(steps=7) == 14 and train(minutes=2) == 19
    assert train(until_step=30) == 30
    output = capsys.readouterr().out
    assert "is at step 19. Ctrl-C stops and saves." in output
    assert f"Watch {mine.latest}." in output and "Step 30. The pictures: " in output
    rows = [json.loads(row) for row in mine.log.read_text("utf-8").splitlines()]
    assert [row["step"] for row in rows] == [1, 10, 20, 30]
    assert mine.latest.exists() and (mine.samples / "0000030.png").exists()
    for name in "training.gif", "curves.png":
        assert (mine.folder / name).stat().st_size > 100
    assert not list(mine.folder.rglob("*.part"))
    assert train(until_step=30) == 30
    assert "made these steps already" in capsys.readouterr().out


def test_a_second_training_in_the_process_is_refused(train):
    def start_another(gan, losses):
        train(steps=1, name="other")

    with pytest.raises(ArtganError, match="Another training is under way in this"):
        train(start_another, steps=2)
    assert train(steps=1) == 2  # of the first, saved at its first step


def test_a_users_own_networks_are_as_before(train):
    before = random.getstate(), np.random.get_state()[1].tobytes()
    train(lambda gan, losses: keras.utils.set_random_seed(3), steps=1)
    assert (random.getstate(), np.random.get_state()[1].tobytes()) == before
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


def test_it_goes_on_before_a_damaged_one_and_all_is_kept(train, mine, contents, capsys):
    train(steps=3)
    train(steps=3)
    mine.saved[0].write_bytes(b"damaged")
    assert train(steps=1) == 4
    assert "step-0000006.safetensors' is damaged" in capsys.readouterr().out
    damaged = mine.checkpoints / "step-0000006.safetensors.old"
    assert damaged.read_bytes() == b"damaged"
    for path in mine.saved:
        path.write_bytes(b"broken")
    before = contents(mine.folder)
    with pytest.raises(ArtganError, match="is damaged.*--fresh"):
        train(steps=9)
    assert contents(mine.folder) == before


def test_a_checkpoint_that_cannot_be_read_just_now_is_no_damage(
    train, mine, contents, monkeypatch
):
    train(steps=3)
    before = contents(mine.folder)

    def unreadable(path):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.read_bytes", unreadable)
        with pytest.raises(ArtganError, match="0003.* cannot be read just now .Perm"):
            train(steps=1)
    assert contents(mine.folder) == before


def test_a_warm_start_is_made_until_anything_is_saved(train, mine, gan, ending, capsys):
    train(steps=3, name="first")
    capsys.readouterr()
    ending.append(FloatingPointError())  # before the first save
    for warm_start in "first", None:
        with pytest.raises(ArtganError, match="none yet"):
            train(steps=1, warm_start=warm_start)
    ending.clear()
    for steps in 2, 1:
        gan.generator.weights[0].assign(gan.generator.weights[0] * 0)
        train(steps=steps, warm_start="first")
    output = capsys.readouterr().out
    assert output.count("layers of the generator and") == 3
    assert "mine is at step 2." in output and mine.read()["warm_start"] == "first"


@pytest.mark.parametrize("error", [ValueError, OSError, SystemExit, MemoryError])
def test_what_a_callback_raises_is_raised_again_and_all_saved(train, mine, error):
    def fail(gan, losses):
        if gan.step == 25:
            raise error("mine")

    with pytest.raises(error, match="^mine$"):
        train(fail, steps=40)
    assert [checkpoint_step(path) for path in mine.saved] == [25]


@pytest.fixture
def saving(monkeypatch):
    """A function, which may raise, to be called before a run's own checkpoint."""
    save, first = artgan.runs.recorder.save_checkpoint, [lambda: None]

    def save_checkpoint(gan, folder):
        first[0]()
        return save(gan, folder)

    monkeypatch.setattr(artgan.runs.recorder, "save_checkpoint", save_checkpoint)
    return first


def test_ctrl_c_while_the_end_is_saved_does_not_lose_it(train, saving):
    signals = iter([KeyboardInterrupt])

    def press():
        for error in signals:
            raise error

    saving[0] = press
    assert train(steps=3) == 3


def full():
    raise OSError(28, "No space left on device")


def test_on_a_full_disk_training_goes_on_and_tries_again(gan, run, saving, capsys):
    recorder, saving[0] = Recorder(run), full
    recorder.seconds_between_saves = -1
    for step in 3, 4:
        gan.step.assign(step)
        recorder(gan, [0.5, 0.25, 0.5])
    told = capsys.readouterr().out
    assert told.count("could not be saved") == 1 and "Step 3 could not be" in told
    saving[0] = lambda: None
    recorder(gan, [0.5, 0.25, 0.5])
    assert recorder.problem == ""
    assert [path.stem for path in run.checkpoints.iterdir()] == ["step-0000004"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FloatingPointError("the losses are [nan] at step 8"), r"are \[nan\] at step"),
        (tf.errors.ResourceExhaustedError(None, None, "OOM"), "OOM"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_what_breaks_a_step_is_not_saved_and_the_last_good_checkpoint_named(
    train, mine, ending, contents, error, words
):
    train(steps=4)
    before = contents(mine.checkpoints)
    ending.append(error)
    with pytest.raises(ArtganError, match=f"{words}.*step-0000004.*batch_size"):
        train(steps=4)
    assert contents(mine.checkpoints) == before
