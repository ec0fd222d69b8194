"""What may be pictures in a folder and in those below it, whatever lies there."""

import os
import re
from pathlib import Path
from typing import Any

from artgan.system.arguments import wrong
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

NOTE = re.compile(
    r"\..*|thumbs\.db|desktop\.ini|icon\r|readme|licen[cs]e"
    r"|.*\.(csv|tsv|jsonl?|txt|md|rst|html?)",
    re.IGNORECASE,
)
OTHERS = ("runs", "results", "checkpoints", "__macosx", "__pycache__")
SIGNS = ("log.jsonl", "pyvenv.cfg")  # of a run, and of Python's own pictures


def check_folder(folder: Any) -> Path:
    """Return the path of a folder; raise ArtganError, in words, if it is none."""
    if not isinstance(folder, (str, Path)) or not str(folder):
        raise wrong("The folder", folder, "the path of a folder of pictures")
    if os.path.isdir(folder):
        return Path(folder)
    if os.path.exists(folder):
        raise ArtganError(f"{printable(folder)} is a file. Name the folder it lies in.")
    raise ArtganError(
        f"There is no folder {printable(folder)}. Check the spelling, or make it and "
        "put pictures in it."
    )


def list_files(folder: Path) -> tuple[list[Path], dict[str, str], list[str]]:
    """List what may be pictures below a folder: (paths, problems, passed over).

    problems: name -> why it cannot be read; passed over: names of what is hidden, a
    note, a run or a Python. Links are followed, but each folder is read once.
    """
    paths, problems, passed = [], {}, []
    seen = {str(parent) for parent in folder.resolve().parents}

    def tell(error: OSError) -> None:
        problems[os.path.relpath(error.filename, folder)] = str(error.strerror)

    for place, folders, names in os.walk(folder, followlinks=True, onerror=tell):
        if (real := os.path.realpath(place)) in seen:
            folders.clear()
            continue
        seen.add(real)
        left = {name for name in folders if is_left_out(place, name)}
        folders[:] = sorted(set(folders) - left)
        for name in sorted(left.union(names)):
            path = Path(place, name)
            if name in left or NOTE.fullmatch(name):
                passed.append(path.relative_to(folder).as_posix())
            elif path.is_file():
                paths.append(path)
            else:
                name = path.relative_to(folder).as_posix()
                problems[name] = "broken links, pipes or devices"
    return sorted(paths), problems, passed


def is_left_out(place: str, name: str) -> bool:
    """Tell whether a folder is hidden, the system's, a run or a Python environment."""
    known = name.startswith(".") or name.lower() in OTHERS
    return known or any(os.path.exists(os.path.join(place, name, s)) for s in SIGNS)
