import json
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import artgan.runs.recorder
import artgan.runs.run
import artgan.runs.saving
from artgan.paint.painter import open_model
from artgan.runs.run import draw_run, open_run, run_training
from artgan.system.errors import ArtganError


@pytest.fixture
def gan(tiny_gan, monkeypatch):
    """The GAN of every run that is opened, at step 0 until a checkpoint says more."""
    pictures = np.zeros([18, 4, 4, 3], np.uint8)
    monkeypatch.setattr(artgan.runs.recorder, "generate", lambda gan, count: pictures)
    monkeypatch.setattr(artgan.runs.run, "GAN", lambda config: tiny_gan)
    before = tiny_gan.config, int(tiny_gan.step)
    tiny_gan.step.assign(0)
    yield tiny_gan
    tiny_gan.config = before[0]
    tiny_gan.step.assign(before[1])


@pytest.fixture
def training(monkeypatch):
    """What `train` was asked for; it only counts, and ends as a test wants it to."""
    asked = {"calls": [], "end": None}

    def train(gan, images, steps, minutes, after_step):
        asked["calls"].append((steps, minutes))
        for _ in range(steps or 5):
            gan.step.assign_add(1)
            for action in after_step:
                action(gan, [0.5, 0.25, 0.5])
        if asked["end"]:
            raise asked["end"]

    monkeypatch.setattr(artgan.runs.run, "train", train)
    return asked


def trained(folder, gan, **amount):
    """Open a run, train it and return what `run_training` does."""
    with open_run(folder, gan.config) as (opened, recorder):
        return run_training(opened, recorder, None, **amount)


