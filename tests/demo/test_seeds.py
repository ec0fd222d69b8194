"""Thumbnails and mixes are the pictures that the commands paint too."""

from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from painters import wild_model

from artgan.demo.seeds import CHOICES, PAGE, choices, choose, mix, thumbnails, turn
from artgan.paint.directions import name_directions
from artgan.system.arguments import LAST_SEED


@pytest.fixture
def mixed(painters):
    """Mix two seeds of a model; the picture as an array of int, and what is told."""

    def painted(*seeds, at=0.0, style=False, kinds=("any", "any"), ways=(), size=0):
        asked = "tiny", 0.6, size, *seeds, at, style, *kinds, *ways
        update, opened = mix(painters, *asked)
        return np.int32(update["value"]), update["alt_text"], opened

    return painted


@pytest.fixture
def classes(painters, tiny_config, monkeypatch):
    """A model of two classes, in place of `tiny`."""
    options = {"classes": "ducks:30,geese:10", "classes_begin": 0, "classes_full": 1}
    model = wild_model(replace(tiny_config, **options))
    monkeypatch.setattr(painters, "open", lambda name: model)
    return model


def test_a_page_shows_the_pictures_of_its_seeds(painters):
    shown = thumbnails(painters, "tiny", 0.7, 5)
    pictures, captions = zip(*shown["value"], strict=True)
    assert list(captions) == [f"seed {seed}" for seed in range(5, 5 + PAGE)]
    assert (pictures[2] == painters.open("tiny").generate([7], truncation=0.7)[0]).all()
    assert shown["selected_index"] is None  # that of the page before is no choice
    [(_, caption)] = thumbnails(painters, "tiny", 1.0, LAST_SEED)["value"]
    assert caption == f"seed {LAST_SEED}"


def test_a_page_is_turned_within_the_seeds_and_chosen_from():
    turned = [turn(-PAGE, 20), turn(-PAGE, 5), turn(-PAGE, None), turn(PAGE, LAST_SEED)]
    assert turned == [20 - PAGE, 0, 0, LAST_SEED]
    chosen = [choose(which, 24, 3, 7, SimpleNamespace(index=5)) for which in CHOICES]
    assert chosen == [(29, 7), (3, 29)]


def test_a_mix_goes_from_one_seed_to_the_other_and_has_words(painters, mixed):
    for at, seed in ((0, 3), (1, 7)):
        [wanted] = painters.open("tiny").generate([seed], truncation=0.6)
        assert (mixed(3, 7, at=at)[0] == wanted).all()
    picture, words, opened = mixed(3, 7, at=0.25, size=64)
    assert picture.shape == (64, 64, 3) and opened.startswith("tiny: your run")
    assert words == "Painted by tiny: 75 % seed 3, 25 % seed 7"


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({"ways": (0, 2.0)}, {"directions": {2: 2}}),
        ({"style": True}, {"style": 7}),
        ({"kinds": ("other model's", "any")}, {}),
    ],
)
def test_a_mix_is_what_the_command_paints(painters, mixed, options, asked):
    [wanted] = painters.open("tiny").generate([3], truncation=0.6, **asked)
    assert np.abs(mixed(3, 7, **options)[0] - wanted).max() <= 1
    assert (wanted != mixed(3, 7)[0]).any() == bool(asked)


def test_two_classes_are_mixed(classes, mixed):
    for name, at in (("ducks", 0), ("geese", 1), ("ducks:0.7,geese:0.3", 0.3)):
        [wanted] = classes.generate([3], truncation=0.6, class_name=name)
        found = mixed(3, 3, at=at, kinds=("ducks", "geese"))[0]
        assert np.abs(found - wanted).max() <= 1
    assert (found != mixed(3, 3, kinds=("ducks", "geese"))[0]).any()


def test_classes_are_offered_where_there_are_some(painters, classes):
    kind, other, *_ = choices(painters, "tiny")
    assert kind["choices"] == ["any", "ducks", "geese"] and kind["visible"]
    assert other == kind


def test_a_model_without_classes_offers_none_but_names_of_directions(painters):
    name_directions(painters.open("tiny"), {"light": 2})
    kind, other, *ways = choices(painters, "tiny")
    assert kind == other and not kind["visible"] and kind["value"] == "any"
    labels = [update["label"] for update in ways]
    assert labels[:3] == ["Direction 1", "light", "Direction 3"]


def test_what_is_typed_changes_nothing_or_is_told(painters, mixed):
    asked = "tiny", 1.0, 0, None, 7, 0.5, False, "any", "any"
    assert mix(painters, *asked) == gr.skip()
    assert thumbnails(painters, "tiny", 1.0, None) == gr.skip()
    for seed in -1, LAST_SEED + 1:
        with pytest.raises(gr.Error, match="must be a whole number from 0"):
            mixed(seed, 7)
        with pytest.raises(gr.Error, match="must be a whole number from 0"):
            thumbnails(painters, "tiny", 1.0, seed)
