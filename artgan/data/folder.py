"""Pictures of your own, in a folder with any nesting."""

from pathlib import Path

from artgan.data.kinds import problem_of
from artgan.data.walk import walk_files
from artgan.system.errors import ArtganError
from artgan.system.printing import printable


def list_pictures(folder: str | Path) -> tuple[list[Path], dict[Path, str]]:
    """List what starts as pictures do in a folder and those below it, named anyhow.

    Returns (paths, others): a sorted list, and path -> why it is no picture.
    """
    paths, others = [], {}
    for path, problem in walk_files(folder):
        problem = problem or problem_of(path)
        if problem:
            others[path] = problem
        else:
            paths.append(path)
    return sorted(paths), others


def check_folder(folder: str | Path) -> None:
    """Raise ArtganError, in words, unless this is a folder."""
    folder = Path(folder)
    if folder.is_dir():
        return
    if folder.exists():
        raise ArtganError(f"{printable(folder)} is a file. Name the folder it lies in.")
    raise ArtganError(
        f"There is no folder {printable(folder)}. Check the spelling, or make it and "
        "put pictures in it."
    )
