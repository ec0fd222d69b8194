"""What the options of the commands may be."""

import argparse
import dataclasses
import difflib
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artgan.storage.run_folder import PLAIN, is_run_name
from artgan.system.printing import printable
from artgan.system.shipped import shipped

if TYPE_CHECKING:
    from artgan.paint.painter import Painter


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """An option's type: a whole number from low to high."""

    def check(text: str) -> int:
        if not text.isdecimal() or len(text) > 20 or not low <= int(text) <= high:
            raise ArgumentTypeError(
                f"{shown(text)} is not a whole number from {low:,} to {high:,}"
            )
        return int(text)

    return check


def number(low: float, high: float) -> Callable[[str], float]:
    """An option's type: a number from low to high."""

    def check(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise ArgumentTypeError(f"{shown(text)} is no number") from None
        if not low <= value <= high:
            raise ArgumentTypeError(
                f"{shown(text)} is not a number from {low:g} to {high:,g}"
            )
        return value

    return check


def shown(text: str) -> str:
    """What was typed, short enough for a sentence."""
    return f"'{printable(text, 40)}'"


count = whole_number(1, 1_000_000_000)
picture_count = whole_number(1, 10_000)
seed = whole_number(0, 2**31 - 1)
side = whole_number(1, 4096)
fraction = number(0, 1)
minutes = number(0.01, 1_000_000)


def picture_size(text: str) -> int | tuple[int, ...]:
    """A height in pixels, or a width and a height such as 384x256."""
    sides = tuple(side(each) for each in text.split("x", 1))
    return sides if sides[1:] else sides[0]


def devices(text: str) -> int | None:
    """How many devices share a step; None for all."""
    return None if text == "all" else whole_number(1, 1024)(text)


def run_name(text: str) -> str:
    """The name of a folder in the folder of runs."""
    if not is_run_name(text):
        raise ArgumentTypeError(f"{shown(text)} is no plain name; {PLAIN} will do")
    return text


def seeds(text: str) -> list[int]:
    """Seeds such as 0-15 or 3,7,11 as a list, each once."""
    chosen: dict[int, None] = {}
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        numbers = range(seed(first), seed(last if dash else first) + 1)
        if not numbers:
            raise ArgumentTypeError(f"{shown(part)} runs backwards")
        picture_count(str(len(chosen) + len(numbers)))
        chosen |= dict.fromkeys(numbers)
    return list(chosen)


def yes_or_no(text: str) -> bool:
    """True for y or yes, False for n or no."""
    answers = {"y": True, "yes": True, "n": False, "no": False}
    if text.lower() not in answers:
        raise ArgumentTypeError(f"{shown(text)} is neither y nor n")
    return answers[text.lower()]


def setting(text: str) -> tuple[str, Any]:
    """FIELD=VALUE for a field of the config, as a pair with the field's own type."""
    from artgan.gan.config import Config
    from artgan.gan.validate import validate_types

    field, _, typed = text.partition("=")
    kinds = {field.name: field.type for field in dataclasses.fields(Config)}
    if field not in kinds:
        like = difflib.get_close_matches(field, kinds, 3, 0.4)
        hint = f"did you mean {', '.join(like)}? " if like else ""
        raise ArgumentTypeError(
            f"there is no config field {shown(field)}; {hint}--dry-run lists them all"
        )
    kind: Any = kinds[field]
    try:
        flags = {"true": True, "false": False}
        value = flags[typed.lower()] if kind is bool else kind(typed)
    except (KeyError, ValueError):
        wanted = "true or false" if kind is bool else f"a value of type {kind.__name__}"
        raise ArgumentTypeError(f"{field} takes {wanted}") from None
    for _, problem in validate_types({field: value}, kinds):
        raise ArgumentTypeError(f"{field}: {problem}")
    return field, value


def direction(text: str) -> tuple[str, float]:
    """NAME:FAR for a direction, by its name or its number, and how far along it."""
    name, _, far = text.rpartition(":")
    if not name:
        raise ArgumentTypeError(f"{shown(text)} is not like light:2 or 1:-3")
    return name, number(-20, 20)(far)


def naming(text: str) -> tuple[str, int]:
    """NUMBER=NAME for a direction that is given a name."""
    first, _, name = text.partition("=")
    if not is_run_name(name) or name.isdecimal():
        raise ArgumentTypeError(f"{shown(text)} is not like 1=light")
    return name, whole_number(1, 10_000)(first)


def add_runs_folder(command: argparse.ArgumentParser) -> None:
    """Add the option that says where runs are kept."""
    command.add_argument(
        "--runs",
        type=Path,
        default=Path("runs"),
        metavar="FOLDER",
        help="where runs are kept (default: runs)",
    )


def add_checkpoints_folder(command: argparse.ArgumentParser) -> None:
    """Add the option that says where published weights are kept."""
    command.add_argument(
        "--checkpoints",
        type=Path,
        default=shipped(),
        metavar="FOLDER",
        help="where published weights are kept (default: those that come with artgan)",
    )


def add_model(command: argparse.ArgumentParser) -> None:
    """Add the name of a model, which every command takes in the same ways."""
    once = command.add_mutually_exclusive_group()
    once.add_argument(
        "model",
        nargs="?",
        default=argparse.SUPPRESS,
        metavar="MODEL",
        help="a run, RUN@best for its best checkpoint, published weights such as "
        "flowers, the path of a run or of a file or folder of weights, or a name on "
        "the Hugging Face Hub such as me/roses (default: flowers)",
    )
    same: dict[str, Any] = {"dest": "model", "metavar": "MODEL", "default": None}
    once.add_argument("-w", "--weights", **same, help="the same, in another place")
    add_runs_folder(command)
    add_checkpoints_folder(command)


def opened_model(options: argparse.Namespace, say: bool = True) -> "Painter":
    """Open the model that the options name, and say which it is."""
    from artgan.paint.painter import open_model

    model = open_model(options.model, options.runs, options.checkpoints)
    if say:
        print(model.opened)
    return model


def add_directions(command: argparse.ArgumentParser) -> None:
    """Add the option that moves what is painted along directions."""
    command.add_argument(
        "--direction",
        type=direction,
        action="append",
        default=[],
        metavar="NAME:FAR",
        help="move along a direction of `artgan directions`, by name or number, as "
        "light:2 or 1:-3; may be given again",
    )


def add_painting_options(command: argparse.ArgumentParser) -> None:
    """Add the options of all that paints."""
    add_size(command)
    command.add_argument(
        "--truncation",
        type=fraction,
        default=1.0,
        metavar="FRACTION",
        help="1 for all the variety there is, towards 0 for ever more usual pictures",
    )
    add_model(command)


def add_size(command: argparse.ArgumentParser) -> None:
    """Add the size of what is painted, and whether it may replace what is there."""
    command.add_argument(
        "-s",
        "--size",
        type=picture_size,
        metavar="PIXELS",
        help="height, or width and height as 384x256; other sizes than the model's own "
        "are resampled (default: the model's own)",
    )
    command.add_argument(
        "--force", action="store_true", help="write over what exists already"
    )
