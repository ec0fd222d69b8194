"""The files in a folder and in those below it, whatever lies there."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from artgan.data.kinds import PASSED_OVER

OURS = "folder of artgan's own, left out"
SYSTEM = ("thumbs.db", "desktop.ini", "icon\r", "__macosx", "__pycache__")
NOTES = re.compile(
    r"(metadata|manifest|labels|captions)\.(csv|json|jsonl|tsv)"
    r"|(readme|licen[cs]e)(\.(md|txt|rst|html?))?"
    r"|.*\.\d+px\.[0-9a-f.]+\.(npy|json)",  # what we prepared earlier
    re.IGNORECASE,
)
OUR_FOLDERS = ("runs", "results", "checkpoints")
PROJECT_FOLDERS = (*OUR_FOLDERS, "imgs", "benchmarks", "tests", "artgan", "tools")


def walk_files(folder: str | Path) -> Iterator[tuple[Path, str]]:
    """Yield (path, problem) of each file in a folder and in those below it.

    problem: "" for a regular file, else why it, or a whole folder, is left out. Links
    are followed, each folder visited once, and none that holds `folder` itself.
    """
    folder = Path(folder)
    visited = {identity(parent) for parent in folder.resolve().parents}
    waiting = [folder]
    while waiting:  # and no recursion, however deep the folders are
        place = waiting.pop()
        try:
            if identity(place) in visited:
                continue
            visited.add(identity(place))
            with os.scandir(place) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            yield place, f"not opened ({error.strerror})"
            continue
        if place != folder and is_ours({entry.name for entry in entries}):
            yield place, OURS
            continue
        files, folders = sort_entries(place, entries)
        yield from files
        waiting += reversed(folders)


def sort_entries(
    place: Path, entries: list[os.DirEntry]
) -> tuple[list[tuple[Path, str]], list[Path]]:
    """Split what is in a folder into files, as (path, problem), and folders."""
    files, folders = [], []
    in_project = is_project({entry.name for entry in entries})
    for entry in entries:
        problem, is_folder = examine(entry)
        if is_hidden(entry.name):
            problem = PASSED_OVER
        elif entry.name in (PROJECT_FOLDERS if in_project else OUR_FOLDERS):
            problem = problem or (OURS if is_folder else "")
        if is_folder and not problem:
            folders.append(place / entry.name)
        else:
            files.append((place / entry.name, problem))
    return files, folders


def examine(entry: os.DirEntry) -> tuple[str, bool]:
    """Return (problem, whether it is a folder) of what a folder holds."""
    try:
        mode = entry.stat().st_mode
    except OSError as error:
        return f"not opened ({error.strerror})", False
    if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
        return "", stat.S_ISDIR(mode)
    return "a pipe, socket or device", False


def identity(path: Path) -> tuple[int, int] | str:
    """Tell folders apart, whatever paths lead to them; raises OSError."""
    status = os.stat(path)
    known = status.st_ino != 0  # some network drives of Windows number nothing
    return (status.st_dev, status.st_ino) if known else os.path.realpath(path)


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder is hidden, the system's, or a well-known note."""
    name = name.lower()
    return name.startswith(".") or name in SYSTEM or bool(NOTES.fullmatch(name))


def is_ours(names: set[str]) -> bool:
    """Tell whether a folder with these entries is a run, or a Python environment."""
    is_run = "log.jsonl" in names and not names.isdisjoint(("checkpoints", "samples"))
    return is_run or not names.isdisjoint(("pyvenv.cfg", "conda-meta"))


def is_project(names: set[str]) -> bool:
    """Tell whether a folder with these entries is a copy of this project."""
    return "GAN_generation.ipynb" in names or {"artgan", "run.py"} <= names
