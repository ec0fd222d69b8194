"""What the Python API is handed, at the ends of what it takes and beyond."""

import math
from pathlib import Path

import numpy as np
import pytest

from artgan.system.arguments import (
    check_latents,
    check_number,
    check_path,
    check_pictures,
    check_seeds,
    check_whole,
)
from artgan.system.errors import ArtganError

IMAGES = np.zeros([2, 4, 5, 3], np.uint8)
NO_NUMBERS = [None, True, "3", "", b"3", [3], -1, 11, math.nan, math.inf, IMAGES]


@pytest.mark.parametrize(
    ("check", "values"),
    [
        (lambda value: check_whole("it", value, 0, 10), [*NO_NUMBERS, 3.0, 1j]),
        (lambda value: check_number("it", value, 0, 10), [*NO_NUMBERS, 1j]),
        (lambda value: check_path("it", value), ["", "a\0b", None, 3, b"a", IMAGES]),
        (check_seeds, [[], 5, "12", None, [1.5], [-1], [2**31], [math.nan]]),
        (check_pictures, [None, "x", IMAGES[:0], IMAGES[0], IMAGES / 2, [[1], []]]),
        (
            lambda value: check_latents(value, 5),
            [None, "x", [[1] * 4], [1] * 5, [[math.nan] * 5], [[1], [1, 2]], []],
        ),
    ],
)
def test_what_will_not_do_is_one_sentence(check, values):
    for value in values:
        with pytest.raises(ArtganError, match=r"^[^\n]{10,200}\.$"):
            check(value)


def test_what_will_do_comes_back():
    assert check_whole("n", np.int64(10), 0, 10) == 10
    assert type(check_number("x", np.float32(0.5), 0, 10)) is float
    assert check_number("x", 3, 0, 10) == 3.0
    assert check_path("folder", "a/b") == check_path("folder", Path("a", "b"))
    assert check_seeds(np.arange(2)) == [0, 1] and check_seeds((2**31 - 1,))
    assert check_pictures(list(IMAGES)).shape == IMAGES.shape
    assert check_latents([[1] * 5], 5).dtype == np.float32
    words = "n must be a whole number from 0 to 10, not"
    with pytest.raises(ArtganError, match=words):
        check_whole("n", 3.0, 0, 10)
