"""Classes of pictures: from the folders that they lie in, or a column of a table."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

from artgan.system.arguments import wrong
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

FEWEST = 8  # pictures of a class
OTHER = "other"


def folder_classes(names: list[str]) -> list[str]:
    """The first folder in each name, "" where there is none."""
    return [plain_name(name.partition("/")[0]) if "/" in name else "" for name in names]


def column_classes(folder: Path, names: list[str], column: str) -> list[str]:
    """What a column of metadata.csv says of each name; "" where nothing is said."""
    table = folder / "metadata.csv"
    try:
        with open(table, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise ArtganError(f"{printable(table)} is not read: {error}.") from None
    columns = list(rows[0]) if rows else []
    if not {"file_name", column} <= set(columns):
        raise ArtganError(
            f"{printable(table)} needs the columns file_name and {printable(column)}; "
            f"it has {printable(columns)}."
        )
    values = {row["file_name"]: plain_name(row[column] or "") for row in rows}
    return [values.get(name, "") for name in names]


def plain_name(name: str) -> str:
    """The name of a class without the commas and colons that lists of them have."""
    return re.sub(r"[\s,:]+", " ", name).strip()


def large_classes(names: list[str], classes: list[str]) -> list[str]:
    """The classes of 8 pictures or more, sorted; pieces of one picture count once."""
    counts = Counter(dict(zip(names, classes, strict=True)).values())
    return sorted(name for name, count in counts.items() if name and count >= FEWEST)


def classes_of(folder: Path, names: list[str], kind: Any) -> list[str]:
    """The class of each picture, as `Dataset.labels` tells; raises ArtganError."""
    if not isinstance(kind, str):
        raise wrong("The kind of labels", kind, '"folder" or a column of metadata.csv')
    by_folder = kind == "folder"
    found = folder_classes(names) if by_folder else column_classes(folder, names, kind)
    if not (large := set(large_classes(names, found))):
        raise ArtganError(
            f"By {printable(kind, 40)}, {printable(folder)} has no class of {FEWEST} "
            "pictures or more."
        )
    return [name if name in large else OTHER for name in found]
