"""What the Python API is handed, at the ends of what it takes and beyond."""

import math

import numpy as np
import pytest

from artgan.system.arguments import (
    check_choice,
    check_number,
    check_pictures,
    check_seeds,
    check_whole,
)
from artgan.system.errors import ArtganError

BIG = 10**5000  # Python refuses to write it out
NO_NUMBERS = [math.nan, math.inf, -math.inf, -1, 11, BIG, "3", None, [3], True]
IMAGES = np.zeros([2, 4, 5, 3], np.uint8)


@pytest.mark.parametrize("value", [*NO_NUMBERS, 1.5, 3.0], ids=type)
def test_only_whole_numbers_in_range_pass(value):
    assert check_whole("n", np.int64(10), 0, 10) == 10
    with pytest.raises(ArtganError, match="n must be a whole number from 0 to 10, not"):
        check_whole("n", value, 0, 10)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=type)
def test_only_numbers_in_range_pass(value):
    assert check_number("x", np.float32(0.5), 0, 10) == 0.5
    with pytest.raises(ArtganError, match="x must be a number from 0 to 10, not"):
        check_number("x", value, 0, 10)


@pytest.mark.parametrize("value", [[], 5, "12", None, [1.5], [-1], [2**31], [math.nan]])
def test_only_lists_of_seeds_pass(value):
    assert check_seeds(np.arange(2)) == [0, 1] and check_seeds((2**31 - 1,))
    with pytest.raises(ArtganError, match="must be a"):
        check_seeds(value)


@pytest.mark.parametrize(
    "value", [None, "x", IMAGES[:0], IMAGES[0], IMAGES / 2, [[1], []]]
)
def test_only_pictures_pass(value):
    assert check_pictures(list(IMAGES)).shape == IMAGES.shape
    with pytest.raises(ArtganError, match="it takes uint8"):
        check_pictures(value)


def test_only_known_words_pass():
    assert check_choice("fit", "crop", ("crop", "squash")) == "crop"
    with pytest.raises(ArtganError, match=r"must be crop or squash, not '\\x1b'"):
        check_choice("fit", "\x1b", ("crop", "squash"))
