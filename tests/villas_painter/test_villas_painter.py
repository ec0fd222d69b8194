"""The painter of the bundled villas, and the pictures that ship."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.villas_painter.__main__ import main
from data.villas_painter.country import (
    arcade_villa,
    domed_villa,
    loggia_villa,
    temple_villa,
)
from data.villas_painter.light import cast_shadows, lit
from data.villas_painter.palette import PALETTES, choose_style
from data.villas_painter.plans import choose_plan
from data.villas_painter.relief import SCALE, SIZE, Relief, Site, blurred
from data.villas_painter.scene import paint_villa
from data.villas_painter.town import palazzo, pavilion, tower_villa

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "villas"
SYMMETRIC = (temple_villa, domed_villa, arcade_villa, loggia_villa,
             tower_villa, palazzo, pavilion)  # fmt: skip


@pytest.fixture(scope="module")
def first_villa():
    return paint_villa(0, 0)


def built(recipe, seed):
    random = np.random.default_rng(seed)
    site = Site(random, choose_style(random, PALETTES[0]))
    recipe(site, choose_plan(random, SIZE / 2, 104.0, 1.0))
    return site


def test_a_picture_has_the_right_shape_type_and_contrast(first_villa):
    assert first_villa.shape == (SIZE, SIZE, 3)
    assert first_villa.dtype == np.uint8
    assert first_villa.min() < 60 and first_villa.max() > 180
    assert first_villa.std() > 25


def test_the_same_seed_paints_the_same_picture(first_villa):
    np.testing.assert_array_equal(paint_villa(0, 0), first_villa)


def test_another_seed_or_number_paints_another_picture(first_villa):
    for other in (paint_villa(1, 0), paint_villa(0, 1)):
        assert np.abs(other.astype(int) - first_villa).mean() > 5


@pytest.mark.parametrize("recipe", SYMMETRIC, ids=lambda recipe: recipe.__name__)
def test_a_facade_is_symmetric_about_its_axis(recipe):
    height = blurred(built(recipe, seed=7).height, 0.5)
    mirrored = height[:, ::-1]
    assert np.mean(np.abs(height - mirrored) < 0.5) > 0.98
    assert np.ptp(height) > 4


def test_an_edge_casts_its_shadow_away_from_the_sun():
    relief = Relief()
    relief.box(0, 0, SIZE, SIZE, (0.5, 0.5, 0.5), 0.0)
    relief.box(50, 50, 60, 60, (0.5, 0.5, 0.5), 6.0)
    shadow = cast_shadows(relief, (1.0, 1.0))
    assert shadow[62 * SCALE, 62 * SCALE]
    assert not shadow[48 * SCALE, 48 * SCALE]
    assert not shadow[55 * SCALE, 55 * SCALE]
    assert not shadow[70 * SCALE, 70 * SCALE]


def test_a_column_is_bright_towards_the_sun_and_dark_behind():
    relief = Relief()
    relief.cylinder(64, 20, 110, lambda part: 10 + 0 * part, (0.5, 0.5, 0.5), 0.0)
    row = lit(relief, PALETTES[1], (1.0, 0.8))[60 * SCALE].mean(-1)
    assert row[58 * SCALE] > 1.3 * row[72 * SCALE]


def test_a_level_field_stays_level_when_blurred():
    np.testing.assert_allclose(blurred(np.full((40, 60), 2.5), 2.0), 2.5)


def test_the_command_writes_pictures_and_a_contact_sheet(tmp_path, first_villa):
    sheet = tmp_path / "sheet.png"
    folder = tmp_path / "some villas"
    code = main(["--out", str(folder), "--count", "2", "--contact-sheet", str(sheet)])
    assert code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["villa_000.jpg", "villa_001.jpg"]
    saved = np.asarray(Image.open(folder / names[0]).convert("RGB"), float)
    assert np.abs(saved - first_villa).mean() < 4
    overview = np.asarray(Image.open(sheet).convert("RGB"))
    np.testing.assert_array_equal(overview[:, :SIZE], first_villa)
    assert overview.shape == (SIZE, 2 * SIZE, 3)


def test_the_command_explains_itself(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    assert "--contact-sheet" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [["--count", "0"], ["--seed", "-1"]])
def test_the_command_refuses_numbers_that_make_no_sense(wrong, tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--out", str(tmp_path / "villas"), *wrong])
    assert stop.value.code == 2
    assert "--count starts at 1" in capsys.readouterr().err
    assert not (tmp_path / "villas").exists()


def test_the_shipped_pictures_are_whole_small_and_all_different():
    paths = sorted(SHIPPED.glob("*.jpg"))
    assert [path.name for path in paths] == [f"villa_{i:03d}.jpg" for i in range(256)]
    assert sum(path.stat().st_size for path in paths) < 3_000_000
    seen = set()
    for path in paths:
        with Image.open(path) as picture:
            assert (picture.size, picture.mode) == ((SIZE, SIZE), "RGB")
            seen.add(hashlib.sha256(picture.tobytes()).hexdigest())
    assert len(seen) == 256


def test_the_shipped_pictures_are_what_the_program_paints(first_villa):
    with Image.open(SHIPPED / "villa_000.jpg") as picture:
        shipped = np.asarray(picture, float)
    assert np.abs(shipped - first_villa).mean() < 6