def contents(folder):
    """Every file under a folder with its bytes, but for the lock."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if path.name != ".lock"
    }


def log_steps(folder):
    lines = (folder / "log.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["step"] for line in lines]


def sample_steps(folder):
    return sorted(int(path.stem) for path in (folder / "samples").glob("*.png"))


def test_a_run_begins_with_a_grid_and_ends_with_everything(gan, training, tmp_path):
    gif, curves = trained(tmp_path / "runs" / "new", gan, steps=70)
    names = set(contents(tmp_path / "runs" / "new"))
    assert gif.name == "training.gif" and gif.exists()
    assert curves.name == "curves.png" and curves.exists()
    assert sample_steps(gif.parent) == [0, 70]
    assert log_steps(gif.parent) == [1, 10, 20, 30, 40, 50, 60, 70]
    assert {"checkpoints/step-0000070.safetensors", "latest.png"} <= names
    assert not [name for name in names if name.endswith(".part")]


@pytest.mark.parametrize("amount", [{"steps": 7}, {"minutes": 2}])
def test_steps_and_minutes_are_added_each_time(gan, training, tmp_path, amount):
    for _ in range(2):
        gan.step.assign(0)
        trained(tmp_path / "run", gan, **amount)
    wanted = amount.get("steps"), amount.get("minutes")
    assert training["calls"] == [wanted, wanted]
    assert int(gan.step) == 2 * (wanted[0] or 5)
    assert log_steps(tmp_path / "run") == [1, 10]


def test_half_files_of_a_kill_are_removed(gan, training, tmp_path):
    trained(tmp_path / "run", gan, steps=1)
    for name in "checkpoints/step-0000002.safetensors", "samples/0000032.png", "log":
        (tmp_path / "run" / f"{name}.part").write_bytes(b"half")
    gan.step.assign(0)
    with open_run(tmp_path / "run", gan.config):
        assert int(gan.step) == 1
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("name", ["disk [2024]", "a * {b} ?", "[x]", "!"])
def test_any_folder_will_do_also_a_relative_one(
    gan, training, tmp_path, monkeypatch, name
):
    (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / name)
    for folder in tmp_path / name / "runs [1]" / "one", Path("runs [1]") / "two":
        for _ in range(2):
            gan.step.assign(0)
            trained(folder, gan, steps=3)
        assert int(gan.step) == 6
        assert open_model(folder).step == 6


def test_damaged_grids_are_no_traceback(gan, training, tmp_path):
    folder = tmp_path / "run"
    trained(folder, gan, steps=2)
    for sample in folder.glob("samples/*.png"):
        sample.write_bytes(b"")
    with pytest.raises(ArtganError, match="No GIF was made: no picture beside"):
        draw_run(folder)


def test_what_a_killed_run_did_not_save_is_made_again(gan, training, tmp_path):
    folder = tmp_path / "run"
    trained(folder, gan, steps=30)
    log_30 = log_steps(folder)
    mine = folder / "samples" / "favourite.png"
    mine.write_bytes((folder / "samples" / "0000030.png").read_bytes())
    with open_run(folder, gan.config) as (opened, recorder):
        for step in range(31, 70):  # as a run that is killed before it saves
            opened.step.assign(step)
            recorder(opened, [0.5, 0.25, 0.5])
        recorder.save_sample(opened)
    with recorder.log.open("a", encoding="utf-8") as file:
        file.write('{"step": 70, "disc')
    gan.step.assign(0)
    with open_run(folder, gan.config) as (opened, _):
        assert int(opened.step) == 30
        assert log_steps(folder) == log_30 == [1, 10, 20, 30]
        mine.unlink()  # a picture that is none of the run's own was left alone
        assert sample_steps(folder) == [0, 30]


def test_ctrl_c_saves(gan, training, tmp_path, capsys):
    training["end"] = KeyboardInterrupt()
    gif, _ = trained(tmp_path / "run", gan, minutes=9)
    assert gif.exists()
    assert "Stopped" in capsys.readouterr().out
    assert (tmp_path / "run" / "checkpoints" / "step-0000005.safetensors").exists()
    assert sample_steps(tmp_path / "run") == [0, 5]


def test_ctrl_c_in_a_step_waits_for_its_row_in_the_log(
    gan, monkeypatch, tmp_path, capsys
):
    def train(gan, images, steps, minutes, after_step):
        for _ in range(steps):
            signal.raise_signal(signal.SIGINT)
            gan.step.assign_add(1)
            for action in after_step:
                action(gan, [0.5, 0.25, 0.5])

    monkeypatch.setattr(artgan.runs.run, "train", train)
    trained(tmp_path / "run", gan, steps=9)
    assert "Stopped" in capsys.readouterr().out
    assert log_steps(tmp_path / "run") == [1]


def test_a_bad_loss_is_not_saved_and_the_last_good_checkpoint_is_named(
    gan, training, tmp_path
):
    folder = tmp_path / "run"
    trained(folder, gan, steps=4)
    before = contents(folder / "checkpoints")
    training["end"] = FloatingPointError("the losses are [nan, 1.0] at step 9")
    with pytest.raises(ArtganError) as caught:
        trained(folder, gan, steps=9)
    assert "[nan, 1.0] at step 9" in str(caught.value)
    assert str(folder / "checkpoints" / "step-0000004") in str(caught.value)
    assert contents(folder / "checkpoints") == before


def test_a_bad_loss_at_once_has_no_checkpoint_to_name(gan, training, tmp_path):
    training["end"] = FloatingPointError("the losses are [nan, nan] at step 1")
    with pytest.raises(ArtganError, match="none yet"):
        trained(tmp_path / "run", gan, steps=1)


def test_weights_that_are_no_numbers_are_not_saved(gan, training, tmp_path):
    """A loss shows it only a step later, so the saving looks too."""
    folder = tmp_path / "run"
    trained(folder, gan, steps=4)
    before, weight = contents(folder / "checkpoints"), gan.generator.weights[0]
    good = weight.numpy()
    try:
        with open_run(folder, gan.config) as (_, recorder):
            weight.assign(np.full(good.shape, np.nan))
            with pytest.raises(ArtganError, match="generator/.* is not finite at"):
                run_training(gan, recorder, None, 9)
    finally:
        weight.assign(good)
    assert contents(folder / "checkpoints") == before


def test_no_memory_is_a_sentence_that_names_the_last_checkpoint(
    gan, training, tmp_path
):
    trained(tmp_path / "run", gan, steps=4)
    text = "{{function_node __wrapped__Conv}} a/b; OOM when allocating [Op:Conv2D]"
    training["end"] = tf.errors.ResourceExhaustedError(None, None, text)
    with pytest.raises(ArtganError, match="go on: OOM when.*step-0000004.*in memory"):
        trained(tmp_path / "run", gan, steps=9)


@pytest.fixture
def full_disk(monkeypatch, tmp_path):
    """A disk that is full for the run's own checkpoints, until a test makes room."""
    full, save = [True], artgan.runs.saving.save_checkpoint
    asked = []

    def save_checkpoint(gan, folder, *rest):
        asked.append(folder)
        if full[0] and Path(folder).parent.parent == tmp_path:
            raise OSError(28, "No space left on device")
        return save(gan, folder, *rest)

    monkeypatch.setattr(artgan.runs.saving, "save_checkpoint", save_checkpoint)
    monkeypatch.setattr(artgan.runs.saving, "PAUSES", (0, 0))
    temporary = tmp_path / "temporary"
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(temporary))
    full.append(asked)
    return full


