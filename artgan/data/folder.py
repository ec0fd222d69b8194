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
OTHERS = re.compile(r"\..*|runs|results|checkpoints|__.*__|__macosx", re.IGNORECASE)
SIGNS = ("log.jsonl", "pyvenv.cfg")  # of a run, and of Python's own pictures
PASSED_OVER = "passed over: hidden, notes or folders of runs"
NO_FILES = "not opened: broken links, pipes or devices"


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


def list_files(folder: Path) -> tuple[list[Path], dict[str, list[str]]]:
    """List what may be pictures below a folder: (paths, remarks, as in `describe`).

    Links are followed, but each folder is read once.
    """
    paths: list[Path] = []
    remarks: dict[str, list[str]] = {}
    seen = {str(parent) for parent in folder.resolve().parents}

    def remark(words: str, path: str) -> None:
        name = Path(path).relative_to(folder).as_posix()
        remarks.setdefault(words, []).append(name)

    def tell(error: OSError) -> None:
        remark(f"folders not opened: {error.strerror}", error.filename)

    for place, folders, names in os.walk(folder, followlinks=True, onerror=tell):
        if os.path.realpath(place) in seen:
            folders.clear()
            continue
        seen.add(os.path.realpath(place))
        left = {name for name in folders if is_no_collection(place, name)}
        folders[:] = sorted(set(folders) - left)
        for name in sorted(left.union(names)):
            path = os.path.join(place, name)
            if name in left or NOTE.fullmatch(name):
                remark(PASSED_OVER, path)
            elif os.path.isfile(path):
                paths.append(Path(path))
            else:
                remark(NO_FILES, path)
    return sorted(paths), remarks


def is_no_collection(place: str, name: str) -> bool:
    """Tell whether a folder is hidden, the system's, a run or a Python environment."""
    signs = [os.path.join(place, name, sign) for sign in SIGNS]
    return bool(OTHERS.fullmatch(name)) or any(map(os.path.exists, signs))
