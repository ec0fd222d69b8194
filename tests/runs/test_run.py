import json
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

import artgan.runs.recorder
import artgan.runs.run
from artgan.runs.run import draw_run, load_gan, open_run, run_training
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
                action(gan, [0.5, 0.25])
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
    assert curves.name == "losses.png" and curves.exists()
    assert sample_steps(gif.parent) == [0, 32, 64, 70]
    assert log_steps(gif.parent) == [1, 10, 20, 30, 40, 50, 60, 70]
    assert {"checkpoints/ckpt-70.index", "checkpoints/checkpoint"} <= names
    assert not [name for name in names if name.endswith(".part")]


def test_the_same_command_goes_on_up_to_the_steps_asked_for(gan, training, tmp_path):
    trained(tmp_path / "run", gan, steps=7)
    gan.step.assign(0)
    trained(tmp_path / "run", gan, steps=12)
    assert training["calls"] == [(7, None), (5, None)]
    assert int(gan.step) == 12
    assert log_steps(tmp_path / "run") == [1, 10]


def test_a_first_save_that_was_killed_is_no_reason_to_refuse(gan, training, tmp_path):
    trained(tmp_path / "run", gan, steps=1)
    folder, expected = tmp_path / "run" / "checkpoints", contents(tmp_path / "run")
    for name in ("checkpoint", "ckpt-1.data-00000-of-00001"):
        (folder / name).unlink()
    (folder / "ckpt-1.index").write_bytes(b"half")
    (folder / "ckpt-1_temp").mkdir()
    (folder / "checkpoint.tmp123").write_bytes(b"half")
    (tmp_path / "run" / "samples" / "0000032.part").write_bytes(b"half")
    gan.step.assign(0)
    trained(tmp_path / "run", gan, steps=1)
    assert set(contents(tmp_path / "run")) == set(expected)
    assert log_steps(tmp_path / "run") == [1]
    assert sample_steps(tmp_path / "run") == [0, 1]


def test_a_checkpoint_that_nothing_lists_is_removed_in_its_turn(
    gan, training, tmp_path
):
    trained(tmp_path / "run", gan, steps=1)
    folder = tmp_path / "run" / "checkpoints"
    (folder / "checkpoint").write_text('model_checkpoint_path: "../x"\n', "utf-8")
    (folder / "ckpt-0.data-00000-of-00001").write_bytes(b"its index was removed")
    for steps in (2, 3, 4):
        trained(tmp_path / "run", gan, steps=steps)
    names = {path.name.partition(".")[0] for path in folder.iterdir()}
    assert names == {"checkpoint", "ckpt-2", "ckpt-3", "ckpt-4"}


def test_the_last_grid_is_made_after_a_kill(gan, training, tmp_path):
    trained(tmp_path / "run", gan, steps=7)
    (tmp_path / "run" / "samples" / "0000007.png").unlink()
    trained(tmp_path / "run", gan, steps=7)
    assert sample_steps(tmp_path / "run") == [0, 7]


def test_minutes_are_added_each_time(gan, training, tmp_path):
    for _ in range(2):
        gan.step.assign(0)
        trained(tmp_path / "run", gan, minutes=2)
    assert training["calls"] == [(None, 2), (None, 2)]
    assert int(gan.step) == 10


def test_a_run_that_has_its_steps_is_only_drawn_again(gan, training, tmp_path):
    gif, _ = trained(tmp_path / "run", gan, steps=7)
    gif.unlink()
    gan.step.assign(0)
    trained(tmp_path / "run", gan, steps=7)
    trained(tmp_path / "run", gan, steps=3)
    assert len(training["calls"]) == 1
    assert gif.exists() and int(gan.step) == 7


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
    mine = folder / "samples" / "favourite.png"
    mine.write_bytes((folder / "samples" / "0000030.png").read_bytes())
    with open_run(folder, gan.config) as (opened, recorder):
        for step in range(31, 70):  # as a run that is killed before it saves
            opened.step.assign(step)
            recorder(opened, [0.5, 0.25])
    with recorder.log.open("a", encoding="utf-8") as file:
        file.write('{"step": 70, "disc')
    gan.step.assign(0)
    with open_run(folder, gan.config) as (opened, _):
        assert int(opened.step) == 30
        assert log_steps(folder) == [1, 10, 20, 30]
        mine.unlink()  # a picture that is none of the run's own was left alone
        assert sample_steps(folder) == [0, 30]


