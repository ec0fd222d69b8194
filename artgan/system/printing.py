"""Printing what others wrote, on an output that may be narrow or closed."""

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
    """Let streams write all characters somehow, on a narrow terminal too."""
    for stream in sys.stdout, sys.stderr:
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
