import io
import json
import random
import re
import struct
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

import artgan.data.pictures
from artgan.data import one_file
from artgan.data.likeness import FLAT, GREY
from artgan.data.one_file import read_pieces
from artgan.data.pictures import batch_indices, read_picture, read_square

pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:Image size")


def saved(folder, image, name="a.png", **options):
    """Write an image into a folder and return its path."""
    image.save(folder / name, **options)
    return folder / name


def as_read(folder, image, name="a.png", **options):
    """The pixels of an image after it was written and read."""
    return np.asarray(read_picture(saved(folder, image, name, **options), 9999))


def read(path, size=16):
    """(pieces, remarks) of a file."""
    return read_pieces(path, size=size)


def reason(path):
    """Why a file is not used."""
    pieces, remarks = read(path)
    [words] = remarks
    assert not pieces
    return words


@pytest.mark.parametrize(
    ("mode", "colour", "name", "expected"),
    [
        ("L", 77, "a.png", (77, 77, 77)),
        ("1", 1, "a.tif", (255, 255, 255)),
        ("RGB", (9, 99, 200), "a.bmp", (9, 99, 200)),
        ("RGBA", (200, 0, 0, 128), "a.png", (164, 63, 63)),
        ("LA", (40, 255), "a.png", (40, 40, 40)),
        ("LA", (40, 0), "a.png", (128, 128, 128)),
        ("CMYK", (0, 255, 255, 0), "a.tif", (255, 0, 0)),
        ("CMYK", (235, 165, 55, 0), "a.jpg", (20, 90, 200)),
        ("I;16", 65535, "a.tif", (255, 255, 255)),
    ],
)
def test_every_mode_becomes_rgb(mode, colour, name, expected, tmp_path):
    pixels = as_read(tmp_path, Image.new(mode, (16, 16), colour), name)
    assert pixels.shape == (16, 16, 3)
    assert np.abs(pixels[8, 8].astype(int) - expected).max() <= 6


def test_a_palette_and_its_transparent_entry(tmp_path):
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 10, 200, 30])
    image.putpixel((0, 0), 0)
    pixels = as_read(tmp_path, image, transparency=0)
    assert pixels[1, 1].tolist() == [10, 200, 30]
    assert pixels[0, 0].tolist() == [128] * 3


@pytest.mark.parametrize("level", [0, 60, 170, 215, 254, 255])
def test_a_shape_of_any_grey_lies_on_one_ground(level, tmp_path):
    image = Image.new("RGBA", (60, 60), (level, level, level, 0))
    ImageDraw.Draw(image).ellipse((15, 15, 45, 45), fill=(level, level, level, 255))
    pixels = as_read(tmp_path, image)
    assert pixels[2, 2].tolist() == [128] * 3
    assert pixels[30, 30].tolist() == [level] * 3


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 32768, 65535]], np.uint16), (0, 127, 255)),
        (np.array([[0, 1000, 4000]], np.uint16), (0, 63, 255)),
        (np.array([[-1000, 0, 65535]], np.int32), (0, 0, 255)),
        (np.array([[0, 0.5, 1]], np.float32), (0, 127, 255)),
        (np.array([[0, 5e8, 1e9]], np.float32), (0, 127, 255)),
        (np.array([[np.nan, -np.inf, 1]], np.float32), (0, 0, 255)),
    ],
)
def test_deep_and_real_greys_become_eight_bits(values, expected, tmp_path):
    pixels = as_read(tmp_path, Image.fromarray(values), "deep.tif")
    assert pixels[0, :, 0].tolist() == list(expected)


def test_a_turned_photograph_stands_upright(tmp_path):
    image, exif = Image.new("RGB", (40, 20), "blue"), Image.Exif()
    image.paste("red", (0, 0, 20, 20))
    exif[0x0112] = 6  # the camera was turned: left becomes top
    pixels = as_read(tmp_path, image, "turned.jpg", exif=exif, quality=95)
    assert pixels.shape == (40, 20, 3)
    assert pixels[5, 10, 0] > 200 and pixels[35, 10, 2] > 200


