import io
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from artgan.data.pictures import (
    MOST_PIXELS,
    batch_indices,
    prepare_pictures,
    read_picture,
)


def saved(folder, image, name, **options):
    """Write an image into a folder and return its path."""
    path = folder / name
    image.save(path, **options)
    return path


def colour_at(picture, x, y):
    """A pixel as a tuple of ints."""
    return tuple(int(value) for value in np.asarray(picture)[y, x])


def test_grey_becomes_rgb(tmp_path):
    path = saved(tmp_path, Image.new("L", (9, 5), 77), "grey.png")
    picture = read_picture(path)
    assert (picture.mode, picture.size) == ("RGB", (9, 5))
    assert colour_at(picture, 4, 2) == (77, 77, 77)


def test_bilevel_becomes_rgb(tmp_path):
    picture = read_picture(saved(tmp_path, Image.new("1", (4, 4), 1), "fax.tif"))
    assert colour_at(picture, 0, 0) == (255, 255, 255)


def test_a_palette_is_looked_up(tmp_path):
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 10, 200, 30])
    picture = read_picture(saved(tmp_path, image, "palette.png"))
    assert colour_at(picture, 1, 1) == (10, 200, 30)


def test_a_transparent_palette_entry_is_white(tmp_path):
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 10, 200, 30])
    image.putpixel((0, 0), 0)
    picture = read_picture(saved(tmp_path, image, "sprite.png", transparency=0))
    assert colour_at(picture, 0, 0) == (255, 255, 255)
    assert colour_at(picture, 1, 1) == (10, 200, 30)


def test_alpha_is_laid_on_white(tmp_path):
    image = Image.new("RGBA", (2, 1), (200, 0, 0, 128))
    image.putpixel((1, 0), (0, 0, 0, 0))
    picture = read_picture(saved(tmp_path, image, "glass.png"))
    assert np.abs(np.subtract(colour_at(picture, 0, 0), (227, 127, 127))).max() <= 1
    assert colour_at(picture, 1, 0) == (255, 255, 255)


def test_grey_with_alpha_is_laid_on_white(tmp_path):
    image = Image.new("LA", (2, 1), (40, 255))
    image.putpixel((1, 0), (40, 0))
    picture = read_picture(saved(tmp_path, image, "ghost.png"))
    assert colour_at(picture, 0, 0) == (40, 40, 40)
    assert colour_at(picture, 1, 0) == (255, 255, 255)


def test_cmyk_becomes_rgb(tmp_path):
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    red, green, blue = colour_at(read_picture(saved(tmp_path, image, "a.tif")), 4, 4)
    assert red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 32768, 65535]], np.uint16), (0, 127, 255)),
        (np.array([[0, 2000, 4095]], np.uint16), (0, 124, 255)),
        (np.array([[0, 0, 900]], np.uint16), (0, 0, 224)),
        (np.array([[30000, 31000, 32000]], np.uint16), (0, 127, 255)),
        (np.array([[-1000, 0, 65535]], np.int32), (0, 3, 255)),
    ],
)
def test_sixteen_bits_become_eight(tmp_path, values, expected):
    path = saved(tmp_path, Image.fromarray(values), "deep.tif")
    with Image.open(path) as file:
        assert file.mode.startswith("I")
    picture = np.asarray(read_picture(path))
    assert picture[0, :, 0].tolist() == list(expected)
    assert (picture == picture[..., :1]).all()


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0, 1e9])
def test_floats_of_any_range_become_eight_bits(tmp_path, white):
    values = np.array([[0.0, 0.0, white / 2, white]], np.float32)
    path = saved(tmp_path, Image.fromarray(values), "float.tif")
    assert np.asarray(read_picture(path))[0, :, 0].tolist() == [0, 0, 127, 255]


def test_a_float_that_is_no_number_is_black(tmp_path):
    values = np.array([[np.nan, 1.0], [np.inf, -np.inf]], np.float32)
    path = saved(tmp_path, Image.fromarray(values), "hole.tif")
    assert np.asarray(read_picture(path))[..., 0].tolist() == [[0, 255], [0, 0]]


