"""Printing what others wrote, on an output that may be closed, missing or narrow."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

# Joiners that Persian, Hindi and emoji need, and spaces of Japanese and of macOS.
SAFE = "\u200c\u200d\u3000\u202f\xa0"


def printable(text: object, longest: int = 200) -> str:
    """Make one harmless line of a text that did not come from us.

    text: anything, such as a file name, metadata or a server's answer. What could steer
    a terminal becomes backslash escapes; the middle of a long text becomes "...".
    """
    text, end = str(text), (longest - 3) // 3
    line = "".join(c if c.isprintable() or c in SAFE else ascii(c)[1:-1] for c in text)
    return line if len(line) <= longest else f"{line[: 2 * end]}...{line[-end:]}"


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a line of our own on a stream (default: sys.stdout), or on none.

    Never raises: that nobody reads a notice must not end hours of work.
    """
    with suppress(OSError, ValueError, AttributeError):
        print(text, file=stream or sys.stdout, flush=True)


def program() -> str:
    """How to start this program again: as the installed command, or as a module."""
    return "artgan" if Path(sys.argv[0]).stem == "artgan" else "python -m artgan"


def prepare_output() -> None:
    """Let streams that are missing lead nowhere, and write all characters somehow.

    In this order, lest the next file that is opened be taken for a closed stream.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))
    for stream in sys.stdout, sys.stderr:
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
