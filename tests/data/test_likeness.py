import tracemalloc

import numpy as np
import pytest

from artgan.data import likeness
from artgan.data.likeness import flat_images, mean_and_deviation, repeated_images


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(likeness, "CHUNK", 4)


def blocks(count, size=32, seed=0):
    """Made-up pictures: [count, size, size, 3] uint8."""
    draw = np.random.default_rng(seed).integers(20, 230, [count, 4, 4, 3], np.uint8)
    return draw.repeat(size // 4, axis=1).repeat(size // 4, axis=2)


def test_mean_and_deviation_of_each_colour():
    images = blocks(11)
    mean, deviation = mean_and_deviation(images)
    np.testing.assert_allclose(mean, images.mean((0, 1, 2)))
    np.testing.assert_allclose(deviation, images.std((0, 1, 2)))


def test_the_memory_does_not_grow_with_the_pictures(tmp_path):
    np.save(tmp_path / "a.npy", blocks(2000))
    images = np.load(tmp_path / "a.npy", mmap_mode="r")
    tracemalloc.start()
    mean_and_deviation(images)
    flat_images(images)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < images.nbytes / 10


def test_flat_pictures_are_found():
    images = blocks(10)
    images[3], images[9] = 255, (1, 2, 3)
    images[5] = 0
    images[5, 8:12, 8:12] = 255  # a small thing is something
    grain = np.random.default_rng(0).integers(-1, 2, images[3].shape)
    images[9] = np.uint8(images[9] + grain)
    images[7] = images[7] // 16  # twelve bits of colour, taken for sixteen
    images[7, 0, 0] = 255
    assert flat_images(images) == [3, 7, 9]


@pytest.mark.parametrize("size", [4, 20, 32])
def test_repeated_pictures_are_found(size):
    images = blocks(10, size)
    images[4] = images[1]
    grain = np.random.default_rng(0).integers(-3, 4, images[2].shape)
    images[9] = np.uint8(images[2] + grain)  # as another JPEG of it
    assert repeated_images(images) == {4: 1, 9: 2}


def test_different_pictures_with_one_average_are_no_repeats():
    stripes = np.zeros([2, 32, 32, 3], np.uint8)
    stripes[0, ::2], stripes[1, :, ::2] = 255, 255
    assert repeated_images(stripes) == {}


def test_no_pictures_at_all():
    none = np.zeros([0, 8, 8, 3], np.uint8)
    assert flat_images(none) == [] and repeated_images(none) == {}