def test_exif_orientation_is_obeyed(tmp_path):
    image = Image.new("RGB", (40, 20), "blue")
    image.paste("red", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: left becomes top
    picture = read_picture(saved(tmp_path, image, "turned.jpg", exif=exif, quality=95))
    assert picture.size == (20, 40)
    assert colour_at(picture, 10, 5)[0] > 200
    assert colour_at(picture, 10, 35)[2] > 200


def test_the_first_frame_of_an_animation_is_used(tmp_path):
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("lime", "red", "blue")]
    options = {"save_all": True, "append_images": frames[1:], "loop": 0}
    picture = read_picture(saved(tmp_path, frames[0], "film.gif", **options))
    assert colour_at(picture, 3, 3) == (0, 255, 0)


def png_that_claims(width, height, colour=0):
    """A tiny PNG whose header promises a huge picture, grey or with colour=2 RGB."""
    file = io.BytesIO()
    Image.new("L", (1, 1)).save(file, "PNG")
    data = bytearray(file.getvalue())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[25] = colour
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [30_000, 60_000])
def test_a_decompression_bomb_is_refused_unread(tmp_path, side, monkeypatch):
    assert side * side > MOST_PIXELS
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(png_that_claims(side, side))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", pytest.fail)
    [(path, picture, problem)] = prepare_pictures([bomb], 16)
    assert (path, picture) == (bomb, None)
    assert "pixels" in problem
    with pytest.raises(ValueError, match="pixels"):
        read_picture(bomb)


def test_whatever_a_decoder_raises_is_a_value_error(tmp_path, monkeypatch):
    path = saved(tmp_path, Image.new("RGB", (4, 4)), "a.png")

    def broken(image):
        raise LookupError

    monkeypatch.setattr("artgan.data.pictures.as_rgb", broken)
    with pytest.raises(ValueError, match="LookupError"):
        read_picture(path)


def test_what_another_program_would_have_to_read_is_not_opened(tmp_path):
    path = saved(tmp_path, Image.new("RGB", (9, 9)), "a.jpg", format="EPS")
    [(_, picture, problem)] = prepare_pictures([path], 16)
    assert picture is None and problem == "no picture"


def test_a_photograph_with_a_second_frame_is_a_jpeg(tmp_path):
    more = {"save_all": True, "append_images": [Image.new("RGB", (9, 9), "red")]}
    path = saved(tmp_path, Image.new("RGB", (9, 9)), "a.jpg", format="MPO", **more)
    assert read_picture(path).size == (9, 9)


def test_bad_files_are_named_with_reasons_and_the_good_one_is_used(tmp_path):
    good = saved(tmp_path, Image.new("RGB", (30, 20), "teal"), "good.jpg")
    torn, text, empty = (tmp_path / f"{name}.jpg" for name in ("torn", "text", "empty"))
    noise = np.random.default_rng(1).integers(0, 256, [64, 64, 3], np.uint8)
    Image.fromarray(noise).save(torn)
    torn.write_bytes(torn.read_bytes()[:1500])
    text.write_text("This is not a picture.", encoding="utf-8")
    empty.touch()
    missing = tmp_path / "missing.jpg"
    answers = list(prepare_pictures([torn, good, text, empty, missing], 16))
    assert [path for path, _, _ in answers] == [torn, good, text, empty, missing]
    assert [picture is None for _, picture, _ in answers] == [1, 0, 1, 1, 1]
    assert all(problem for path, _, problem in answers if path != good)
    assert answers[0][2].startswith("cut short")
    assert answers[2][2] == "no picture"
    assert answers[4][2] == "not opened (No such file or directory)"


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 2)])
def test_odd_sizes_still_become_squares(tmp_path, size):
    path = saved(tmp_path, Image.new("RGB", size, "olive"), "odd.png")
    [(_, picture, problem)] = prepare_pictures([path], 32)
    assert problem is None
    assert (picture.shape, picture.dtype) == ((32, 32, 3), np.uint8)
    assert (picture == (128, 128, 0)).all()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_data_are_no_reason_to_lose_a_picture(tmp_path):
    exif = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\1" * 30
    path = saved(tmp_path, Image.new("RGB", (9, 5), "teal"), "a.jpg", exif=exif)
    assert read_picture(path).size == (9, 5)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_large_jpeg_is_decoded_small(tmp_path, monkeypatch, progressive):
    image = Image.linear_gradient("L").resize((3000, 1000)).convert("RGB")
    path = saved(tmp_path, image, "a.jpg", progressive=progressive)
    assert read_picture(path, 100).size == (375, 125)
    small = np.asarray(read_picture(path, 100), np.float32)
    whole = np.asarray(image.resize((375, 125)), np.float32)
    assert np.abs(small - whole).mean() < 2


