"""What a training is asked for, told before anything heavy is loaded."""

import numpy as np
import pytest
from PIL import Image

from artgan.runs.begin import load_dataset, plan_training
from artgan.system.errors import ArtganError


@pytest.fixture
def saved(run, tmp_path):
    """The run after it saved once, its three pictures drawn."""
    (run.checkpoints / "step-0000009.safetensors").touch()
    draw = np.random.default_rng(0)
    for number in range(3):
        values = draw.integers(0, 256, [40, 40, 3], np.uint8)
        Image.fromarray(values).save(tmp_path / "photos" / f"{number}.png")
    return run


def plan(run, data=None, **options):
    """What `artgan train --run mine` plans."""
    return plan_training(data, run.name, run.folder.parent, **{"changes": {}} | options)


def test_a_run_goes_on_as_it_began(saved, tmp_path, tiny_config):
    found = plan(saved)
    assert (found.config, found.pictures) == (tiny_config, tmp_path / "photos")
    assert not found.begins and plan(saved, fresh=True).begins


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"changes": {"beta_1": 0.3}}, "beta_1 was 0.0 and is now 0.3. Nothing was"),
        ({"preset": "dcgan"}, "more. Nothing was changed. Leave them out"),
        ({"warm_start": "vedute"}, "began with noise. Nothing.*--from"),
        ({"warm_start": ""}, "warm_start must be the path"),
        ({"data": ""}, "data must be the path"),
        ({"data": b"photos"}, "data must be the path"),
        ({"data": 7 * [0]}, "data must be the path"),
    ],
)
def test_what_is_not_as_it_began_is_refused(saved, contents, options, words):
    before = contents(saved.folder)
    with pytest.raises(ArtganError, match=words):
        plan(saved, **options)
    assert contents(saved.folder) == before


def test_a_run_that_saved_nothing_takes_other_settings_and_begins_again(
    run, pictures, tiny_config, tmp_path, monkeypatch
):
    monkeypatch.setattr("artgan.runs.begin.resolve", lambda *names: names)
    run.write(tiny_config, pictures, "vedute")
    assert plan(run, changes={"batch_size": 3}).config.batch_size == 3
    assert plan(run).warm_start == "vedute" and plan(run).begins
    assert plan(run, warm_start="flowers").warm_start == "flowers"
    (run.checkpoints / "step-0000009.safetensors").touch()
    assert not plan(run, warm_start="vedute").begins  # the same command goes on
    with pytest.raises(ArtganError, match="began with vedute"):
        plan(run, warm_start="flowers")


def test_a_run_of_an_older_program_takes_the_default_of_a_new_field(saved):
    text = saved.file.read_text("utf-8").replace('"crops": 3,', "")
    saved.file.write_text(text, "utf-8")
    assert plan(saved).config.crops == 3


def test_other_pictures_are_told_with_how_to_go_on(saved, tmp_path, capsys):
    with pytest.raises(ArtganError) as caught:
        load_dataset(plan(saved))
    words = f"{caught.value}"
    assert "not those that mine learns from: it had 3 in" in words
    for way in "--new-data", "--from mine", "--fresh":
        assert way in words
    assert len(load_dataset(plan(saved, new_data=True))) == 3
    assert len(load_dataset(plan(saved, fresh=True))) == 3


def test_a_run_is_named_after_its_pictures(tmp_path, monkeypatch):
    (tmp_path / "my [1] photos").mkdir()
    monkeypatch.chdir(tmp_path)
    found = plan_training("my [1] photos", None, changes={})
    assert found.run.name == "my -1- photos" and str(found.runs) == "runs"
    for name in "../up", "a\0b", "x" * 300, "":
        with pytest.raises(ArtganError, match="run must be a plain name"):
            plan_training("my [1] photos", name, changes={})
    with pytest.raises(ArtganError, match="Name a folder of pictures"):
        plan_training(None, None, changes={})
    with pytest.raises(ArtganError, match="There is no model 'nobody'"):
        plan_training("my [1] photos", None, changes={}, warm_start="nobody")
