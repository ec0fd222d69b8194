"""What the Python API is handed, at the ends of what it takes and beyond."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from artgan.system.arguments import (
    check_choice,
    check_number,
    check_path,
    check_pictures,
    check_seeds,
    check_whole,
)
from artgan.system.errors import ArtganError

settings.register_profile("slow machines", deadline=None)
settings.load_profile("slow machines")
IMAGES = np.zeros([2, 4, 5, 3], np.uint8)
ANYTHING = some.one_of(
    *(some.none(), some.booleans(), some.integers(), some.floats(), some.text()),
    *(some.binary(), some.lists(some.integers()), some.just(10**5000)),
)


def outcome(check, *arguments):
    """What a check returns, or "refused" if that is told in one sentence."""
    try:
        return check(*arguments)
    except ArtganError as error:
        assert len(str(error)) < 200 and "\n" not in str(error)
        return "refused"


@given(ANYTHING)
def test_only_whole_numbers_in_range_are_whole(value):
    fits = type(value) is int and 0 <= value <= 10
    assert outcome(check_whole, "n", value, 0, 10) == (value if fits else "refused")


@given(ANYTHING)
def test_only_numbers_in_range_are_numbers(value):
    fits = type(value) in (int, float) and 0 <= value <= 10
    found = outcome(check_number, "x", value, 0, 10)
    assert found == (value if fits else "refused")
    assert found == "refused" or type(found) is float


@given(ANYTHING)
def test_only_text_that_a_disk_takes_is_a_path(value):
    found = outcome(check_path, "folder", value)
    if found != "refused":
        assert isinstance(value, str) and found == Path(value)
        found.exists()  # which raises nothing


def test_numpy_numbers_and_paths_will_do():
    assert check_whole("n", np.int64(10), 0, 10) == 10
    assert check_number("x", np.float32(0.5), 0, 10) == 0.5
    assert check_path("folder", Path("a", "b")) == Path("a", "b")
    for bad in "", "a\0b", "x" * 300, Path("x" * 300), IMAGES:
        assert outcome(check_path, "folder", bad) == "refused"
    with pytest.raises(ArtganError, match="n must be a whole number from 0 to 10, not"):
        check_whole("n", 3.0, 0, 10)


@pytest.mark.parametrize("value", [[], 5, "12", None, [1.5], [-1], [2**31], [math.nan]])
def test_only_lists_of_seeds_pass(value):
    assert check_seeds(np.arange(2)) == [0, 1] and check_seeds((2**31 - 1,))
    assert outcome(check_seeds, value) == "refused"


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
