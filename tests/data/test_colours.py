import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from artgan.data.colours import as_rgb, lay_on_background
from artgan.data.pictures import read_picture


def shape(colour, mode="RGBA"):
    """A disc of one colour on nothing at all."""
    image = Image.new("RGBA", (60, 60), (*colour, 0))
    ImageDraw.Draw(image).ellipse((15, 15, 45, 45), fill=(*colour, 255))
    return image.convert(mode)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("level", [255, 240, 215])
def test_a_white_shape_is_laid_on_black(mode, level):
    picture = np.asarray(as_rgb(shape((level, level, level), mode)))
    assert picture[2, 2].tolist() == [0, 0, 0]
    assert picture[30, 30].tolist() == [level] * 3


@pytest.mark.parametrize("colour", [(0, 0, 0), (180, 180, 180), (255, 60, 0)])
def test_any_other_shape_is_laid_on_white(colour):
    picture = np.asarray(as_rgb(shape(colour)))
    assert picture[2, 2].tolist() == [255, 255, 255]
    assert picture[30, 30].tolist() == list(colour)


def test_nothing_visible_is_white():
    image = Image.new("RGBA", (9, 9), (255, 255, 255, 0))
    assert np.asarray(lay_on_background(image)).min() == 255


def test_a_transparent_colour_of_rgb_and_grey(tmp_path):
    for mode, black, white in ("RGB", (0, 0, 0), (255, 255, 255)), ("L", 0, 255):
        image = Image.new(mode, (9, 9), black)
        image.paste(white, (3, 3, 6, 6))
        image.save(tmp_path / "a.png", transparency=white)
        assert np.asarray(read_picture(tmp_path / "a.png"))[4, 4].tolist() == [255] * 3
        image.save(tmp_path / "a.png", transparency=black)
        assert np.asarray(read_picture(tmp_path / "a.png"))[0, 0].tolist() == [0] * 3


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_first_frame_of_each_kind_of_animation(kind, tmp_path):
    frames = [Image.new("RGB", (32, 32), c) for c in ("lime", "red", "blue")]
    more = {"save_all": True, "append_images": frames[1:], "duration": 100}
    frames[0].save(tmp_path / "film", kind, **more)
    red, green, blue = np.asarray(read_picture(tmp_path / "film"))[9, 9]
    assert green > 240 and max(red, blue) < 15


def ycck_jpeg(rgb):
    """A YCCK JPEG of one colour, as Adobe's programs write it."""
    inks = Image.new("RGB", (16, 16), tuple(255 - level for level in rgb))
    stored = [255 - np.asarray(band) for band in inks.convert("YCbCr").split()]
    stored.append(np.zeros([16, 16], np.uint8))  # Pillow inverts what it stores
    file = io.BytesIO()
    Image.fromarray(np.stack(stored, axis=2), "CMYK").save(file, "JPEG", quality=100)
    data = bytearray(file.getvalue())
    place = data.index(b"Adobe") + 11
    assert data[place] == 0
    data[place] = 2  # the colours are transformed
    return bytes(data)


@pytest.mark.parametrize("rgb", [(255, 0, 0), (255, 255, 255), (20, 90, 200)])
def test_jpegs_of_adobe_are_no_negatives(rgb, tmp_path):
    cmyk = Image.new("CMYK", (16, 16), (*(255 - level for level in rgb), 0))
    cmyk.save(tmp_path / "cmyk.jpg", quality=100)
    (tmp_path / "ycck.jpg").write_bytes(ycck_jpeg(rgb))
    for name in "cmyk.jpg", "ycck.jpg":
        picture = np.asarray(read_picture(tmp_path / name), np.int32)
        assert np.abs(picture - rgb).max() < 6, name


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


def test_colours_of_a_profile_become_srgb():
    image = Image.new("RGB", (4, 4), (128, 128, 128))
    image.info["icc_profile"] = gamma_profile(1.0)  # 128 is half the light
    assert abs(as_rgb(image).getpixel((0, 0))[1] - 188) <= 2
    assert abs(as_rgb(image.convert("RGBA")).getpixel((0, 0))[1] - 188) <= 2


@pytest.mark.parametrize("profile", [b"no profile", gamma_profile(1.0)[:200]])
def test_a_broken_profile_is_ignored(profile):
    image = Image.new("RGB", (4, 4), (200, 100, 50))
    image.info["icc_profile"] = profile
    assert as_rgb(image).getpixel((0, 0)) == (200, 100, 50)
