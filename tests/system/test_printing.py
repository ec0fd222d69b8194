import io
import os
import subprocess
import sys

import pytest

from artgan.system.printing import ForgivingStream, make_output_safe, printable, say

ESCAPES = {
    "\x1b[2J\x1b]0;owned\x07.jpg": r"\x1b[2J\x1b]0;owned\x07.jpg",
    "a\r\nUsed: 9.jpg": r"a\r\nUsed: 9.jpg",
    "a\x9b31m.jpg": r"a\x9b31m.jpg",
    "cod\u202egpj.exe": r"cod\u202egpj.exe",
    "a\u2066b\u2069": r"a\u2066b\u2069",
    "a\u2028b\u2029c\x85": r"a\u2028b\u2029c\x85",
    "caf\udce9.jpg": r"caf\udce9.jpg",
    "tab\there\0": r"tab\there\x00",
}
# Spaces of other scripts, letters of all, and emoji that are joined.
HARMLESS = ["絵画\u3000二.jpg", "täglich 9.jpg", "5.30\u202fPM.png", "👩\u200d🎨 🏛", ""]


@pytest.fixture
def console(monkeypatch):
    """Replace sys.stdout by one of a given encoding; returns the function."""

    def replace(encoding):
        stream = io.TextIOWrapper(io.BytesIO(), encoding, errors="strict")
        monkeypatch.setattr("sys.stdout", stream)
        return stream

    return replace


@pytest.mark.parametrize("text", ESCAPES)
def test_what_steers_a_terminal_is_shown_and_does_nothing(text, console):
    console("utf-8")
    assert printable(text) == ESCAPES[text]


@pytest.mark.parametrize("text", HARMLESS)
def test_letters_of_all_scripts_are_left_alone(text, console):
    console("utf-8")
    assert printable(text) == text


def test_what_a_console_cannot_encode_is_escaped(console):
    console("cp1252")
    assert printable("é 絵.jpg") == r"é \u7d75.jpg"


def test_a_long_text_keeps_both_ends(console):
    console("ascii")
    short = printable("begin" + 10**6 * "絵" + ".jpg")
    assert len(short) == 200
    assert short.startswith("begin") and short.endswith(".jpg") and "..." in short


def test_anything_can_be_printed(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert printable(ValueError("x\ny")) == r"x\ny"


class Broken(io.StringIO):
    """A pipe that nobody reads."""

    def write(self, text):
        raise BrokenPipeError(32, "Broken pipe")


def closed():
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("stream", [None, Broken(), closed()])
def test_a_notice_that_nobody_can_read_is_no_error(stream, monkeypatch):
    monkeypatch.setattr("sys.stdout", stream)
    say("step 7")
    if stream:
        print("step 7", file=ForgivingStream(stream), flush=True)


def test_a_notice_is_written_as_far_as_the_console_can(console):
    stream = console("cp1252")
    say("絵 é")
    print("絵 é", file=ForgivingStream(stream), flush=True)
    assert stream.buffer.getvalue().decode("cp1252") == "\\u7d75 é\n" * 2


def test_the_streams_of_a_service_are_made_safe(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", closed())
    make_output_safe()
    make_output_safe()
    for stream in sys.stdout, sys.stderr:
        print("step 7", file=stream, flush=True)
        assert not isinstance(stream.stream, ForgivingStream)
        stream.stream.close()


PROGRAM = """
import sys
from pathlib import Path
from tqdm import tqdm
from artgan.system.printing import make_output_safe, say
if sys.argv[2] == "safe":
    make_output_safe()
    with open(sys.argv[1] + ".data", "w") as file:
        assert file.fileno() > 2
    for number in tqdm(range(20_000)):
        print("print", number)
for number in range(20_000):
    say(f"step {number} \u7d75")
Path(sys.argv[1]).write_text("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize("way", ["safe", "bare"])
@pytest.mark.parametrize(
    "redirection", [">&-", "2>&-", "<&- >&- 2>&-", "| head -n 1", "2>&1 | head -n 1"]
)
def test_work_ends_well_whatever_happens_to_the_output(
    redirection, way, tmp_path, repository
):
    done, code = tmp_path / "done", tmp_path / "code"
    ends, _, pipe = redirection.partition("|")
    command = f'"$0" -c "$1" "$2" "$3" {ends}; echo $? > "$4"'
    if pipe:
        command = f"{{ {command}; }} | {pipe}"
    program = [sys.executable, PROGRAM, str(done), way, str(code)]
    subprocess.run(
        ["sh", "-c", command, *program],
        cwd=repository,
        env=os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUNBUFFERED": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    assert done.read_text() == "done"
    assert code.read_text().strip() == "0"
