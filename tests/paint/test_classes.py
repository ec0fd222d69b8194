"""Painting with classes: by name, drawn for each seed, mixed, and walked between."""

from dataclasses import replace

import numpy as np
import pytest
from painters import wild_model
from PIL import Image

from artgan.paint.classes import class_row, class_sheet
from artgan.paint.paint import paint_seeds, seed_labels, seed_latents, truncate
from artgan.paint.walk import blend
from artgan.system.errors import ArtganError

NAMES = "Canaletto:30,Canella:9,Guardi, Francesco:10".replace(", ", " ")


@pytest.fixture(scope="module")
def model(tiny_config):
    """A model of 64x32 pixels with three classes, in full from its first step on."""
    options = {"classes": NAMES, "classes_begin": 0, "classes_full": 1}
    return wild_model(replace(tiny_config, width=64, **options))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("canaletto", [1, 0, 0]),
        ("GUARDI f", [0, 0, 1]),
        ("canaletto:0.5,guardi:1.5", [0.25, 0, 0.75]),
        ("canel, guardi", [0, 0.5, 0.5]),
    ],
)
def test_a_class_is_named_by_its_beginning_and_mixed_by_shares(model, text, row):
    np.testing.assert_allclose(class_row(model.config, text), [row])


@pytest.mark.parametrize("text", ["can", "monet", "", "guardi:x", "guardi:0", "3"])
def test_an_unknown_class_lists_the_known(model, tiny_config, text):
    with pytest.raises(ArtganError, match="Canaletto, Canella, Guardi Francesco"):
        class_row(model.config, text)
    with pytest.raises(ArtganError, match="classes: none"):
        class_row(tiny_config, text)


def test_each_seed_has_a_class_as_often_as_pictures_have_it(model):
    labels = seed_labels(model.config, range(300))
    shares = np.bincount(labels) / 300
    np.testing.assert_allclose(shares, np.array([30, 9, 10]) / 49, atol=0.08)
    latents = seed_latents(model.config, range(20, 30))
    assert (latents[:, 6:] == np.eye(3)[labels[20:30]]).all()


def test_classes_are_as_strong_as_at_the_step_and_truncation_leaves_them(model):
    config = replace(model.config, classes_begin=4, classes_full=12)
    strengths = [seed_latents(config, [5], step=n)[0, 6:].max() for n in (2, 4, 9)]
    assert strengths == [0, 0.5, 1]
    latents = truncate(config, seed_latents(config, [5, 6]), 0.0)
    assert not latents[:, :6].any() and (latents[:, 6:].sum(1) == 1).all()


def test_between_classes_latents_turn_and_classes_mix(model):
    start, end = (seed_latents(model.config, [4], row)[0] for row in np.eye(3)[:2])
    middle = blend(model.config, start, end, 0.25)
    np.testing.assert_allclose(middle[:6], start[:6], rtol=1e-3)
    np.testing.assert_allclose(middle[6:], [0.75, 0.25, 0])


def test_a_model_with_classes_paints_its_seeds_in_its_shape(model):
    [picture] = paint_seeds(model, [4])
    assert picture.shape == (32, 64, 3)


def test_the_painter_and_its_walks_go_by_class(model):
    [drawn], [guardi], [mixed] = (
        model.generate([4], class_name=name)
        for name in (None, "guardi", "guardi,canel")
    )
    name = NAMES.split(",")[seed_labels(model.config, [4])[0]].partition(":")[0]
    assert (model.generate([4], class_name=name)[0] == drawn).all()
    assert (guardi != mixed).any()
    walk = model.walk([4], frames=6, class_name=["guardi", "canel"])
    assert walk.shape == (6, 32, 64, 3)
    assert (walk[0] == guardi).all() and (walk != guardi).any()
    around = model.walk([4], frames=4, class_name="guardi")
    assert (around[0] == guardi).all()
    with pytest.raises(ArtganError, match="frames must be"):
        model.walk([4, 5], frames=7, class_name=["guardi", "canel"])


@pytest.mark.parametrize(
    ("size", "shape"), [(None, (32, 64)), (48, (48, 96)), ("40x50", (50, 40))]
)
def test_a_size_is_a_height_or_a_width_and_height(model, size, shape, tmp_path):
    assert model.generate([1], size=size).shape == (1, *shape, 3)
    target = tmp_path / "walk.gif"
    model.save_walk([1, 2], target, frames=4, size=size)
    with Image.open(target) as image:
        assert image.size == shape[::-1]


def test_a_sheet_has_a_row_for_each_class(model):
    sheet = class_sheet(model, [3, 4], 1.0)
    assert sheet.size == (2 * 66 - 2, 3 * 34 - 2)


def test_a_picture_of_a_model_with_classes_is_found_again(model):
    latents = model.invert(model.generate([3], class_name="guardi")[0], steps=2)
    assert latents.shape == (1, 9) and (latents[:, 6:] >= 0).all()
