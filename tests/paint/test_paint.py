"""What is painted from seeds, by a model or from latents, and of which class."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from painters import wild_model
from PIL import Image

from artgan.paint.paint import (
    BATCH,
    class_row,
    class_sheet,
    paint,
    seed_labels,
    seed_latents,
    truncate,
)
from artgan.system.errors import ArtganError

NAMES = "Canaletto:30,Canella:9,Francesco Guardi:10"


@pytest.fixture(scope="module")
def classy(tiny_config):
    """A model of 64x32 pixels with three classes, in full from its first step on."""
    options = {"classes": NAMES, "classes_begin": 0, "classes_full": 1}
    return wild_model(replace(tiny_config, width=64, **options))


def test_a_picture_does_not_depend_on_the_others(model):
    seeds = [*range(BATCH + 3), 2**31 - 1]
    pictures = paint(model, seeds)
    assert pictures.shape == (BATCH + 4, 32, 32, 3) and pictures.dtype == np.uint8
    assert len({picture.tobytes() for picture in pictures}) == len(seeds)
    for number in (0, 5, BATCH, BATCH + 3):
        assert (paint(model, [seeds[number]])[0] == pictures[number]).all()
    assert (paint(model, seeds[::-1])[::-1] == pictures).all()
    assert (model.generate(seeds) == pictures).all()


def test_colours_are_scaled_by_the_range_alone(model):
    half = replace(model, config=replace(model.config, pixel_range=0.5))
    whole, twice = paint(model, [3]) / 127.5 - 1, paint(half, [3]) / 127.5 - 1
    assert np.abs(np.clip(2 * whole, -1, 1) - twice).max() < 0.02


def test_truncation_leads_to_one_picture(model):
    painted = [model.generate(range(6), truncation=psi) for psi in (1.5, 1, 0.5, 0)]
    spread = [pictures.std(axis=0).mean() for pictures in painted]
    assert spread[0] > spread[1] > spread[2] > spread[3] == 0
    assert (model.generate([3], truncation=0.2) != model.generate([3])).any()


def test_latents_are_drawn_as_the_config_says(tiny_config):
    normal = seed_latents(tiny_config, range(200))
    flat = replace(tiny_config, latent_distribution="uniform")
    uniform = seed_latents(flat, range(200))
    assert normal.shape == uniform.shape == (200, 6)
    assert np.abs(normal).max() > 2 and 0.9 < np.abs(uniform).max() <= 1
    other = replace(tiny_config, seed=4)
    assert not np.isclose(seed_latents(other, [0]), normal[0]).any()


@pytest.mark.parametrize(
    ("size", "shape"),
    [(None, (32, 64)), (np.int64(48), (48, 96)), ("48", (48, 96)), ("40x50", (50, 40))],
)
def test_a_size_is_a_height_or_a_width_and_height(classy, size, shape, tmp_path):
    pictures = classy.generate([1], size=size)
    assert pictures.shape == (1, *shape, 3)
    own = Image.fromarray(classy.generate(np.arange(1, 2))[0])
    resized = own.resize(shape[::-1], Image.Resampling.LANCZOS)
    assert (np.asarray(resized) == pictures[0]).all()
    target = tmp_path / "walk.gif"
    classy.save_walk([1, 2], target, frames=4, size=size)
    with Image.open(target) as image:
        assert image.size == shape[::-1]


@pytest.mark.parametrize("seeds", [count(), range(10**9)])
@pytest.mark.parametrize("size", [1, 4096])
def test_seeds_without_end_are_refused_before_they_are_listed(model, seeds, size):
    for paint_them in model.generate, model.walk:
        with pytest.raises(ArtganError, match="that memory holds"):
            paint_them(seeds, size=size)


@pytest.mark.parametrize("latents", ["x", [[1]], np.zeros([0, 6]), [[np.nan] * 6]])
def test_what_are_no_latents_is_told(model, latents):
    with pytest.raises(ArtganError, match=r"latents are .*takes finite"):
        model.generate(latents=latents)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("canaletto", [1, 0, 0]),
        ("FRANCESCO g", [0, 0, 1]),
        ("canaletto:0.5,guardi:1.5", [0.25, 0, 0.75]),
        ("canel, guardi", [0, 0.5, 0.5]),
    ],
)
def test_a_class_is_named_by_a_beginning_and_mixed_by_shares(classy, text, row):
    np.testing.assert_allclose(class_row(classy.config, text), [row])


@pytest.mark.parametrize("text", ["can", "monet", "", "guardi:x", "guardi:0"])
def test_an_unknown_class_lists_the_known(classy, tiny_config, text):
    with pytest.raises(ArtganError, match="Canaletto, Canella, Francesco Guardi"):
        class_row(classy.config, text)
    with pytest.raises(ArtganError, match="classes: none"):
        class_row(tiny_config, text)


def test_each_seed_has_a_class_as_often_as_pictures_have_it(classy):
    labels = seed_labels(classy.config, range(300))
    shares = np.bincount(labels) / 300
    np.testing.assert_allclose(shares, np.array([30, 9, 10]) / 49, atol=0.08)
    latents = seed_latents(classy.config, range(20, 30))
    assert (latents[:, 6:] == np.eye(3)[labels[20:30]]).all()


def test_classes_are_as_strong_as_at_the_step_and_truncation_leaves_them(classy):
    config = replace(classy.config, classes_begin=4, classes_full=12)
    strengths = [seed_latents(config, [5], step=n)[0, 6:].max() for n in (2, 4, 9)]
    assert strengths == [0, 0.5, 1]
    latents = truncate(config, seed_latents(config, [5, 6]), 0.0)
    assert not latents[:, :6].any() and (latents[:, 6:].sum(1) == 1).all()


def test_the_painter_and_its_walks_go_by_class(classy):
    names = None, "guardi", "guardi,canel"
    drawn, guardi, mixed = (classy.generate([4], class_name=x)[0] for x in names)
    name = NAMES.split(",")[seed_labels(classy.config, [4])[0]].partition(":")[0]
    assert (classy.generate([4], class_name=name)[0] == drawn).all()
    assert (guardi != mixed).any()
    given = {"latents": seed_latents(classy.config, [4]), "class_name": "guardi"}
    assert (classy.generate(**given)[0] == guardi).all()
    walk = classy.walk([4], frames=6, class_name=["guardi", "canel"])
    assert walk.shape == (6, 32, 64, 3)
    assert (walk[0] == guardi).all() and (walk != guardi).any()
    around = classy.walk([4], frames=4, class_name="guardi")
    assert (around[0] == guardi).all()
    with pytest.raises(ArtganError, match="frames must be"):
        classy.walk([4, 5], frames=7, class_name=["guardi", "canel"])
    sheet = class_sheet(classy, [3, 4])
    assert sheet.size == (2 * 66 - 2, 3 * 34 - 2)
    assert (np.asarray(sheet)[68:, 66:] == guardi).all()
