"""From an uploaded file to a seed, and sentences for what is none."""

import numpy as np
import pytest
from PIL import Image

from artgan.demo.photograph import find_photograph, read_photograph
from artgan.demo.seeds import latent_of
from artgan.system.errors import ArtganError


def test_the_middle_of_a_photograph_is_taken(photo):
    square = read_photograph(photo, 32)
    assert square.shape == (32, 32, 3) and square.dtype == np.uint8


def test_a_photograph_lies_as_its_exif_data_say(tmp_path):
    values = np.zeros([32, 32, 3], np.uint8)
    values[:16] = 255
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    Image.fromarray(values).save(tmp_path / "turned.png", exif=exif)
    assert read_photograph(tmp_path / "turned.png", 32)[-1].min() > 200


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n1234"])
def test_a_file_that_is_no_picture_is_told(tmp_path, content):
    (tmp_path / "file.png").write_bytes(content)
    with pytest.raises(ArtganError, match="This file cannot be used: "):
        read_photograph(tmp_path / "file.png", 32)


@pytest.mark.parametrize("path", [None, "", "gone.png"])
def test_no_photograph_is_a_sentence_on_the_page(models, path):
    [(shown, fraction, name)] = find_photograph(models, "villas", path, 20, {})
    assert 'role="alert"' in shown and fraction == 1 and name == ""


def test_a_search_shows_progress_and_ends_with_a_seed(models, photo):
    photographs = {}
    seen = list(find_photograph(models, "villas", photo, 6, photographs))
    assert [fraction for _, fraction, _ in seen] == [0, 0, 5 / 6, 1, 1]
    assert [name for *_, name in seen] == ["", "", "", "", "photo 1"]
    assert all('alt="Your photograph, cut to a square"' in html for html, *_ in seen)
    assert "“photo 1”" in seen[-1][0] and "began at a distance of" in seen[-1][0]
    assert latent_of(models.open("villas"), "photo 1", photographs).shape == (6,)
