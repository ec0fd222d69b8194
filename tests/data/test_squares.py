import numpy as np
import pytest
from PIL import Image, ImageDraw

from artgan.data.squares import cut_black_bars, cut_squares


def with_bars(size, box, ground=(3, 5, 2)):
    """A dark image with a bright box in it: (left, top, right, bottom)."""
    image = Image.new("RGB", size, ground)
    image.paste((90, 120, 40), box)
    return image


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ((0, 12, 100, 70), (100, 58)),  # a film frame
        ((5, 0, 85, 80), (80, 80)),  # an upright picture on a wide screen
        ((0, 1, 100, 79), (100, 78)),
    ],
)
def test_bars_on_opposite_sides_are_cut(box, size):
    assert cut_black_bars(with_bars((100, 80), box)).size == size


@pytest.mark.parametrize(
    "box",
    [
        (0, 12, 100, 80),  # a black sky
        (0, 0, 94, 80),
        (10, 12, 90, 70),  # a picture on black
        (0, 12, 94, 80),
        (0, 30, 100, 60),  # more than half would go
        (40, 30, 45, 40),  # one lit window at night
        (0, 0, 0, 0),  # nothing but black
    ],
)
def test_other_black_is_the_pictures_own(box):
    assert cut_black_bars(with_bars((100, 80), box)).size == (100, 80)


@pytest.mark.parametrize("size", [(128, 128), (128, 100), (100, 128), (128, 68)])
def test_a_round_thing_on_black_stays_whole(size):
    image = Image.new("RGB", size, "black")
    x, y = size[0] // 2, size[1] // 2
    ImageDraw.Draw(image).ellipse((x - 33, y - 33, x + 33, y + 33), fill="yellow")
    assert cut_black_bars(image).size == size
    wide = Image.new("RGB", (64, 100), "black")  # it reaches both sides
    ImageDraw.Draw(wide).ellipse((-2, 15, 66, 85), fill="yellow")
    assert cut_black_bars(wide).size == (64, 100)


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
    [picture] = cut_squares(disc(*size), 64, "crop")
    assert picture.shape == (64, 64, 3)
    assert abs(extent(picture, 0) - extent(picture, 1)) <= 1
    assert abs(extent(picture, 0) - 80 * 64 / min(size)) <= 2


def test_nothing_is_scaled_or_moved_that_already_fits():
    values = np.random.default_rng(0).integers(0, 256, [32, 32, 3], np.uint8)
    assert (cut_squares(Image.fromarray(values), 32)[0] == values).all()


@pytest.mark.parametrize("turned", [False, True])
def test_several_squares_lie_evenly_along_the_long_side(turned):
    ramp = np.arange(96, dtype=np.uint8)[None, :, None].repeat(32, 0).repeat(3, 2)
    image = Image.fromarray(ramp.transpose(1, 0, 2) if turned else ramp)
    squares = cut_squares(image, 32, crops=5)
    assert [square.min() for square in squares] == [0, 16, 32, 48, 64]
    [centre] = cut_squares(image, 32, crops=1)
    assert centre.min() == 32


@pytest.mark.parametrize(
    ("size", "shape", "count"),
    [
        ((114, 100), 8, 1),
        ((116, 100), 8, 2),
        ((116, 100), (16, 8), 2),
        ((192, 100), (16, 8), 1),
    ],
)
def test_a_picture_of_nearly_the_shape_gives_one_piece(size, shape, count):
    assert len(cut_squares(Image.new("RGB", size), shape, crops=2)) == count


@pytest.mark.parametrize("fit", ["crop", "squash"])
def test_pieces_wider_than_high(fit):
    [piece] = cut_squares(disc(200, 100), (96, 64), fit)
    assert piece.shape == (64, 96, 3)
    bent = extent(piece, 0) - extent(piece, 1)
    assert abs(bent - (0 if fit == "crop" else -13)) <= 1  # 80 of 200 and of 100
