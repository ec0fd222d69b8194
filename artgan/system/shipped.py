"""Finding the files that come with the program, from any folder it is started in."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def shipped(*parts, package=PACKAGE):
    """The path of a file among the published ones, such as shipped("flowers-256").

    parts: of the path below `checkpoints`, which lies in the installed package or else,
    in a checkout, beside it. package: the folder of the package.
    """
    inside = package / "checkpoints"
    place = inside if inside.is_dir() else package.parent / "checkpoints"
    return place.joinpath(*parts)