def test_ctrl_c_saves(gan, training, tmp_path, capsys):
    training["end"] = KeyboardInterrupt()
    gif, _ = trained(tmp_path / "run", gan, minutes=9)
    assert gif.exists()
    assert "Stopped" in capsys.readouterr().out
    assert (tmp_path / "run" / "checkpoints" / "ckpt-5.index").exists()
    assert sample_steps(tmp_path / "run") == [0, 5]


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
    assert str(folder / "checkpoints" / "ckpt-4") in str(caught.value)
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
            with pytest.raises(ArtganError, match="of the generator is not finite at"):
                run_training(gan, recorder, None, 9)
    finally:
        weight.assign(good)
    assert contents(folder / "checkpoints") == before


def test_a_full_disk_is_a_sentence_that_names_the_last_checkpoint(
    gan, training, tmp_path
):
    trained(tmp_path / "run", gan, steps=4)
    text = "{{function_node __wrapped__SaveV2}} a/ckpt-9; No space left [Op:SaveV2]"
    training["end"] = tf.errors.ResourceExhaustedError(None, None, text)
    with pytest.raises(ArtganError, match="go on: No space left.*ckpt-4.*[Mm]ake room"):
        trained(tmp_path / "run", gan, steps=9)


def test_a_second_process_in_a_run_is_refused(gan, training, tmp_path):
    folder = tmp_path / "run"
    with open_run(folder, gan.config):
        before = contents(tmp_path)
        for fresh in (False, True):
            with pytest.raises(ArtganError, match="Another process is training in"):
                with open_run(folder, gan.config, fresh):
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
    with pytest.raises(ArtganError, match="beta_1 was 0.5 and is now 0.25.*--fresh"):
        trained(tmp_path / "run", gan, steps=9)
    assert contents(tmp_path) == before


def test_a_run_of_broken_checkpoints_is_refused_and_kept(gan, training, tmp_path):
    trained(tmp_path / "run", gan, steps=3)
    for path in (tmp_path / "run" / "checkpoints").glob("*.data*"):
        path.write_bytes(b"broken")
    before = contents(tmp_path)
    with pytest.raises(ArtganError, match="No checkpoint in .* is whole"):
        trained(tmp_path / "run", gan, steps=9)
    with pytest.raises(ArtganError, match="No checkpoint in .* is whole"):
        load_gan(tmp_path / "run")
    assert contents(tmp_path) == before


def test_a_run_is_loaded_with_its_own_config(gan, training, tmp_path, monkeypatch):
    trained(tmp_path / "run", gan, steps=3)
    monkeypatch.undo()
    loaded = load_gan(tmp_path / "run")
    assert loaded is not gan
    assert loaded.config == gan.config
    assert int(loaded.step) == 3
    pairs = zip(loaded.generator_ema.weights, gan.generator_ema.weights, strict=True)
    assert all((a.numpy() == b.numpy()).all() for a, b in pairs)


def test_an_unknown_run_is_told_the_known_ones(gan, training, tmp_path):
    with pytest.raises(ArtganError, match="no run .*nobody.* Train one first"):
        load_gan(tmp_path / "nobody")
    trained(tmp_path / "villas", gan, steps=1)
    for verb in load_gan, draw_run:
        with pytest.raises(ArtganError, match="The runs there are: villas"):
            verb(tmp_path / "nobody")


def test_a_run_without_a_checkpoint_cannot_paint(gan, tmp_path):
    with open_run(tmp_path / "run", gan.config) as (_, recorder):
        (recorder.folder / "checkpoints").mkdir(exist_ok=True)
    with pytest.raises(ArtganError, match="no checkpoint yet"):
        load_gan(tmp_path / "run")
    (tmp_path / "run" / "samples" / "0000000.png").unlink()
    with pytest.raises(ArtganError, match="no samples yet"):
        draw_run(tmp_path / "run")
