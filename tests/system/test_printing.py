import io

import pytest

from artgan.system.printing import printable, say

ESCAPES = {
    "\x1b[2J\x1b]0;owned\x07.jpg": r"\x1b[2J\x1b]0;owned\x07.jpg",
    "a\r\nUsed: 9.jpg": r"a\r\nUsed: 9.jpg",
    "a\x9b31m.jpg": r"a\x9b31m.jpg",
    "cod\u202egpj.exe": r"cod\u202egpj.exe",
    "a\u2028b\u2066c\x85": r"a\u2028b\u2066c\x85",
    "caf\udce9.jpg": r"caf\udce9.jpg",
}
# Spaces of other scripts, letters of all, and emoji that are joined.
HARMLESS = ["絵画\u3000二.jpg", "täglich 9.jpg", "5.30\u202fPM.png", "👩\u200d🎨 🏛", ""]


@pytest.mark.parametrize("text", [*ESCAPES, *HARMLESS])
def test_what_steers_a_terminal_is_shown_and_does_nothing(text):
    assert printable(text) == ESCAPES.get(text, text)


def test_a_long_text_keeps_both_ends():
    short = printable("begin" + 10**6 * "\x1b" + ".jpg")
    assert 190 < len(short) <= 200
    assert short.startswith("begin") and short.endswith(".jpg") and "..." in short


def test_a_notice_that_nobody_can_read_is_no_error(monkeypatch):
    closed = io.StringIO()
    closed.close()
    for stream in None, closed, io.TextIOWrapper(io.BytesIO(), "ascii"):
        monkeypatch.setattr("sys.stdout", stream)
        say("step 7 \u7d75")