def test_broken_exif_data_are_no_reason_to_lose_a_picture(tmp_path):
    exif = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\1" * 30
    image = Image.new("RGB", (9, 5), "teal")
    assert as_read(tmp_path, image, "a.jpg", exif=exif).shape == (5, 9, 3)


def gamma_profile(gamma):
    """An ICC profile of sRGB's primaries with another gamma: bytes."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for place in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12):
        tag, start, size = struct.unpack(">4sII", data[place : place + 12])
        if tag in (b"rTRC", b"gTRC", b"bTRC"):
            curve = struct.pack(">4sIIHH", b"curv", 0, 1, int(gamma * 256), 0)
            data[start : start + 16] = curve
        if tag == b"desc":
            data[start + 12 : start + size] = bytes(size - 12)
    return bytes(data).replace(b"sRGB", b"    ")


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (gamma_profile(1.0), 188),  # 128 is half the light
        (gamma_profile(1.0)[:200], 128),
        (b"no profile", 128),
    ],
)
def test_colours_of_a_sound_profile_become_srgb(profile, expected, tmp_path):
    image = Image.new("RGB", (16, 16), (128, 128, 128))
    path = saved(tmp_path, image, icc_profile=profile)
    assert abs(int(read(path)[0][0][8, 8, 1]) - expected) <= 2


@pytest.mark.parametrize(("kind", "count"), [("GIF", 5), ("TIFF", 3), ("MPO", 2)])
def test_more_frames_are_told_and_the_first_is_used(kind, count, tmp_path):
    frames = [Image.new("RGB", (32, 32), (0, 250 - 40 * n, 0)) for n in range(count)]
    more = {"save_all": True, "append_images": frames[1:]}
    path = saved(tmp_path, frames[0], "film", format=kind, **more)
    [piece], remarks = read(path)
    assert piece[8, 8, 1] > 240
    expected = {FLAT: ""}
    if kind != "MPO":  # a telephone's second picture is of its own use
        expected["with more frames or pages: the first is used"] = f": {count}"
    assert remarks == expected


def test_what_is_odd_about_a_picture(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, [14, 20, 4], np.uint8)
    colours = Image.fromarray(noise[..., :3])
    assert read(saved(tmp_path, colours), 16)[1] == {}
    assert read(saved(tmp_path, colours), 64)[1] == {
        "much smaller than what is painted, so blurred": ": 20x14"
    }
    assert read(saved(tmp_path, colours.convert("L")))[1] == {GREY: ""}
    assert read(saved(tmp_path, Image.fromarray(noise)))[1] == {
        "transparent, laid on grey": ""
    }
    noise[..., 3] = 255
    assert read(saved(tmp_path, Image.fromarray(noise)))[1] == {}
    dark = Image.fromarray(noise[..., :3] // 16)
    for flat in Image.new("RGB", (20, 20), "red"), dark:
        assert read(saved(tmp_path, flat))[1] == {FLAT: ""}


def png_that_claims(side):
    """A tiny PNG whose header promises a huge picture."""
    file = io.BytesIO()
    Image.new("L", (1, 1)).save(file, "PNG")
    data = bytearray(file.getvalue())
    data[16:24] = side.to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 300
PLACEHOLDERS = [b"<html>403", b"{}", b"\0" * 999, b"version https://git-lfs", b"BMW"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        *(("a.jpg", content, "without a picture") for content in PLACEHOLDERS),
        ("a.jpg", b"", "empty"),
        ("a.jpg", HEIC, "pip install pillow-heif"),
        ("a.jpg", png_that_claims(30_000), "of more than 250 megapixels"),
        ("a.NEF", b"II*\0" + b"1" * 99, "save as JPEG"),
        ("a.webp", b"RIFF0000WEBP", "without a picture"),
    ],
)
def test_a_file_that_is_not_used_has_its_reason(name, content, expected, tmp_path):
    (tmp_path / name).write_bytes(content)
    assert expected in reason(tmp_path / name)


def test_what_cannot_be_opened_or_would_run_another_program(tmp_path):
    assert reason(tmp_path / "missing.jpg").startswith("not opened: No such file")
    path = saved(tmp_path, Image.new("RGB", (9, 9)), "a.jpg", format="EPS")
    assert reason(path).startswith("without a picture")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"])
def test_damage_is_a_picture_or_a_reason(kind, tmp_path):
    draw, file = random.Random(kind), io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 256, [40, 60, 3], np.uint8)
    Image.fromarray(noise).save(file, kind)
    whole, path = file.getvalue(), tmp_path / "a.jpg"
    for _ in range(40):
        data = bytearray(whole[: draw.choice([None, draw.randrange(len(whole))])])
        for _ in range(draw.randrange(4)):
            data[draw.randrange(len(data)) // draw.choice([1, 20])] ^= draw.randrange(
                256
            )
        path.write_bytes(data)
        pieces, remarks = read(path)
        assert pieces[0].shape == (16, 16, 3) if pieces else len(remarks) == 1
    path.write_bytes(whole[: len(whole) // 2])
    assert kind == "BMP" or reason(path).startswith(("damaged", "without"))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 2)])
def test_odd_sizes_still_become_squares(tmp_path, size):
    square = read_square(saved(tmp_path, Image.new("RGB", size, "olive")), 32)
    assert square.shape == (32, 32, 3) and (square == (128, 128, 0)).all()


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_large_picture_comes_smaller(tmp_path, name):
    image = Image.linear_gradient("L").resize((3000, 1000)).convert("RGB")
    small = read_picture(saved(tmp_path, image, name), 100)
    assert 100 <= small.height <= 200 and small.width == 3 * small.height
    whole = np.asarray(image.resize(small.size), np.float32)
    assert np.abs(np.asarray(small, np.float32) - whole).mean() < 2


def test_of_huge_pictures_one_at_a_time_is_in_memory(tmp_path, monkeypatch):
    path, reading = saved(tmp_path, Image.new("L", (20, 20))), []

    def reading_alone(file, least):
        reading.append(one_file.one_huge.locked())
        return read_picture(file, least)

    monkeypatch.setattr(one_file, "read_picture", reading_alone)
    for limit in 399, 400:
        monkeypatch.setattr(one_file, "HUGE", limit)
        read(path)
    assert reading == [True, False]


def test_the_notebook_passes_over_hidden_files_and_notes(repository, tmp_path):
    stored = json.loads((repository / "GAN_generation.ipynb").read_text("utf-8"))
    sources = ["".join(cell["source"]) for cell in stored["cells"]]
    [source] = [source for source in sources if "def read_square" in source]
    for name in ("a", "sub/b.png", ".ipynb_checkpoints/c.png", ".d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        saved(tmp_path, Image.new("RGB", (40, 40), "red"), name, format="PNG")
    for name in "notes.txt", "sub/e.jpg":
        (tmp_path / name).write_text("no picture")
    names = vars(artgan.data.pictures) | {"re": re, "warnings": warnings}
    names |= {"folder": tmp_path, "size": 32, "show": print, "picture_grid": print}
    exec(source, names)
    assert names["images"].shape == (2, 32, 32, 3)
    assert list(names["problems"]) == ["sub/e.jpg"]


whole = st.integers(1, 40)
seeds = st.integers(0, 2**31 - 1)


@given(count=whole, batch_size=st.integers(1, 90), seed=seeds, shuffle=st.booleans())
def test_every_epoch_has_every_picture_once(count, batch_size, seed, shuffle):
    steps = -(-2 * count // batch_size)
    batches = [batch_indices(count, s, batch_size, seed, shuffle) for s in range(steps)]
    assert all(batch.shape == (batch_size,) for batch in batches)
    order = np.concatenate(batches)
    for epoch in order[:count], order[count : 2 * count]:
        assert sorted(epoch.tolist()) == list(range(count))
        assert shuffle or epoch.tolist() == list(range(count))


def test_a_batch_follows_from_seed_and_step_alone():
    first = batch_indices(64, 1000, 64, 3)
    assert (batch_indices(64, 1000, 64, 3) == first).all()
    others = [batch_indices(64, step, 64, seed) for step, seed in ((999, 3), (1000, 4))]
    assert all((other != first).any() for other in others)
