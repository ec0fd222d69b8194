import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from artgan.data.dataset import Dataset, commonest_shape
from artgan.system.errors import ArtganError


def test_usable_pictures_in_the_order_of_their_names(folder, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    dataset = Dataset(folder, 16)
    assert dataset.names == ["a.png", "b.png", "inner/c.png"]
    assert (dataset.images.shape, dataset.images.dtype) == ((3, 16, 16, 3), "u1")
    assert isinstance(dataset.images, np.memmap) and len(dataset) == 3
    colours = [tuple(image[8, 8].tolist()) for image in dataset.images]
    assert colours == [(0, 255, 0), (255, 0, 0), (0, 0, 255)]
    assert sorted(tmp_path.rglob("*")) == before  # nothing is written beside them


def test_too_few_usable_pictures_and_the_reasons_are_told(folder, tmp_path):
    for name in ("a.png", "inner/c.png"):
        (folder / name).write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(ArtganError) as caught:
        Dataset(folder, 16)
    for words in "1 usable picture;", "without a picture", "damaged", "torn.png":
        assert words in str(caught.value)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ArtganError, match="0 usable pictures.* 0 files: 0 used"):
        Dataset(tmp_path / "nothing", 16)


def test_a_size_is_a_number_or_two_or_a_word(folder):
    for size in [np.int32(8), 16], (8, 16), "8x16":
        assert Dataset(folder, size).images.shape == (3, 16, 8, 3)
    assert Dataset(folder, "16").images.shape == (3, 16, 16, 3)


@pytest.mark.parametrize(
    "options",
    [{"size": size} for size in (0, 10**9, 1.5, None, True, "", "16x", "1x2x3", (0, 4))]
    + [{"fit": "stretch"}, {"crops": 0}],
)
def test_another_size_or_way_is_a_sentence(folder, options):
    [name] = options
    with pytest.raises(ArtganError, match=rf"{name} must be .*\.$"):
        Dataset(folder, **{"size": 16} | options)


def test_the_settings_of_a_run(folder):
    film = Image.new("RGB", (40, 30), "white")
    film.paste("black", (0, 0, 40, 5)), film.paste("black", (0, 25, 40, 30))
    film.save(folder / "a.png"), film.save(folder / "b.png")
    config = SimpleNamespace(shape=(16, 32), fit="squash", crops=1, cut_bars=False)
    dataset = Dataset.as_in(config, folder)
    assert dataset.images.shape == (3, 16, 32, 3) and dataset.images[0].min() == 0
    without = Dataset(folder, 16)
    assert without.images[0].min() == 255
    assert (dataset.stretch, without.stretch) == (round(40 / 30 / 2, 3), 40 / 20)


def test_the_commonest_shape(tmp_path, fill):
    exif = Image.Exif()
    exif[0x0112] = 6
    fill(tmp_path, 3, size=(400, 300))
    for number in range(4):
        Image.new("RGB", (600, 400)).save(tmp_path / f"{number}.jpg", exif=exif)
    (tmp_path / "notes.jpg").write_text("no picture")
    assert commonest_shape(tmp_path) == (128, 192)
    assert Dataset(tmp_path, 16).stretch == round(400 / 600, 3)
    fill(tmp_path / "wide", 6, size=(900, 90))
    assert commonest_shape(tmp_path / "wide") == (1024, 128)


def test_several_pieces_of_an_oblong_picture(folder):
    wide = Image.new("RGB", (90, 30), "red")
    wide.paste("lime", (30, 0, 60, 30))
    wide.paste("blue", (60, 0, 90, 30))
    wide.save(folder / "wide.png")
    dataset = Dataset(folder, 16, crops=3)
    rows = [i for i, name in enumerate(dataset.names) if name == "wide.png"]
    colours = [dataset.images[row, 8, 8].tolist() for row in rows]
    assert colours == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    assert "7 files: 4 used (as 12 pieces)." in dataset.report()


def test_the_fingerprint_is_that_of_the_pixels(folder):
    first = Dataset(folder, 16).fingerprint
    assert len(first) == 16
    (folder / "more notes.txt").touch()
    (folder / "a.png").rename(folder / "aa.png")
    assert Dataset(folder, 16).fingerprint == first
    assert Dataset(folder, (8, 16)).fingerprint != Dataset(folder, 8).fingerprint
    Image.new("RGB", (40, 30), "white").save(folder / "aa.png")
    assert Dataset(folder, 16).fingerprint != first


def test_the_report_names_what_to_look_at(tmp_path, fill):
    fill(tmp_path, 4), fill(tmp_path, 6, "L", name="grey {}.png", seed=1)
    shutil.copy(tmp_path / "1.png", tmp_path / "x\n.jpg")
    for number in range(4):
        flat = Image.new("RGB", (40, 30), (40, 60 * number, 9))
        flat.save(tmp_path / f"flat{number}.png")
    for name in "dataset.json", "metadata.csv", ".hidden":
        (tmp_path / name).write_text("[]")
    expected = (
        "15 files: all used. 3 passed over: hidden, notes, raw photographs, runs or "
        "not opened (.hidden, dataset.json, metadata.csv); 1 the same as another "
        r"(x\n.jpg: 1.png); 4 of one colour or nearly black (flat0.png, flat1.png, "
        "flat2.png, ...); 6 grey, and teach grey: move them out to leave them out "
        "(grey 0.png, grey 1.png, grey 2.png, ...)."
    )
    for _ in range(2):  # the second time it comes from the cache
        assert Dataset(tmp_path, 16).report() == expected
    blurred = "15 much smaller than what is painted, so blurred (0.png: 40x30, "
    assert blurred in Dataset(tmp_path, 64).report()
    for path in tmp_path.glob("[0-9fx]*"):
        path.unlink()
    assert "grey, and" not in Dataset(tmp_path, 16).report()