def test_a_checkpoint_that_cannot_be_saved_goes_elsewhere_and_training_goes_on(
    gan, training, tmp_path, full_disk, capsys
):
    with open_run(tmp_path / "run", gan.config) as (_, recorder):
        gan.step.assign(3)
        recorder.save(gan)
        assert len(full_disk[1]) == 4  # thrice in its place, then elsewhere
        [kept] = (tmp_path / "temporary").rglob("step-0000003.safetensors")
        output = capsys.readouterr().out
        assert str(kept) in output and "No space left" in output
        with pytest.raises(ArtganError, match="Step 8 could not be saved.*kept as"):
            run_training(gan, recorder, None, steps=5)
        full_disk[0] = False
        recorder.save(gan)
        assert recorder.saver.problem == ""
    assert not list((tmp_path / "temporary").rglob("*.safetensors"))
    [path] = (tmp_path / "run" / "checkpoints").iterdir()
    assert path.name == "step-0000008.safetensors"


def test_the_last_good_checkpoint_stays_on_a_full_disk(
    gan, training, tmp_path, full_disk, monkeypatch
):
    full_disk[0] = False
    trained(tmp_path / "run", gan, steps=4)
    before = contents(tmp_path / "run" / "checkpoints")
    full_disk[0] = True
    (tmp_path / "temporary").mkdir()
    (tmp_path / "temporary" / "artgan-saved").write_bytes(b"no folder")
    with pytest.raises(ArtganError, match="No space.*last good .*step-0000004"):
        trained(tmp_path / "run", gan, steps=9)
    assert contents(tmp_path / "run" / "checkpoints") == before


def test_a_disk_that_fails_for_a_moment_is_tried_again(
    gan, training, tmp_path, monkeypatch, capsys
):
    save, failures = artgan.runs.saving.save_checkpoint, iter([OSError(5, "I/O"), None])

    def save_checkpoint(gan, folder):
        if error := next(failures):
            raise error
        return save(gan, folder)

    monkeypatch.setattr(artgan.runs.saving, "save_checkpoint", save_checkpoint)
    trained(tmp_path / "run", gan, steps=1)
    assert "could not be saved" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["training.gif", "curves.png"])
def test_a_gif_or_curves_that_cannot_be_written_end_nothing(
    gan, training, tmp_path, capsys, name
):
    (tmp_path / "run" / name).mkdir(parents=True)
    (tmp_path / "run" / name / "held").touch()
    assert trained(tmp_path / "run", gan, steps=3) == (None, None)
    assert "The GIF failed" in capsys.readouterr().out
    assert len(list((tmp_path / "run" / "checkpoints").iterdir())) == 1


