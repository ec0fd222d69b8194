"""Printing what others wrote, on an output that may be closed, missing or narrow."""

import os
import sys
import unicodedata
from contextlib import suppress
from typing import TextIO

JOINERS = "\u200c\u200d"  # invisible, but Persian, Hindi and emoji need them
UNSAFE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # Unicode categories


def printable(text: object, longest: int = 200) -> str:
    """Make one harmless line of a text that did not come from us.

    text: anything, such as a file name, metadata or a server's answer. What could steer
    a terminal becomes backslash escapes; the middle of a long text becomes "...".
    """
    return shorten("".join(map(escape, shorten(str(text), longest))), longest)


def shorten(text: str, longest: int) -> str:
    """Keep the beginning and the end of a text, `longest` characters in all."""
    if len(text) <= longest:
        return text
    end = max(0, longest - 3) // 3
    return text[: max(0, longest - 3 - end)] + "..." + text[len(text) - end :]


def escape(character: str) -> str:
    """Write a control or direction character as a backslash escape."""
    if unicodedata.category(character) not in UNSAFE or character in JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a line of our own on a stream (default: sys.stdout), or on none.

    Never raises: that nobody reads a notice must not end hours of work.
    """
    with suppress(OSError, ValueError, AttributeError):
        print(text, file=stream or sys.stdout, flush=True)


def prepare_output() -> None:
    """Let streams that are missing lead nowhere, and write all characters somehow.

    In this order, lest the next file that is opened be taken for a closed stream.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))
    for stream in sys.stdout, sys.stderr:
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
