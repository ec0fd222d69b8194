"""What verbs are made of: a function, its options, and what these may be."""

from argparse import SUPPRESS, ArgumentTypeError, Namespace
from collections.abc import Callable
from numbers import Integral, Real
from pathlib import Path
from typing import Any, NamedTuple

from artgan.system.errors import ArtganError
from artgan.system.printing import printable

Option = Callable[[Any], object]  # adds itself to a parser, or to a group of one
Run = Callable[[Namespace], int | None]  # imports what is slow to load itself


class Verb(NamedTuple):
    """A word of the command line; the docstring of what it runs is its help."""

    run: Run
    options: tuple[Option, ...]
    examples: tuple[str, ...]


def verb(*options: Option, examples: tuple[str, ...]) -> Callable[[Run], Verb]:
    """Make a Verb of the function below."""
    return lambda run: Verb(run, options, examples)


def option(
    usage: str, words: str, kind: Any = None, default: Any = None, **more: Any
) -> Option:
    """An option, by what --help says of it, such as "-o --out FOLDER", and in words.

    kind: what makes a value of its text, or bool for one that is given or not; more: as
    for `ArgumentParser.add_argument`.
    """
    names = [name for name in usage.split() if not name.isupper()]
    metavar = " ".join(filter(str.isupper, usage.split())) or None
    shown = " (default: %(default)s)" if default not in (None, [], SUPPRESS) else ""

    def read(text: str) -> Any:
        try:
            return (path if kind is Path else kind or str)(text)
        except ValueError:
            told = f"'{printable(text, 40)}' is no {metavar}: {words}"
            raise ArgumentTypeError(told) from None
        except ArtganError as error:
            raise ArgumentTypeError(str(error)) from None

    value = {"type": read, "default": default, "metavar": metavar}
    value = {"action": "store_true"} if kind is bool else value
    more |= value | {"help": words + shown}
    return lambda parser: parser.add_argument(*names or [usage.lower()], **more)


def one_of(*options: Option) -> Option:
    """Options of which at most one may be given."""

    def add(parser: Any) -> None:
        group = parser.add_mutually_exclusive_group()
        for each in options:
            each(group)

    return add


def number(kind: Callable, low: float, high: float) -> Callable[[str], Any]:
    """The kind of an option: a number, by int or float, from low to high."""

    def read(text: str) -> Any:
        from artgan.system.arguments import check_number  # which loads NumPy

        asked = Integral if kind is int else Real
        return kind(check_number("it", kind(text), low, high, asked))

    return read


def path(text: str) -> Path:
    """A path; an empty text is none, lest it read the current folder."""
    if not text:
        raise ValueError
    return Path(text)


count = number(int, 1, 10**9)
seed = number(int, 0, 2**31 - 1)


def seeds(text: str) -> list[int]:
    """Seeds such as 0-15 or 3,7,11 as a list of 1 to 10,000, each once."""
    chosen: dict[int, None] = {}
    for part in text.split(","):
        first, *last = map(seed, part.split("-"))
        numbers = range(first, [first, *last][-1] + 1)
        if not numbers or len(chosen) + len(numbers) > 10_000:
            raise ValueError
        chosen |= dict.fromkeys(numbers)
    return list(chosen)


def picture_size(text: str) -> str:
    """A height in pixels, or a width and height such as 384x256."""
    from artgan.data.pictures import shape_of  # which loads NumPy

    shape_of(text)
    return text


RUNS = option("--runs FOLDER", "where runs are kept", Path, Path("runs"))
CHECKPOINTS = option(
    "--checkpoints FOLDER",
    "where published weights are kept (default: those that come with artgan)",
    Path,
)
MODEL = (
    one_of(
        option(
            "MODEL",
            "a run, RUN@best for its best checkpoint, published weights such as "
            "flowers, the path of a run or of a file or folder of weights, or a name "
            "on the Hugging Face Hub such as me/roses (default: flowers)",
            default=SUPPRESS,
            nargs="?",
        ),
        option("-w --weights MODEL", "the same as MODEL", dest="model"),
    ),
    RUNS,
    CHECKPOINTS,
)
PAINTING = (
    option(
        "-s --size PIXELS",
        "height, or width and height as 384x256; other sizes than the model's own "
        "are resampled (default: the model's own)",
        picture_size,
    ),
    option("--force", "write over what exists already", bool),
    *MODEL,
)


def opened(options: Namespace, say: bool = True) -> Any:
    """Open the Painter that the options name, and say which it is."""
    from artgan.paint.painter import open_model

    model = open_model(options.model, options.runs, options.checkpoints)
    if say:
        print(model.opened)
    seen, config = model.step * model.config.batch_size, model.config
    late, asked = config.classes and seen < config.classes_full, vars(options)
    if late and (asked.get("class_name") or asked.get("class")):
        come = f"from {config.classes_begin:,} to {config.classes_full:,}"
        print(f"Classes come in {come} pictures seen; it has seen {seen:,}.")
    return model
