"""What the options of the commands may be."""

import argparse
import math
from pathlib import Path

from artgan.commands.tensorflow import load_quietly


def positive(text):
    """A number above zero."""
    number = float(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return number


def count(text):
    """A whole number above zero."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def seed(text):
    """A whole number that a random generator starts from."""
    if not text.isdecimal() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"{text} is not in 0 to {2**31 - 1}")
    return int(text)


def setting(text):
    """FIELD=VALUE for a field of the config, as a pair with the field's own type."""
    load_quietly()
    from artgan.config import Config

    field, _, value = text.partition("=")
    kind = type(getattr(Config, field, ""))
    try:
        if kind is bool:
            return field, {"true": True, "false": False}[value.lower()]
        return field, kind(value)
    except (KeyError, ValueError):
        wanted = "true or false" if kind is bool else f"a value of type {kind.__name__}"
        raise argparse.ArgumentTypeError(f"{field} takes {wanted}") from None


def add_runs_folder(command):
    """Add the option that says where runs are kept."""
    command.add_argument(
        "--runs",
        type=Path,
        default=Path("runs"),
        metavar="FOLDER",
        help="where runs are kept (default: runs)",
    )