def test_a_tensorboard_that_cannot_be_written_ends_nothing(
    gan, training, tmp_path, capsys
):
    (tmp_path / "tensorboard").write_text("in the way", "utf-8")
    with open_run(tmp_path, gan.config, board=True) as (_, recorder):
        assert recorder.board is None
    assert "TensorBoard failed" in capsys.readouterr().out


def test_ctrl_c_while_the_end_is_saved_does_not_lose_it(
    gan, training, tmp_path, monkeypatch
):
    save, signals = artgan.runs.saving.save_checkpoint, iter([KeyboardInterrupt, None])

    def save_checkpoint(gan, folder):
        if error := next(signals):
            raise error
        return save(gan, folder)

    monkeypatch.setattr(artgan.runs.saving, "save_checkpoint", save_checkpoint)
    trained(tmp_path / "run", gan, steps=3)
    assert len(list((tmp_path / "run" / "checkpoints").iterdir())) == 1


def test_a_second_process_in_a_run_is_refused(gan, training, tmp_path):
    folder = tmp_path / "run"
    with open_run(folder, gan.config):
        before = contents(tmp_path)
        for fresh in (False, True):
            with pytest.raises(ArtganError, match="Another process is training in"):
                with open_run(folder, gan.config, fresh=fresh):
                    pass
        assert contents(tmp_path) == before
    with open_run(folder, gan.config, fresh=True):
        pass


def test_a_fresh_run_keeps_the_old_ones(gan, training, tmp_path, capsys):
    folder, old = tmp_path / "run", []
    for number in range(3):
        gan.step.assign(0)
        with open_run(folder, gan.config, fresh=True) as (opened, recorder):
            assert sample_steps(folder) == [0]
            run_training(opened, recorder, None, steps=3 + number)
        old.append(contents(folder))
    assert contents(tmp_path / "run-old-1") == old[0]
    assert contents(tmp_path / "run-old-2") == old[1]
    assert contents(folder) == old[2]
    assert "run-old-2" in capsys.readouterr().out


def test_another_config_is_refused_by_its_fields_and_nothing_changes(
    gan, training, tmp_path
):
    trained(tmp_path / "run", gan, steps=3)
    before = contents(tmp_path)
    gan.config = replace(gan.config, beta_1=0.25)
    with pytest.raises(ArtganError, match="beta_1 was 0.0 and is now 0.25.*--fresh"):
        trained(tmp_path / "run", gan, steps=9)
    assert contents(tmp_path) == before


def test_a_run_of_broken_checkpoints_is_refused_and_kept(gan, training, tmp_path):
    trained(tmp_path / "run", gan, steps=3)
    for path in (tmp_path / "run" / "checkpoints").glob("*.safetensors"):
        path.write_bytes(b"broken")
    before = contents(tmp_path)
    with pytest.raises(ArtganError, match="No checkpoint in .* is whole"):
        trained(tmp_path / "run", gan, steps=9)
    assert contents(tmp_path) == before


def test_an_unknown_run_is_told_the_known_ones(gan, training, tmp_path):
    with pytest.raises(ArtganError, match="no run .*nobody.* Train one first"):
        draw_run(tmp_path / "nobody")
    trained(tmp_path / "villas", gan, steps=1)
    with pytest.raises(ArtganError, match="The runs there are: villas"):
        draw_run(tmp_path / "nobody")


def test_a_run_without_samples_cannot_be_drawn(gan, training, tmp_path):
    trained(tmp_path / "run", gan, steps=1)
    for path in (tmp_path / "run" / "samples").iterdir():
        path.unlink()
    with pytest.raises(ArtganError, match="no samples yet"):
        draw_run(tmp_path / "run")


def test_a_run_of_a_former_version_is_refused_and_kept(gan, tmp_path):
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    (tmp_path / "run" / "checkpoints" / "ckpt-9.index").write_bytes(b"old")
    before = contents(tmp_path)
    with pytest.raises(ArtganError, match="version 0.1.0"):
        with open_run(tmp_path / "run", gan.config):
            pass
    assert contents(tmp_path) == before
