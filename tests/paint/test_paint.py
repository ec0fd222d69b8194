"""What is painted from seeds, and what the files of it say."""

import json
from dataclasses import replace

import numpy as np
import pytest
from painters import wild_model
from PIL import Image

import artgan.paint.paint
from artgan.paint.grid import generate
from artgan.paint.paint import (
    BATCH,
    check_targets,
    facts_of,
    paint_files,
    paint_seeds,
    picture_paths,
    resample,
    save_grid,
    seed_latents,
    series_path,
)
from artgan.system.errors import ArtganError


@pytest.fixture(scope="module")
def model(tiny_config):
    return wild_model(tiny_config)


def painted(model, seeds, truncation=1.0):
    return np.stack(list(paint_seeds(model, seeds, truncation)))


def test_a_picture_does_not_depend_on_the_others(model):
    seeds = [*range(BATCH + 3), 2**31 - 1]
    pictures = painted(model, seeds)
    assert pictures.shape == (BATCH + 4, 32, 32, 3) and pictures.dtype == np.uint8
    assert len({picture.tobytes() for picture in pictures}) == len(seeds)
    for number in (0, 5, BATCH, BATCH + 3):
        assert (painted(model, [seeds[number]])[0] == pictures[number]).all()
    assert (painted(model, seeds[::-1])[::-1] == pictures).all()


def test_a_seed_means_the_same_as_in_the_gallery(model):
    ours, theirs = painted(model, [9])[0], generate(model, 1, 9)[0]
    assert np.abs(ours.astype(int) - theirs).max() <= 1


def test_truncation_leads_to_one_picture(model):
    spread = [painted(model, range(6), psi).std(axis=0).mean() for psi in (1, 0.5, 0)]
    assert spread[0] > spread[1] > spread[2] == 0


def test_latents_are_drawn_as_the_config_says(tiny_config):
    normal = seed_latents(tiny_config, range(200))
    flat = replace(tiny_config, latent_distribution="uniform")
    uniform = seed_latents(flat, range(200))
    assert normal.shape == uniform.shape == (200, 6)
    assert np.abs(normal).max() > 2 and 0.9 < np.abs(uniform).max() <= 1


@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_files_say_what_they_were_made_from(model, tmp_path, kind):
    paths = picture_paths(model, [3, 12], tmp_path, kind)
    assert [path.name for path in paths] == [
        f"tiny-32-seed000003.{kind}",
        f"tiny-32-seed000012.{kind}",
    ]
    paint_files(model, [3, 12], paths, 40, 0.5)
    assert sorted(tmp_path.iterdir()) == paths
    image = Image.open(paths[1])
    facts = image.text if kind == "png" else json.loads(image.getexif()[0x010E])
    assert image.size == (40, 40)
    assert facts == {
        "weights": "tiny-32",
        "sha256": "c0ffee",
        "step": "5",
        "truncation": "0.5",
        "size": "40, resampled from 32 by Lanczos",
        "seed": "12",
    }
    wanted = np.asarray(resample(painted(model, [12], 0.5)[0], 40))
    alike = np.corrcoef(wanted.ravel(), np.asarray(image).ravel())[0, 1]
    assert alike > 0.999999 if kind == "png" else alike > 0.5


@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_a_name_that_is_no_text_is_told_in_escapes(model, tmp_path, kind):
    odd = replace(model, name="caf\udce9")
    path = tmp_path / f"a.{kind}"
    paint_files(odd, [3], [path], 32)
    image = Image.open(path)
    facts = image.text if kind == "png" else json.loads(image.getexif()[0x010E])
    assert facts["weights"] == "caf\\udce9"


def test_the_same_seed_gives_the_same_file(model, tmp_path):
    for seeds, folder in (([1, 2, 3], "many"), ([2], "one")):
        (tmp_path / folder).mkdir()
        paths = picture_paths(model, seeds, tmp_path / folder)
        paint_files(model, seeds, paths, 32)
    name = "tiny-32-seed000002.png"
    many, one = tmp_path / "many" / name, tmp_path / "one" / name
    assert many.read_bytes() == one.read_bytes()
    assert Image.open(one).text["size"] == "32"


def test_where_the_disk_is_full_what_is_there_is_told(model, tmp_path, monkeypatch):
    def save(image, path, facts):
        if path.name.endswith("3.png"):
            raise OSError(28, "No space left on device")
        path.touch()

    monkeypatch.setattr(artgan.paint.paint, "save_picture", save)
    paths = picture_paths(model, [1, 2, 3, 4], tmp_path)
    with pytest.raises(ArtganError) as caught:
        paint_files(model, [1, 2, 3, 4], paths, 32)
    assert "No space left on device); 2 of 4 pictures are there" in str(caught.value)
    assert [path.exists() for path in paths] == [True, True, False, False]


def test_only_other_sizes_are_resampled(model):
    picture = painted(model, [0])[0]
    assert (np.asarray(resample(picture, 32)) == picture).all()
    assert resample(picture, 45).size == (45, 45)
    assert facts_of(model, 32, 1.0)["size"] == "32"


def test_nothing_is_painted_over_unless_forced(model, tmp_path):
    paths = picture_paths(model, [0, 1, 2], tmp_path / "new" / "folder")
    check_targets(paths)
    for path in paths[1:]:
        path.write_bytes(b"mine")
    with pytest.raises(ArtganError, match="seed000001.png and 1 more exist.*--force"):
        check_targets(paths)
    check_targets(paths, force=True)
    assert paths[1].read_bytes() == b"mine"


def test_a_folder_that_cannot_be_written_is_a_sentence(model, tmp_path):
    (tmp_path / "file").write_bytes(b"mine")
    paths = picture_paths(model, [0], tmp_path / "file" / "folder")
    with pytest.raises(ArtganError, match="Nothing can be written into"):
        check_targets(paths)
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_grid_shows_the_first_64(model, tmp_path):
    seeds = range(70)
    paths = picture_paths(model, seeds, tmp_path)
    paint_files(model, seeds, paths, 32)
    target = series_path(model, seeds, tmp_path, "-grid.png")
    assert target.name == "tiny-32-seed000000-and-69-more-grid.png"
    save_grid(paths, target, {"seeds": "0-69"}, side=16)
    grid = Image.open(target)
    assert grid.size == (8 * 18 - 2, 8 * 18 - 2) and grid.text == {"seeds": "0-69"}
