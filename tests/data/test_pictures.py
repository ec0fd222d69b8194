import json
import re
import struct
import warnings

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

import artgan.data.pictures
from artgan.data.pictures import (
    FLAT,
    GREY,
    batch_indices,
    cut_black_bars,
    cut_pieces,
    read_picture,
    read_pieces,
)

pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:Image size")


def saved(folder, image, name="a.png", **options):
    """Write an image into a folder and return its path."""
    image.save(folder / name, **options)
    return folder / name


def as_read(folder, image, name="a.png", **options):
    """The pixels of an image after it was written and read."""
    return np.asarray(read_picture(saved(folder, image, name, **options), 9999))


def read(path, side=16):
    """(pieces, remarks) of a file."""
    return read_pieces(path, (side, side), "crop", 1, True)[:2]


@pytest.mark.parametrize(
    ("mode", "colour", "name", "expected"),
    [
        ("L", 77, "a.png", (77, 77, 77)),
        ("1", 1, "a.tif", (255, 255, 255)),
        ("RGBA", (200, 0, 0, 128), "a.png", (164, 63, 63)),
        ("LA", (40, 255), "a.png", (40, 40, 40)),
        ("LA", (40, 0), "a.png", (128, 128, 128)),
        ("LA", (255, 0), "a.png", (128, 128, 128)),
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
    assert pixels[0, :2].tolist() == [[128] * 3, [10, 200, 30]]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([[0, 32768, 65535]], np.uint16, [0, 127, 255]),
        ([[0, 1000, 4000]], np.uint16, [0, 63, 255]),
        ([[-1000, 0, 65535]], np.int32, [0, 0, 255]),
        ([[0, 0.5, 1]], np.float32, [0, 127, 255]),
        ([[np.nan, -np.inf, 1e9]], np.float32, [0, 0, 255]),
    ],
)
def test_deep_and_real_greys_become_eight_bits(values, kind, expected, tmp_path):
    pixels = as_read(tmp_path, Image.fromarray(np.array(values, kind)), "deep.tif")
    assert pixels[0, :, 0].tolist() == expected


def test_a_turned_photograph_stands_upright_and_broken_notes_are_nothing(tmp_path):
    image, exif = Image.new("RGB", (40, 20), "blue"), Image.Exif()
    image.paste("red", (0, 0, 20, 20))
    exif[0x0112] = 6  # the camera was turned: left becomes top
    pixels = as_read(tmp_path, image, "turned.jpg", exif=exif, quality=95)
    assert pixels.shape == (40, 20, 3)
    assert pixels[5, 10, 0] > 200 and pixels[35, 10, 2] > 200
    exif = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\1" * 30
    assert as_read(tmp_path, image, "a.jpg", exif=exif).shape == (20, 40, 3)


def test_colours_of_a_sound_profile_become_srgb(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"swap"), (b"gXYZ", b"rXYZ"), (b"swap", b"gXYZ")):
        profile = profile.replace(old, new)
    profile = profile.replace(b"s\0R\0G\0B", b" \0 \0 \0 ").replace(b"sRGB", b"    ")
    noise = np.random.default_rng(0).integers(0, 60, [16, 16, 3], np.uint8)
    image = Image.fromarray(noise + np.uint8([190, 0, 0]))
    for known, greenest in ((profile, True), (profile[:200], False), (b"no", False)):
        [piece], _ = read(saved(tmp_path, image, icc_profile=known))
        assert (piece[..., 1].mean() > piece[..., 0].mean()) == greenest


def test_what_is_odd_about_a_picture(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, [14, 20, 3], np.uint8)
    spot = np.zeros([32, 32, 3], np.uint8)
    spot[8:12, 8:12] = 255, 0, 0  # a small thing on black is something
    for image in spot, noise:
        assert read(path := saved(tmp_path, Image.fromarray(image)))[1] == {}
    blurred = {"much smaller than what is painted, so blurred": ": 20x14"}
    assert read(path, 64)[1] == blurred
    assert read_pieces(path, (64, 16), "crop", 1, True)[1] == blurred
    for alpha, remarks in (255, {}), (9, {"transparent, and laid on grey": ""}):
        image = Image.fromarray(noise)
        image.putalpha(alpha)
        assert read(saved(tmp_path, image))[1].items() >= remarks.items()
        assert bool(remarks) == any("transp" in w for w in read(tmp_path / "a.png")[1])
    grey = Image.fromarray(noise).convert("L")
    assert read(saved(tmp_path, grey))[1] == {GREY: ""}
    for flat in Image.new("RGB", (20, 20), "red"), Image.fromarray(noise // 16):
        assert read(saved(tmp_path, flat))[1] == {FLAT: ""}


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 300
HUGE = b"BM" + struct.pack(
    "<IIIIiiHHIIiiII", 99, 0, 54, 40, 30_000, 30_000, 1, 24, *[0] * 6
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<html>403", "without a picture"),
        (b"", "without a picture: empty"),
        (HEIC, "pip install pillow-heif"),
        (HEIC.replace(b"heic", b"isom"), "without a picture"),
        (HUGE, "of more than 250 megapixels"),
        (None, "not opened: No such file"),
    ],
)
def test_a_file_that_is_not_used_has_its_reason(content, expected, tmp_path):
    if content is not None:
        (tmp_path / "a.jpg").write_bytes(content)
    pieces, [words] = read(tmp_path / "a.jpg")
    assert not pieces and expected in words


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_large_picture_comes_smaller(tmp_path, name):
    image = Image.linear_gradient("L").resize((1600, 800)).convert("RGB")
    small = read_picture(saved(tmp_path, image, name), 50)
    assert 50 <= small.height <= 100 and small.width == 2 * small.height
    whole = np.asarray(image.resize(small.size), np.float32)
    assert np.abs(np.asarray(small, np.float32) - whole).mean() < 3


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ((0, 12, 100, 70), (100, 58)),  # a film frame
        ((5, 0, 85, 80), (80, 80)),  # an upright picture on a wide screen
        ((0, 1, 100, 79), (100, 78)),
        ((0, 12, 100, 80), (100, 80)),  # a black sky
        ((10, 12, 90, 70), (100, 80)),  # a picture on black
        ((0, 30, 100, 60), (100, 80)),  # more than half would go
        ((40, 30, 45, 40), (100, 80)),  # one lit window at night
        ((0, 0, 0, 0), (100, 80)),  # nothing but black
    ],
)
def test_bars_on_opposite_sides_are_cut_and_other_black_is_the_pictures(box, size):
    image = Image.new("RGB", (100, 80), (3, 5, 2))
    image.paste((90, 120, 40), box)
    assert cut_black_bars(image).size == size


