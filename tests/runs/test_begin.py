"""What a training is asked for, told before anything heavy is loaded."""

from dataclasses import replace
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from PIL import Image

from artgan.data.dataset import Dataset
from artgan.gan.config import Config
from artgan.runs.begin import load_dataset, plan_training
from artgan.system.errors import ArtganError


@pytest.fixture
def saved(run):
    """The run after it saved once."""
    (run.checkpoints / "step-0000009.safetensors").touch()
    return run


def plan(run, data=None, **options):
    """What `artgan train --run mine` plans."""
    return plan_training(data, run.name, run.folder.parent, **{"changes": {}} | options)


def test_a_run_goes_on_as_it_began(saved, photos, tiny_config):
    found = plan(saved)
    assert (found.config, found.pictures) == (tiny_config, photos)
    assert not found.begins and plan(saved, fresh=True).begins
    text = saved.file.read_text("utf-8").replace('"crops": 3,', "")
    saved.file.write_text(text, "utf-8")  # as an older program wrote it
    assert plan(saved).config.crops == 3


def test_the_same_words_of_preset_and_classes_go_on(saved, photos, tiny_config):
    words = {"preset": "default", "changes": {"size": 32, "classes_from": "folder"}}
    began = replace(plan(saved, fresh=True, **words).config, classes="a:12,b:9")
    saved.write(began, Dataset.as_in(tiny_config, photos))
    assert plan(saved, **words).config == began


def test_a_width_may_be_told_beside_the_size(run):
    for changes in {"size": 128, "width": 192}, {"size": "192x128"}:
        assert plan(run, fresh=True, changes=changes).config.shape == (128, 192)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"changes": {"beta_1": 0.3}}, "beta_1 was 0.0 and is now 0.3. Nothing was"),
        ({"preset": "dcgan"}, "more. Nothing was changed. Leave them out"),
        ({"warm_start": "vedute"}, "began with noise. Nothing.*--from"),
        ({"warm_start": ""}, "warm_start must be the path"),
        ({"data": b"photos"}, "data must be the path"),
    ],
)
def test_what_is_not_as_it_began_is_refused(saved, contents, options, words):
    before = contents(saved.folder)
    with pytest.raises(ArtganError, match=words):
        plan(saved, **options)
    assert contents(saved.folder) == before


def test_a_run_that_saved_nothing_takes_new_settings_and_begins_again(run, monkeypatch):
    read = "artgan.runs.begin.first_whole", "artgan.runs.begin.resolve"
    for name in read:
        monkeypatch.setattr(name, MagicMock())
    text = run.file.read_text("utf-8")
    run.file.write_text(text.replace('"warm_start": null', '"warm_start": "vedute"'))
    assert plan(run, changes={"batch_size": 3}).config.batch_size == 3
    assert plan(run).warm_start == "vedute" and plan(run).begins
    assert plan(run, warm_start="flowers").warm_start == "flowers"
    (run.checkpoints / "step-0000009.safetensors").touch()
    assert not plan(run, warm_start="vedute").begins  # the same command goes on
    with pytest.raises(ArtganError, match="began with vedute"):
        plan(run, warm_start="flowers")


def test_it_is_built_as_the_model_that_it_begins_with(run, photos):
    def shape(**asked):
        config = plan_training(photos, "new", run.folder.parent, **asked).config
        return config.size, config.base_channels, config.generator_learning_rate

    rate = Config().generator_learning_rate
    assert shape(changes={}, warm_start="flowers") == (256, 8, rate)
    assert shape(changes={"size": 128}, warm_start="flowers") == (128, 8, rate)
    assert shape(changes={}, warm_start="flowers", preset="default") == (128, 16, rate)


def test_fresh_starts_over_with_the_settings_it_had(saved):
    assert plan(saved, fresh=True).config == plan(saved).config
    assert plan(saved, fresh=True, preset="default").config.size == 128


def test_other_pictures_are_told_with_how_to_go_on(saved, photos):
    assert len(load_dataset(plan(saved))) == 3
    Image.new("RGB", (40, 40)).save(photos / "more.png")
    ways = (
        "not those that mine learns from: it had 3 pieces.*new-data.*from mine.*fresh"
    )
    with pytest.raises(ArtganError, match=ways):
        load_dataset(plan(saved))
    others = load_dataset(plan(saved, new_data=True))
    assert len(others) == 4
    measured = saved.log, saved.checkpoints / "best.safetensors"
    for path in measured:
        path.touch()
    saved.write(plan(saved).config, others)
    assert not any(path.exists() for path in measured)  # they were of the three
    assert all(Path(f"{path}.old").exists() for path in measured)
    assert len(load_dataset(plan(saved, fresh=True))) == 4
