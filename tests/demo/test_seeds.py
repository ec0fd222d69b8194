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
    """Mix two seeds of a model; the picture as an array of int, and its words."""

    def painted(*seeds, at=0.0, style=False, kinds=("any", "any"), ways=(), size=0):
        asked = "tiny", 0.6, size, *seeds, at, style, *kinds, *ways
        update, _ = mix(painters, *asked)
        return np.int32(update["value"]), update["alt_text"]

    return painted


@pytest.fixture
def classes(painters, tiny_config, monkeypatch):
    """A model of two classes, in place of `tiny`."""
    options = {"classes": "ducks:30,geese:10", "classes_begin": 0, "classes_full": 1}
    model = wild_model(replace(tiny_config, **options))
    monkeypatch.setattr(painters, "open", lambda name: model)
    return model


def test_a_page_shows_the_pictures_of_its_seeds(painters):
    shown = thumbnails(painters, "tiny", 0.7, LAST_SEED - 2)
    pictures, captions = zip(*shown["value"], strict=True)
    assert list(captions) == [f"seed {LAST_SEED - n}" for n in (2, 1, 0)]
    wanted = painters.open("tiny").generate([LAST_SEED], truncation=0.7)
    assert (pictures[2] == wanted[0]).all()
    assert shown["selected_index"] is None  # that of the page before is no choice


def test_a_page_is_turned_within_the_seeds_and_chosen_from():
    turned = [turn(-PAGE, 20), turn(-PAGE, 5), turn(-PAGE, None), turn(PAGE, LAST_SEED)]
    assert turned == [20 - PAGE, 0, 0, LAST_SEED]
    chosen = [choose(which, 24, 3, 7, SimpleNamespace(index=5)) for which in CHOICES]
    assert chosen == [(29, 7), (3, 29)]


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({"at": 1.0}, {"seeds": [7]}),
        ({"ways": (0, 2.0)}, {"directions": {2: 2}}),
        ({"style": True}, {"style": 7}),
        ({"size": 64}, {"size": 64}),
        ({"kinds": ("another model's", "any")}, {}),
    ],
)
def test_a_mix_is_what_the_command_paints(painters, mixed, options, asked):
    picture, words = mixed(3, 7, **options)
    asked = {"seeds": [3], "truncation": 0.6} | asked
    [wanted] = painters.open("tiny").generate(**asked)
    assert np.abs(picture - wanted).max() <= 1 and words.startswith("Painted by tiny: ")


def test_two_classes_are_offered_and_mixed(classes, mixed, painters):
    kind, other, *_ = choices(painters, "tiny")
    assert kind["choices"] == ["any", "ducks", "geese"] and kind["visible"]
    assert other == kind
    pictures = []
    for name, at in (("ducks", 0), ("geese", 1), ("ducks:0.7,geese:0.3", 0.3)):
        [wanted] = classes.generate([3], truncation=0.6, class_name=name)
        pictures.append(mixed(3, 3, at=at, kinds=("ducks", "geese"))[0])
        assert np.abs(pictures[-1] - wanted).max() <= 1
    assert len({picture.tobytes() for picture in pictures}) == 3


def test_a_model_without_classes_offers_none_but_names_of_directions(painters):
    name_directions(painters.open("tiny"), {"light": 2})
    kind, other, *ways = choices(painters, "tiny")
    assert kind == other and not kind["visible"] and kind["value"] == "any"
    labels = [update["label"] for update in ways]
    assert labels[:3] == ["Direction 1", "light", "Direction 3"]


def test_what_is_typed_changes_nothing_or_is_told(painters, mixed):
    asked = 7, 0.5, False, "any", "any"
    assert mix(painters, "tiny", 1.0, 0, None, *asked) == gr.skip()
    assert thumbnails(painters, "tiny", 1.0, None) == gr.skip()
    for seed in -1, LAST_SEED + 1:
        with pytest.raises(gr.Error, match="must be a whole number from 0"):
            mixed(seed, 7)
        with pytest.raises(gr.Error, match="must be a whole number from 0"):
            thumbnails(painters, "tiny", 1.0, seed)
