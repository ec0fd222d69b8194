"""However a training stops, it is saved, or the reason and what was kept are told."""

import json
import signal
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import artgan.runs.saving
import artgan.runs.stopping
from artgan.runs.recorder import Recorder
from artgan.runs.stopping import train_and_save
from artgan.storage.checkpoints import checkpoint_paths
from artgan.system.errors import ArtganError


@pytest.fixture
def ending(monkeypatch):
    """A training that only counts its steps; it raises what a test puts in here."""
    end: list[BaseException] = []

    def train(gan, images, steps, minutes, after_step, labels=None, go=None):
        for _ in range(steps or 5):
            gan.step.assign_add(1)
            for action in after_step:
                action(gan, [0.5, 0.25, 0.5])
        for error in end:
            raise error

    monkeypatch.setattr(artgan.runs.stopping, "train", train)
    monkeypatch.setattr(artgan.runs.saving, "PAUSES", (0, 0))
    return end


@pytest.fixture
def train(run, gan, ending):
    """A function that trains the run; it returns the names of its checkpoints."""

    def go(*callbacks, **amount):
        saved = checkpoint_paths(run.checkpoints)
        recorder = Recorder(run, None, saved[0] if saved else None)
        train_and_save(gan, recorder, None, callbacks=callbacks, **amount)
        return [path.name for path in checkpoint_paths(run.checkpoints)]

    return go


def log_steps(run):
    return [json.loads(row)["step"] for row in run.log.read_text("utf-8").splitlines()]


def test_a_training_leaves_all_that_a_user_looks_for(train, run, capsys):
    assert train(steps=70) == ["step-0000070.safetensors"]
    assert log_steps(run) == [1, 10, 20, 30, 40, 50, 60, 70]
    assert run.latest.exists() and (run.samples / "0000070.png").exists()
    assert "Step 70. The pictures: " in capsys.readouterr().out
    for name in "training.gif", "curves.png":
        assert (run.folder / name).stat().st_size > 100
    assert not list(run.folder.rglob("*.part"))


@pytest.mark.parametrize("error", [ValueError, OSError, SystemExit, MemoryError])
def test_what_a_callback_raises_is_raised_again_and_all_saved(train, run, error):
    def fail(gan, losses):
        if gan.step == 25:
            raise error("mine")

    with pytest.raises(error, match="^mine$"):
        train(fail, steps=40)
    assert [p.name for p in checkpoint_paths(run.checkpoints)][0][5:12] == "0000025"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_in_a_step_waits_for_its_row_in_the_log(train, run, name, capsys):
    def press(gan, losses):
        signal.raise_signal(getattr(signal, name))

    before = signal.getsignal(signal.SIGINT)
    assert train(press, steps=9) == ["step-0000001.safetensors"]
    assert log_steps(run) == [1] and "Stopped. Saving" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_while_the_end_is_saved_does_not_lose_it(train, monkeypatch):
    save, signals = artgan.runs.saving.save_checkpoint, iter([KeyboardInterrupt, None])

    def save_checkpoint(gan, folder):
        if error := next(signals):
            raise error
        return save(gan, folder)

    monkeypatch.setattr(artgan.runs.saving, "save_checkpoint", save_checkpoint)
    assert train(steps=3) == ["step-0000003.safetensors"]


def test_a_bad_loss_is_not_saved_and_the_last_good_checkpoint_is_named(
    train, ending, run, contents
):
    ending.append(FloatingPointError("the losses are [nan, 1.0] at step 4"))
    with pytest.raises(ArtganError, match="nan, 1.0. at step 4.*none yet"):
        train(steps=4)
    good = ending.pop()
    train(steps=4)
    before = contents(run.checkpoints)
    ending.append(good)
    with pytest.raises(ArtganError, match="nan, 1.0. at step 4.*step-0000008"):
        train(steps=9)
    assert contents(run.checkpoints) == before


def test_weights_that_are_no_numbers_are_not_saved(train, gan, run):
    """A loss shows it only a step later, so the saving looks too."""
    weight = gan.generator.weights[0]
    good = weight.numpy()
    try:
        weight.assign(np.full(good.shape, np.nan))
        with pytest.raises(ArtganError, match="generator/.* is not finite at"):
            train(steps=9)
    finally:
        weight.assign(good)
    assert not list(run.checkpoints.iterdir())


def test_no_memory_is_a_sentence_that_names_the_last_checkpoint(train, ending):
    train(steps=4)
    text = "{{function_node __wrapped__Conv}} a/b; OOM when allocating [Op:Conv2D]"
    ending.append(tf.errors.ResourceExhaustedError(None, None, text))
    with pytest.raises(ArtganError, match="go on: OOM when.*step-0000004.*in memory"):
        train(steps=9)


@pytest.fixture
def full_disk(monkeypatch, tmp_path):
    """A disk that is full for the run's own checkpoints while this list has a True."""
    full, save = [True], artgan.runs.saving.save_checkpoint

    def save_checkpoint(gan, folder):
        if full[0] and Path(folder).name == "checkpoints":
            raise OSError(28, "No space left on device")
        return save(gan, folder)

    monkeypatch.setattr(artgan.runs.saving, "save_checkpoint", save_checkpoint)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return full


def test_on_a_full_disk_training_goes_on_and_saves_elsewhere(
    gan, run, ending, tmp_path, full_disk, capsys
):
    recorder = Recorder(run)
    for gan_step in 3, 4:
        gan.step.assign(gan_step)
        recorder.saver.save_and_tell(gan)
    [kept] = (tmp_path / "temporary").rglob("*.safetensors")
    assert kept.parent.stat().st_mode & 0o077 == 0  # no other user meets it
    with pytest.raises(ArtganError, match="Step 9 could not be saved.*kept as"):
        train_and_save(gan, recorder, None, steps=5)
    assert capsys.readouterr().out.count("could not be saved") == 1  # told once
    full_disk[0] = False
    recorder.saver(gan)
    assert recorder.saver.problem == ""
    assert not list((tmp_path / "temporary").rglob("*.safetensors"))
    assert [path.stem for path in run.checkpoints.iterdir()] == ["step-0000009"]


def test_where_nothing_can_be_saved_the_last_good_checkpoint_stays(
    train, run, full_disk, tmp_path, contents, capsys
):
    full_disk[0] = False
    train(steps=4)
    before, full_disk[0] = contents(run.checkpoints), True
    (tmp_path / "temporary").rmdir()
    with pytest.raises(ArtganError, match="No space.*last good .*step-0000004"):
        train(steps=9)
    assert contents(run.checkpoints) == before
    assert "No space" not in capsys.readouterr().out  # the error tells it, once


def test_a_disk_that_fails_for_a_moment_is_tried_again(train, monkeypatch, capsys):
    save, failures = artgan.runs.saving.save_checkpoint, iter([OSError(5, "I/O"), None])

    def save_checkpoint(gan, folder):
        if error := next(failures):
            raise error
        return save(gan, folder)

    monkeypatch.setattr(artgan.runs.saving, "save_checkpoint", save_checkpoint)
    assert train(steps=1)
    assert "could not be saved" not in capsys.readouterr().out


def test_a_gif_that_cannot_be_written_ends_nothing(train, run, capsys):
    (run.folder / "training.gif" / "held").mkdir(parents=True)
    assert train(steps=3) == ["step-0000003.safetensors"]
    output = capsys.readouterr().out
    assert "The GIF failed" in output and "Step 3." in output
