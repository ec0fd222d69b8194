"""The frames of the two seeds that are mixed."""

import re

import pytest

from artgan.demo.marks import marks


def framed(page, first, second):
    """Which thumbnails are framed, from 1, with what is written on them."""
    style = marks(page, first, second)
    found = re.findall(
        r"nth-child\((\d+)\) button::after {[^}]*content: '(.*?)'", style
    )
    return {int(place): words for place, words in found}


def test_both_seeds_are_framed_where_they_are():
    assert framed("0", "3", "7") == {4: "first", 8: "second"}
    assert framed("24", "47", "3") == {24: "first"}


def test_a_seed_mixed_with_itself_is_framed_once():
    assert framed("0", "5", "5") == {6: "first and second"}


NO_SEEDS = ["", "photo 1", "-3", "</style><b>"]


@pytest.mark.parametrize("text", [*NO_SEEDS, "24"])
def test_what_has_no_thumbnail_is_not_framed(text):
    assert framed("0", text, "7") == {8: "second"}


@pytest.mark.parametrize("page", [*NO_SEEDS, "seven"])
def test_a_page_that_is_none_has_no_frames(page):
    assert framed(page, "24", "0") == {}
    assert framed(page, page, "0") == {}
