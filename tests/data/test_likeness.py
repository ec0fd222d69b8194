import numpy as np
import pytest

from artgan.data import likeness


@pytest.mark.parametrize("size", [4, 20, 32])
def test_repeated_pictures_are_found(size, monkeypatch):
    monkeypatch.setattr(likeness, "CHUNK", 4)
    draw = np.random.default_rng(0)
    images = draw.integers(20, 230, [10, 4, 4, 3], np.uint8)
    images = images.repeat(size // 4, axis=1).repeat(size // 4, axis=2)
    images[4] = images[1]
    images[9] = np.uint8(images[2] + draw.integers(-3, 4, images[2].shape))  # a JPEG
    thumbnails = [likeness.thumbnail(image) for image in images]
    assert likeness.repeats(thumbnails) == {4: 1, 9: 2}
    assert likeness.repeats([]) == {}


def test_a_small_thing_on_black_is_something():
    image = np.zeros([32, 32, 3], np.uint8)
    image[8:12, 8:12] = 255, 0, 0
    assert likeness.colours_of(image) == ""