def test_a_round_thing_on_black_stays_whole():
    for size, box in ((128, 68), (31, 1, 97, 67)), ((64, 100), (-2, 15, 66, 85)):
        image = Image.new("RGB", size, "black")
        ImageDraw.Draw(image).ellipse(box, fill="yellow")
        assert cut_black_bars(image).size == size


@pytest.mark.parametrize("fit", ["crop", "squash"])
@pytest.mark.parametrize(
    ("size", "shape"),
    [((200, 100), (64, 64)), ((100, 260), (64, 64)), ((200, 100), (96, 64))],
)
def test_crop_keeps_a_circle_a_circle_and_squash_bends_it(size, shape, fit):
    image, (x, y) = Image.new("RGB", size, (90, 90, 90)), (size[0] // 2, size[1] // 2)
    ImageDraw.Draw(image).ellipse((x - 40, y - 40, x + 40, y + 40), fill="white")
    [piece] = cut_pieces(image, shape, fit)
    assert piece.shape == (*shape[::-1], 3)
    scales = np.array(shape) / size
    scales = scales if fit == "squash" else [scales.max()] * 2
    bright = piece[..., 0] > 170
    found = [bright.any(axis=axis).sum() for axis in (0, 1)]
    assert np.abs(found - 80 * np.array(scales)).max() <= 2


@pytest.mark.parametrize("turned", [False, True])
def test_several_squares_lie_evenly_along_the_long_side(turned):
    ramp = np.arange(96, dtype=np.uint8)[None, :, None].repeat(32, 0).repeat(3, 2)
    image = Image.fromarray(ramp.transpose(1, 0, 2) if turned else ramp)
    squares = cut_pieces(image, (32, 32), crops=5)
    assert [square.min() for square in squares] == [0, 16, 32, 48, 64]
    [centre] = cut_pieces(image, (32, 32), crops=1)
    assert centre.min() == 32


def test_a_picture_of_nearly_the_shape_gives_one_piece():
    for width, shape, count in (114, (8, 8), 1), (116, (8, 8), 2), (192, (16, 8), 1):
        pieces = cut_pieces(Image.new("RGB", (width, 100)), shape, "crop", 2)
        assert len(pieces) == count


def test_the_notebook_passes_over_hidden_files_and_notes(repository, tmp_path):
    stored = json.loads((repository / "GAN_generation.ipynb").read_text("utf-8"))
    sources = ["".join(cell["source"]) for cell in stored["cells"]]
    [source] = [source for source in sources if "def read_picture" in source]
    used = ["a", "b.png", "sub/c.png", "sub/d.webp"]
    for name in (*used, ".ipynb_checkpoints/c.png", ".d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        saved(tmp_path, Image.new("RGB", (40, 40), "red"), name, format="PNG")
    for name in "notes.txt", "sub/e.jpg":
        (tmp_path / name).write_text("no picture")
    names = vars(artgan.data.pictures) | {"re": re, "warnings": warnings}
    names |= {"folder": tmp_path, "size": 32, "show": print, "picture_grid": print}
    exec(source, names)
    assert names["images"].shape == (len(used), 32, 32, 3)
    assert list(names["problems"]) == ["sub/e.jpg"]


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("batch_size", [1, 7, 90])
@pytest.mark.parametrize("count", [1, 5, 40])
def test_every_epoch_has_every_picture_once(count, batch_size, shuffle):
    steps = -(-2 * count // batch_size)
    batches = [batch_indices(count, s, batch_size, 7, shuffle) for s in range(steps)]
    assert all(batch.shape == (batch_size,) for batch in batches)
    order = np.concatenate(batches)
    for epoch in order[:count], order[count : 2 * count]:
        assert sorted(epoch.tolist()) == list(range(count))
        assert shuffle or epoch.tolist() == list(range(count))
