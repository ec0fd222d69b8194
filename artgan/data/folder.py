"""What lies in a folder and in those below it: pictures, and their classes."""

import os
import re
from collections import Counter
from pathlib import Path

from artgan.gather.table import read_table
from artgan.system.arguments import check_path
from artgan.system.errors import ArtganError
from artgan.system.files import read_object
from artgan.system.printing import printable

NOTE = re.compile(
    r"\..*|thumbs\.db|desktop\.ini|icon\r|readme|licen[cs]e"
    r"|.*\.(csv|tsv|jsonl?|txt|md|rst|html?|part)"
    r"|.*\.(nef|arw|dng|cr2|cr3|orf|rw2|pef|raf)",  # Pillow reads a thumbnail of these
    re.IGNORECASE,
)
OTHERS = re.compile(r"\..*|runs|results|checkpoints|__.*__|__macosx", re.IGNORECASE)
SIGNS = ("run.json", "log.jsonl", "pyvenv.cfg")  # of a run, and of Python's pictures
FEWEST = 8  # pictures of a class
OTHER = "other"


def check_folder(folder: str | Path) -> Path:
    """Return the path of a folder; raise ArtganError, in words, if it is none."""
    if not os.path.isdir(check_path("The folder", folder)):
        there = "is a file" if os.path.isfile(folder) else "is not there"
        raise ArtganError(
            f"There is no folder {printable(folder)}: it {there}. Name one that holds "
            "pictures."
        )
    return Path(folder)


def list_files(folder: Path) -> tuple[list[Path], list[str]]:
    """List what may be pictures below a folder: (their paths, names of the others)."""
    paths: list[Path] = []
    passed: list[Path] = []
    seen = {str(parent) for parent in folder.resolve().parents}
    walk = os.walk(folder, True, lambda e: passed.append(Path(e.filename)), True)
    for place, folders, names in walk:
        if os.path.realpath(place) in seen:  # links are followed, but once
            folders.clear()
            continue
        seen.add(os.path.realpath(place))
        left = {name for name in folders if is_no_collection(Path(place, name))}
        folders[:] = sorted(set(folders) - left)
        for path in [Path(place, name) for name in left.union(names)]:
            used = os.path.isfile(path) and not NOTE.fullmatch(path.name)
            (paths if used else passed).append(path)
    paths.sort(key=lambda path: path.parts)  # on Windows too by case: a run may move
    return paths, [path.relative_to(folder).as_posix() for path in sorted(passed)]


def is_no_collection(place: Path) -> bool:
    """Tell whether a folder is hidden, the system's, a run or a Python environment."""
    signs = [os.path.exists(place / sign) for sign in SIGNS]
    return bool(OTHERS.fullmatch(place.name)) or any(signs)


def folder_classes(names: list[str]) -> list[str]:
    """The first folder in each name, "" where there is none."""
    return [plain_name(name.partition("/")[0]) if "/" in name else "" for name in names]


def told_classes(folder: Path, kind: str) -> dict[str, str]:
    """What a column of metadata.csv, or StyleGAN's .json file, says of each name."""
    table = folder / (kind if kind.endswith(".json") else "metadata.csv")
    if table.suffix != ".json":
        if rows := read_table(table, "file_name", kind):
            return {row["file_name"]: row[kind] for row in rows}
        raise ArtganError(f"{printable(table)} tells no classes; is it there?")
    try:
        return {name: f"{label}" for name, label in read_object(table)["labels"]}
    except (LookupError, TypeError, ValueError):
        raise ArtganError(
            f"{printable(table)} tells no classes. It needs "
            '"labels": [[file name, class], ...].'
        ) from None


def plain_name(name: str) -> str:
    """The name of a class without the commas and colons that lists of them have."""
    printed = name.encode("utf-8", "backslashreplace").decode()
    return re.sub(r"[\s,:]+", " ", printed).strip()


def large_classes(names: list[str], classes: list[str]) -> list[str]:
    """The class of each picture, "other" for those of fewer than 8 pictures.

    Pieces of one picture, which have its name, count once.
    """
    counts = Counter(dict(zip(names, classes, strict=True)).values())
    return [name if name and counts[name] >= FEWEST else OTHER for name in classes]
