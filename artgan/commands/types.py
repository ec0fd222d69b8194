"""What the options of the commands may be."""

import argparse
import dataclasses
import difflib
import math
import re
from pathlib import Path

from artgan.system.errors import ArtganError
from artgan.system.shipped import shipped

MOST_PICTURES, LARGEST_SIDE = 10_000, 4096


def positive(text):
    """A number above zero."""
    number = float(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return number


def run_name(text):
    """The name of a folder in the folder of runs."""
    if not re.fullmatch(r"\w([\w .-]*\w)?", text):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no plain name; letters, digits, spaces and -._ will do"
        )
    return text


def genre_slug(text):
    """A genre as WikiArt's addresses spell it."""
    if not re.fullmatch(r"[\w-]+", text):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no slug of a genre; it is spelt like flower-painting"
        )
    return text


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


def picture_count(text):
    """How many pictures one command may make."""
    if count(text) > MOST_PICTURES:
        raise argparse.ArgumentTypeError(f"{text} is more than {MOST_PICTURES:,}")
    return int(text)


def seeds(text):
    """Seeds such as 0-15 or 3,7,11 as a list, each once."""
    chosen = {}
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        numbers = range(seed(first), seed(last if dash else first) + 1)
        if not numbers:
            raise argparse.ArgumentTypeError(f"{part} runs backwards")
        picture_count(str(len(chosen) + len(numbers)))
        chosen |= dict.fromkeys(numbers)
    return list(chosen)


def side(text):
    """The side of a picture in pixels."""
    if not text.isdecimal() or not 1 <= int(text) <= LARGEST_SIDE:
        raise argparse.ArgumentTypeError(f"{text} is not in 1 to {LARGEST_SIDE}")
    return int(text)


def share(text):
    """A number from 0 to 1."""
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not in 0 to 1")
    return number


def yes_or_no(text):
    """True for y or yes, False for n or no."""
    answers = {"y": True, "yes": True, "n": False, "no": False}
    if text.lower() not in answers:
        raise argparse.ArgumentTypeError(f"{text} is neither y nor n")
    return answers[text.lower()]


def setting(text):
    """FIELD=VALUE for a field of the config, as a pair with the field's own type."""
    from artgan.gan.config import Config
    from artgan.gan.validate import problems_in

    field, _, value = text.partition("=")
    kinds = {field.name: field.type for field in dataclasses.fields(Config)}
    if field not in kinds:
        like = difflib.get_close_matches(field, kinds, 3, 0.4) or sorted(kinds)
        raise argparse.ArgumentTypeError(
            f"there is no config field '{field}'; there is {', '.join(like)}"
        )
    kind = kinds[field]
    try:
        value = {"true": True, "false": False}[value] if kind is bool else kind(value)
    except (KeyError, ValueError):
        wanted = "true or false" if kind is bool else f"a value of type {kind.__name__}"
        raise argparse.ArgumentTypeError(f"{field} takes {wanted}") from None
    for _, problem in problems_in({field: value}, kinds):
        raise argparse.ArgumentTypeError(f"{field}: {problem}")
    return field, value


def add_runs_folder(command):
    """Add the option that says where runs are kept."""
    command.add_argument(
        "--runs",
        type=Path,
        default=Path("runs"),
        metavar="FOLDER",
        help="where runs are kept (default: runs)",
    )


def add_checkpoints_folder(command):
    """Add the option that says where published weights are kept."""
    command.add_argument(
        "--checkpoints",
        type=Path,
        default=shipped(),
        metavar="FOLDER",
        help="where published weights are kept (default: those that come with artgan)",
    )


def add_model(command):
    """Add the name of a model, which every command takes in the same ways."""
    command.add_argument(
        "model",
        nargs="?",
        metavar="MODEL",
        help="a run, RUN@best for its best checkpoint, published weights such as "
        "flowers, or the path of a run or of a file or folder of weights (default: "
        "flowers)",
    )
    command.add_argument(
        "-w", "--weights", metavar="MODEL", help="the same, in another place"
    )
    add_runs_folder(command)
    add_checkpoints_folder(command)


def opened_model(options):
    """Open the model that the options name, and say which it is."""
    if options.model and options.weights:
        raise ArtganError("Name the model once: either by itself or with -w.")
    from artgan.storage.open_model import open_model

    name = options.weights or options.model
    model = open_model(name, options.runs, options.checkpoints)
    print(model.opened)
    return model


def add_painting_options(command):
    """Add the options of all that paints."""
    command.add_argument(
        "-s",
        "--size",
        type=side,
        metavar="PIXELS",
        help="side of the pictures; other sizes than the model's own are resampled "
        "(default: the model's own)",
    )
    command.add_argument(
        "--truncation",
        type=share,
        default=1.0,
        metavar="SHARE",
        help="1 for all the variety there is, towards 0 for ever more usual pictures",
    )
    command.add_argument(
        "--force", action="store_true", help="write over what exists already"
    )
    add_model(command)
