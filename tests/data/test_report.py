import pytest

from artgan.data.kinds import PASSED_OVER
from artgan.data.report import describe_files, describe_flat, describe_repeats
from artgan.data.walk import OURS


def several(count, problem, ending=".jpg", start=0):
    """Names with a problem."""
    return {f"{n}{ending}": problem for n in range(start, start + count)}


SENTENCES = [
    (6, {}, "6 files: all used."),
    (0, {}, "0 files: 0 used."),
    (
        6,
        several(40, ".heic not read (pip install pillow-heif)", ".HEIC"),
        "46 files: 6 used, 40 .heic not read (pip install pillow-heif).",
    ),
    (
        1,
        {"a.jpg": ".heic not read (pip install pillow-heif)"},
        "2 files: 1 used, 1 .heic not read (pip install pillow-heif; a.jpg).",
    ),
    (
        2,
        {"notes.txt": "no picture", "b": "no picture"},
        "4 files: 2 used, 2 are no pictures (notes.txt, b).",
    ),
    (
        0,
        several(5, "empty (0 bytes)"),
        "5 files: 0 used, 5 empty (0.jpg, 1.jpg, 2.jpg, ...).",
    ),
    (
        3,
        {"a.png": "too large (9x9 pixels)"},
        "4 files: 3 used, 1 too large (a.png: 9x9 pixels).",
    ),
    (
        1,
        {".a": PASSED_OVER, "README": PASSED_OVER, "runs": OURS},
        "1 file: all used, 2 hidden files or notes passed over, folders of artgan's "
        "own left out (runs).",
    ),
]


@pytest.mark.parametrize(("used", "problems", "sentence"), SENTENCES)
def test_one_sentence_says_what_became_of_all_files(used, problems, sentence):
    assert describe_files(used, used, problems) == sentence


def test_many_reasons_are_cut_short_and_add_up():
    problems = {}
    for number in range(9):
        problems |= several(9 - number, f"reason {number}", start=100 * number)
    sentence = describe_files(1, 3, problems)
    assert sentence.startswith("46 files: 1 used (as 3 squares), 9 reason 0 (")
    assert sentence.endswith("6 not used for other reasons.")


def test_a_hostile_name_does_nothing():
    problems = {"\x1b[2Jb\n.jpg": "no picture", "caf\udce9": "no picture"}
    assert r"(\x1b[2Jb\n.jpg, caf\udce9)" in describe_files(1, 1, problems)
    assert r"\x1b" in describe_flat(["\x1b"])
    assert r"\x1b" in describe_repeats({"\x1b": "a"}, 9)


def test_poor_pictures_are_named():
    assert describe_flat([]) == describe_repeats({}, 9) == ""
    assert describe_flat(["a"]) == "1 picture is of one colour or nearly black (a)."
    assert describe_flat(list("abcd")) == (
        "4 pictures are of one colour or nearly black (a, b, c, ...)."
    )
    assert describe_repeats({"b": "a"}, 9) == "1 picture repeats another (b like a)."
    repeats = dict.fromkeys("bcde", "a")
    assert describe_repeats(repeats, 5) == (
        "All 5 pictures are alike (b like a, c like a, d like a, ...): there is "
        "nothing to learn."
    )
