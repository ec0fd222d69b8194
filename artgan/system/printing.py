"""Printing what others wrote, on an output that may be closed, broken or narrow."""

import os
import sys
import unicodedata
from contextlib import suppress
from typing import TextIO

LONGEST = 200  # characters of a foreign text that are printed
JOINERS = "\u200c\u200d"  # invisible, but Persian, Hindi and emoji need them
UNSAFE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # Unicode categories


def printable(text: object, longest: int = LONGEST) -> str:
    """Make one harmless line of a text that did not come from us.

    text: anything, such as a file name, metadata or a server's answer. Control and
    direction characters, line breaks, lone surrogates and what the standard output
    cannot encode become backslash escapes; the middle of a long text becomes "...".
    """
    text = shorten(str(text), longest)
    escaped = "".join(escape(character) for character in text)
    return shorten(encodable(escaped), longest)


def shorten(text: str, longest: int) -> str:
    """Keep the beginning and the end of a text, `longest` characters in all."""
    if len(text) <= longest:
        return text
    end = max(0, longest - 3) // 3
    return text[: max(0, longest - 3 - end)] + "..." + text[len(text) - end :]


def escape(character: str) -> str:
    """Write a character that could steer a terminal as a backslash escape."""
    if unicodedata.category(character) not in UNSAFE or character in JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def encodable(text: str, stream: TextIO | None = None) -> str:
    """Replace what a stream (default: sys.stdout) cannot encode by escapes."""
    encoding = getattr(stream or sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding, "replace")


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a line of our own on a stream (default: sys.stdout), or on none.

    Never raises: that nobody reads a notice must not end hours of work. Foreign words
    in the text should have gone through `printable`.
    """
    stream = stream or sys.stdout
    if stream is None:
        return
    try:
        stream.write(encodable(text, stream) + "\n")
        stream.flush()
    except (OSError, ValueError) as error:
        silence(stream, error)


def silence(stream: TextIO, error: Exception) -> None:
    """Lead a broken stream to nowhere, so that no later flush fails either."""
    if not isinstance(error, OSError) or isinstance(error, BlockingIOError):
        return  # closed for good, or full for a moment
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


class ForgivingStream:
    """A text stream that loses what it cannot write, instead of raising."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str):
        """Write a text, as far as possible; returns its length."""
        try:
            self.stream.write(text)
        except UnicodeEncodeError:  # a stream that could not be reconfigured
            self.write(encodable(text, self.stream))
        except (OSError, ValueError) as error:
            silence(self.stream, error)
        return len(text)

    def writelines(self, lines) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Pass on what is buffered, as far as possible."""
        try:
            self.stream.flush()
        except (OSError, ValueError) as error:
            silence(self.stream, error)

    def __getattr__(self, name: str):
        return getattr(self.stream, name)


def make_output_safe() -> None:
    """Let nothing that is printed end the program; called once when it starts.

    Streams that are missing or closed lead nowhere, characters that they cannot encode
    become backslash escapes, and a pipe that breaks is ignored.
    """
    fill_descriptors()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, ForgivingStream):
            continue
        if stream is None or getattr(stream, "closed", False):
            stream = open(os.devnull, "w", encoding="utf-8")
        with suppress(AttributeError, OSError, ValueError):
            stream.reconfigure(errors="backslashreplace")
        setattr(sys, name, ForgivingStream(stream))


def fill_descriptors() -> None:
    """Open what `>&-` closed, lest the next file be taken for the standard output."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
