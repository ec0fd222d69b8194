import io
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from artgan.data.pictures import (
    MOST_PIXELS,
    batch_indices,
    cut_black_bars,
    prepare_pictures,
    read_picture,
    square_picture,
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
        (np.array([[0, 500, 1000]], np.uint16), (0, 1, 3)),
    ],
)
def test_sixteen_bits_become_eight(tmp_path, values, expected):
    path = saved(tmp_path, Image.fromarray(values), "deep.png")
    with Image.open(path) as file:
        assert file.mode.startswith("I")
    picture = np.asarray(read_picture(path))
    assert picture[0, :, 0].tolist() == list(expected)
    assert (picture == picture[..., :1]).all()


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0, 1e9])
def test_floats_of_any_range_become_eight_bits(tmp_path, white):
    values = np.array([[-1.0, 0.0, white / 2, white]], np.float32)
    path = saved(tmp_path, Image.fromarray(values), "float.tif")
    assert np.asarray(read_picture(path))[0, :, 0].tolist() == [0, 0, 127, 255]


def test_a_float_that_is_no_number_is_black(tmp_path):
    values = np.array([[np.nan, 1.0]], np.float32)
    path = saved(tmp_path, Image.fromarray(values), "hole.tif")
    assert np.asarray(read_picture(path))[0, :, 0].tolist() == [0, 255]


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


def png_that_claims(width, height):
    """A tiny PNG whose header promises a huge picture."""
    file = io.BytesIO()
    Image.new("L", (1, 1)).save(file, "PNG")
    data = bytearray(file.getvalue())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [9_000, 60_000])
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

    monkeypatch.setattr("PIL.ImageOps.exif_transpose", broken)
    with pytest.raises(ValueError, match="LookupError"):
        read_picture(path)


def test_what_another_program_would_have_to_read_is_not_opened(tmp_path):
    path = saved(tmp_path, Image.new("RGB", (9, 9)), "a.jpg", format="EPS")
    [(_, picture, problem)] = prepare_pictures([path], 16)
    assert picture is None and "cannot identify" in problem


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
    assert "truncated" in answers[0][2]


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 2)])
def test_odd_sizes_still_become_squares(tmp_path, size):
    path = saved(tmp_path, Image.new("RGB", size, "olive"), "odd.png")
    [(_, picture, problem)] = prepare_pictures([path], 32)
    assert problem is None
    assert (picture.shape, picture.dtype) == ((32, 32, 3), np.uint8)
    assert (picture == (128, 128, 0)).all()


def test_black_bars_are_cut():
    image = Image.new("RGB", (100, 80), (3, 5, 2))
    image.paste((90, 120, 40), (0, 12, 94, 70))
    assert cut_black_bars(image).size == (94, 58)


def test_a_black_line_inside_a_picture_stays():
    image = Image.new("RGB", (60, 60), "white")
    image.paste("black", (20, 0, 30, 60))
    assert cut_black_bars(image).size == (60, 60)


def test_black_and_dark_pictures_are_kept_whole():
    black = Image.new("RGB", (50, 40))
    assert cut_black_bars(black).size == (50, 40)
    night = Image.new("RGB", (50, 40))
    night.paste("yellow", (20, 20, 24, 24))  # one lit window
    assert cut_black_bars(night).size == (50, 40)


def disc(width, height):
    """A white disc in the middle of a grey picture, and nothing black at the edge."""
    image = Image.new("RGB", (width, height), (90, 90, 90))
    box = (width // 2 - 40, height // 2 - 40, width // 2 + 40, height // 2 + 40)
    ImageDraw.Draw(image).ellipse(box, fill="white")
    return image


def extent(picture, axis):
    """How many pixels wide (axis 0) or high (axis 1) the white part is."""
    return int((picture[..., 0] > 170).any(axis=axis).sum())


@pytest.mark.parametrize("size", [(200, 100), (100, 260), (120, 120)])
def test_crop_keeps_a_circle_a_circle(size):
    picture = square_picture(disc(*size), 64, "crop")
    assert picture.shape == (64, 64, 3)
    assert abs(extent(picture, 0) - extent(picture, 1)) <= 1
    assert abs(extent(picture, 0) - 80 * 64 / min(size)) <= 2


def test_squash_keeps_all_of_the_picture_and_bends_it():
    picture = square_picture(disc(200, 100), 64, "squash")
    assert picture.shape == (64, 64, 3)
    assert abs(2 * extent(picture, 0) - extent(picture, 1)) <= 2


def test_nothing_is_scaled_or_moved_that_already_fits():
    values = np.random.default_rng(0).integers(0, 256, [32, 32, 3], np.uint8)
    assert (square_picture(Image.fromarray(values), 32) == values).all()


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