BIG = (3200, 3000)  # from HUGE pixels on


def big(mode):
    """A huge image with a bright left half, in any mode."""
    if mode in ("I;16", "F", "I"):
        values = np.zeros(BIG[::-1], {"I;16": "u2", "F": "f4", "I": "i4"}[mode])
        values[:, : BIG[0] // 2] = 1 if mode == "F" else 65535
        return Image.fromarray(values)
    image = Image.new("RGB", BIG, "black")
    image.paste("white", (0, 0, BIG[0] // 2, BIG[1]))
    return image.convert(mode)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"]
)
def test_a_huge_picture_of_any_mode_is_made_small_in_strips(tmp_path, mode):
    path = saved(tmp_path, big(mode), "a.tif")
    picture = read_picture(path, 128)
    assert picture.size == (-(-BIG[0] // 23), -(-BIG[1] // 23))
    values = np.asarray(picture)
    assert values[:, :60].min() >= 254 and values[:, 80:].max() <= 1


def test_a_huge_picture_keeps_its_orientation_and_transparency(tmp_path):
    image, exif = big("RGBA"), Image.Exif()
    image.putalpha(Image.new("L", BIG, 0))
    image.paste((10, 200, 30, 255), (0, 0, BIG[0], BIG[1] // 2))
    exif[0x0112] = 6
    picture = read_picture(saved(tmp_path, image, "a.png", exif=exif), 128)
    assert picture.size == (-(-BIG[1] // 23), -(-BIG[0] // 23))
    assert colour_at(picture, 120, 50) == (10, 200, 30)
    assert colour_at(picture, 10, 50) == (255, 255, 255)


def test_a_picture_that_would_fill_the_memory_is_refused_unread(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(png_that_claims(22_000, 22_000, colour=2))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", pytest.fail)
    [(_, _, problem)] = prepare_pictures([path], 16)
    assert problem.startswith("too large (22000x22000 pixels take 1.9 GB of memory")


def test_what_a_progressive_jpeg_keeps_until_its_end_counts(tmp_path, monkeypatch):
    image = Image.new("RGB", (400, 300))
    plain = saved(tmp_path, image, "plain.jpg")
    progressive = saved(tmp_path, image, "progressive.jpg", progressive=True)
    monkeypatch.setattr("artgan.data.pictures.MOST_BYTES", 400 * 300 * 6)
    problems = [why for *_, why in prepare_pictures([plain, progressive], 16)]
    assert problems[0] is None and problems[1].startswith("too large (400x300 pixels")


def test_a_limit_of_ones_own_counts(tmp_path):
    path = saved(tmp_path, Image.new("L", (30, 20)), "a.png")
    assert read_picture(path, most_pixels=600).size == (30, 20)
    with pytest.raises(ValueError, match="30x20"):
        read_picture(path, most_pixels=599)


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


@given(count=whole, step=st.integers(0, 10**7), batch_size=whole, seed=seeds)
def test_a_batch_follows_from_seed_and_step_alone(count, step, batch_size, seed):
    first = batch_indices(count, step, batch_size, seed)
    batch_indices(count, step + 1, batch_size, seed + 1)
    assert (batch_indices(count, step, batch_size, seed) == first).all()


def test_epochs_and_seeds_differ():
    orders = [batch_indices(64, epoch, 64, seed) for seed in (0, 1) for epoch in (0, 1)]
    assert len({tuple(order.tolist()) for order in orders}) == 4


def test_unshuffled_is_the_order_of_the_files():
    assert batch_indices(5, 1, 3, seed=9, shuffle=False).tolist() == [3, 4, 0]
    assert batch_indices(2, 0, 5, seed=9, shuffle=False).tolist() == [0, 1, 0, 1, 0]


def test_a_beginning_without_a_picture_is_called_damaged(tmp_path):
    for name, start in {"a.jpg": b"\xff\xd8\xff", "b.webp": b"RIFF0000WEBP"}.items():
        (tmp_path / name).write_bytes(start)
        [(_, _, problem)] = prepare_pictures([tmp_path / name], 16)
        assert problem.startswith("damaged (it begins as a picture does")
