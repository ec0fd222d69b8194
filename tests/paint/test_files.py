"""Files of pictures: what they say, and what stays where they cannot be written."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from artgan.paint import files
from artgan.paint.files import (
    check_targets,
    grid_of_files,
    picture_grid,
    save_picture,
    save_pictures,
    series_path,
)
from artgan.system.errors import ArtganError


def save(model, seeds, folder, kind="png"):
    """Paint seeds into files as `generate` does; return the paths."""
    paths = [series_path(model.name, [seed], folder, f".{kind}") for seed in seeds]
    facts = [model.facts((40, 40), 0.5, seed=seed) for seed in seeds]
    save_pictures(model.images(seeds, (40, 40), 0.5), paths, facts)
    return paths


def facts_in(path):
    image = Image.open(path)
    png = path.suffix == ".png"
    return image.text if png else json.loads(image.getexif()[0x010E])


@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_files_say_what_they_were_made_from(model, tmp_path, kind):
    odd = replace(model, name="caf\udce9")
    paths = save(model, [3, 12], tmp_path, kind)
    names = [f"tiny-32-seed000003.{kind}", f"tiny-32-seed000012.{kind}"]
    assert sorted(tmp_path.iterdir()) == paths == [tmp_path / name for name in names]
    assert facts_in(paths[1]) == {
        **{"weights": "tiny-32", "sha256": "c0ffee", "step": "5", "truncation": "0.5"},
        **{"size": "40, resampled from 32 by Lanczos", "seed": "12"},
    }
    wanted, image = model.generate([12], 40, 0.5), Image.open(paths[1])
    alike = np.corrcoef(wanted.ravel(), np.asarray(image).ravel())[0, 1]
    assert alike > 0.999999 if kind == "png" else alike > 0.5
    save_picture(image, tmp_path / f"a.{kind}", odd.facts(32, 1.0))
    assert facts_in(tmp_path / f"a.{kind}")["weights"] == "caf\\udce9"


def test_where_the_disk_is_full_what_is_there_is_told(model, tmp_path, monkeypatch):
    written = []

    def fill(self, path, *options, **more):
        written.append(path)
        path.write_bytes(b"half")
        if len(written) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.Image.Image, "save", fill)
    with pytest.raises(ArtganError) as caught:
        save(model, [1, 2, 3, 4], tmp_path)
    assert "No space left on device" in str(caught.value)
    assert "2 of 4 pictures are there: run this again with --force" in str(caught.value)
    assert [path.name[-5] for path in sorted(tmp_path.iterdir())] == ["1", "2"]


def test_nothing_is_painted_over_unless_forced(tmp_path):
    paths = [tmp_path / "new" / "folder" / f"{number}.png" for number in range(3)]
    assert check_targets(map(str, paths)) == paths
    paths[1].write_bytes(b"mine")
    with pytest.raises(ArtganError, match="1.png exists already.*--force"):
        check_targets(paths)
    check_targets(paths, force=True)
    assert paths[1].read_bytes() == b"mine"


@pytest.mark.parametrize("path", ["file/folder/a.png", "a\0b/c.png", None])
def test_what_cannot_be_written_is_a_sentence(tmp_path, monkeypatch, path):
    (tmp_path / "file").write_bytes(b"mine")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArtganError, match="Nothing can be written there"):
        check_targets([path])
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


@pytest.mark.parametrize("name", ["a.bmp", "a" * 300 + ".png"])
def test_another_format_or_an_impossible_name_is_a_sentence(tmp_path, name):
    with pytest.raises(ArtganError, match="is none of .png|could not be written"):
        save_picture(Image.new("RGB", (3, 3)), tmp_path / name, {})
    assert not list(tmp_path.iterdir())


def test_a_sheet_is_read_like_a_page():
    images = np.stack([np.full([4, 6, 3], 10 * n, np.uint8) for n in range(5)])
    sheet = np.asarray(picture_grid(images, columns=3, gap=2))
    assert sheet.shape == (2 * 4 + 2, 3 * 6 + 2 * 2, 3)
    for number in range(5):
        row, column = divmod(number, 3)
        top, left = row * 6, column * 8
        assert (sheet[top : top + 4, left : left + 6] == 10 * number).all()
    assert (sheet[4:6] == 255).all() and (sheet[:, 6:8] == 255).all()
    assert (sheet[6:, 16:] == 255).all()


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (4, 2, 2), (5, 3, 2)]
)
def test_a_sheet_is_about_square_unless_told(tmp_path, count, columns, rows):
    sheet = picture_grid(np.zeros([count, 4, 4, 3], np.uint8))
    assert sheet.size == (6 * columns - 2, 6 * rows - 2)
    Image.new("RGB", (600, 300)).save(tmp_path / "a.png")
    small = grid_of_files([tmp_path / "a.png"] * count)
    assert small.size == (258 * columns - 2, 130 * rows - 2)
