"""Thumbnails and mixes are the pictures that the commands paint too."""

from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest

from artgan.demo.seeds import CHOICES, PAGE, choose, mix, thumbnails, way_labels
from artgan.paint.directions import name_directions
from artgan.paint.paint import paint_seeds
from artgan.system.arguments import LAST_SEED


def painted(painters, seed, truncation=1.0):
    """The picture of a seed."""
    return next(paint_seeds(painters.open("tiny"), [seed], truncation))


def test_a_page_shows_the_pictures_of_its_seeds(painters):
    shown = thumbnails(painters, "tiny", 0.7, 5)
    pictures, captions = zip(*shown["value"], strict=True)
    assert list(captions) == [f"seed {seed}" for seed in range(5, 5 + PAGE)]
    assert (pictures[2] == painted(painters, 7, 0.7)).all()
    assert shown["selected_index"] is None  # that of the page before is no choice
    [(_, caption)] = thumbnails(painters, "tiny", 1.0, LAST_SEED)["value"]
    assert caption == f"seed {LAST_SEED}"


def test_choosing_a_thumbnail_sets_a_seed():
    chosen = [choose(which, 24, 3, 7, SimpleNamespace(index=5)) for which in CHOICES]
    assert chosen == [(29, 7), (3, 29)]


def test_a_mix_goes_from_one_seed_to_the_other_and_has_words(painters):
    def mixed(fraction, size=0):
        shown, opened = mix(painters, "tiny", 0.6, size, 3, 7, fraction)
        assert opened.startswith("tiny: your run")
        return np.asarray(shown["value"]), shown["alt_text"]

    for fraction, seed in ((0, 3), (1, 7)):
        assert (mixed(fraction)[0] == painted(painters, seed, 0.6)).all()
    picture, words = mixed(0.25, 64)
    assert picture.shape == (64, 64, 3)
    assert words == "Painted by tiny: 75 % seed 3, 25 % seed 7"


def test_a_mix_moves_along_directions_and_takes_another_brushwork(painters):
    def mixed(*options):
        return np.asarray(
            mix(painters, "tiny", 1.0, 0, 3, 7, 0.0, *options)[0]["value"]
        )

    model = painters.open("tiny")
    for options, asked in (
        ((False, "any", 0, 2.0), {"directions": {2: 2}}),
        ((True, "any", 0.0, 0.0), {"style": 7}),
    ):
        [wanted] = model.generate([3], **asked)
        assert np.abs(mixed(*options) - wanted.astype(int)).max() <= 1
        assert (wanted != mixed()).any()


def test_sliders_show_the_names_of_their_directions(painters):
    name_directions(painters.open("tiny"), {"light": 2})
    labels = [update["label"] for update in way_labels(painters, "tiny")]
    assert labels[:3] == ["Direction 1", "light", "Direction 3"]
    assert (painters.runs / "tiny" / "directions.json").is_file()


def test_what_is_still_being_typed_changes_nothing(painters):
    assert mix(painters, "tiny", 1.0, 0, None, 7, 0.5) == gr.skip()
    assert thumbnails(painters, "tiny", 1.0, None) == gr.skip()


@pytest.mark.parametrize("seed", [-1, LAST_SEED + 1])
def test_what_is_no_seed_is_told(painters, seed):
    with pytest.raises(gr.Error, match="must be a whole number from 0"):
        mix(painters, "tiny", 1.0, 0, seed, 7, 0.5)
    with pytest.raises(gr.Error, match="must be a whole number from 0"):
        thumbnails(painters, "tiny", 1.0, seed)
