"""The drawings of the game and the networks: true shapes, and files that suit."""

import pytest
from draw_networks import label, main, maps_of
from PIL import Image

from artgan.gan.config import preset
from artgan.gan.discriminator import build_dcgan_discriminator
from artgan.gan.generator import build_generator

NAMES = ["discriminatorarch.png", "frozen.png", "game.png", "generatorarch.png"]


def check_drawing(path):
    """Assert that a file is a PNG that suits a page: wide, light, on white."""
    assert path.stat().st_size < 60_000
    with Image.open(path) as image:
        assert image.format == "PNG" and image.width == 1080
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_the_maps_of_the_default_are_those_of_its_layers():
    config = preset("default", size=64, precision="float32")
    painting = maps_of(build_generator(config))
    assert painting == [
        (4, 4, 256),
        (8, 8, 128),
        (16, 16, 64),
        (32, 32, 32),
        (64, 64, 3),
    ]
    judging = maps_of(build_dcgan_discriminator(config))
    assert judging[0] == (64, 64, 3) and judging[-1] == (4, 4, 128)
    assert label(painting[-1]) == "64 × 64 × 3"


def test_the_command_writes_four_drawings(tmp_path, capsys):
    picture = tmp_path / "wide.png"
    Image.linear_gradient("L").resize((90, 60)).save(picture)
    out = tmp_path / "some where" / "imgs"
    assert main(["--out", str(out), "--picture", str(picture)]) == 0
    assert sorted(path.name for path in out.iterdir()) == NAMES
    for name in NAMES:
        check_drawing(out / name)


@pytest.mark.parametrize("name", NAMES)
def test_the_drawings_of_the_repository_suit_a_page(repository, name):
    check_drawing(repository / "imgs" / name)


def test_a_missing_picture_or_folder_is_a_sentence(tmp_path, capsys):
    missing = tmp_path / "none.jpg"
    assert main(["--out", str(tmp_path), "--picture", str(missing)]) == 2
    (tmp_path / "taken").write_text("a note", encoding="utf-8")
    assert main(["--out", str(tmp_path / "taken")]) == 2
    assert capsys.readouterr().err.count("Not all is drawn") == 2
