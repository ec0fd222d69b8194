"""`metadata.csv`: one row for each downloaded picture, always whole.

Its form is that of Hugging Face's `imagefolder`, so that
`load_dataset("imagefolder", data_dir=FOLDER)` and pandas read it as it is. It is
rewritten beside itself and renamed, so a kill leaves the old one or the new one.
"""

import csv
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from artgan.system.errors import ArtganError
from artgan.system.files import replacing

if TYPE_CHECKING:
    from artgan.gather.sources.artwork import Artwork

NAME, FORMER_NAME = "metadata.csv", "manifest.csv"
COLUMNS = (
    "file_name",  # Relative to the folder of the table: images/x.jpg
    "title",
    "artist",
    "death_year",
    "year",
    "genre",
    "page_url",
    "image_url",
    "rights",
    "bytes",
    "width",
    "height",
    "sha256",
)
FORMER_COLUMNS = ("file", *[name for name in COLUMNS[1:] if name != "death_year"])


def read_manifest(folder: str | Path) -> dict[str, dict]:
    """Read the rows of a folder: {name in images/: {column: text}}, {} if none.

    Where there is only a `manifest.csv`, as earlier versions wrote, its rows are taken;
    it is renamed when the new table is written. A row that is torn or not of this kind
    is left out. Raises ArtganError when the file is something else.
    """
    path, former = Path(folder, NAME), Path(folder, FORMER_NAME)
    if path.exists() or not former.exists():
        rows = read_rows(path, COLUMNS)
    else:
        rows = [renewed(row) for row in read_rows(former, FORMER_COLUMNS)]
    return {Path(row["file_name"]).name: row for row in rows if is_whole(row)}


def read_rows(path: Path, columns: tuple[str, ...]) -> list[dict]:
    """Read a table with these columns as dictionaries; [] when there is none."""
    if not path.exists():
        return []
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            reader = csv.DictReader(file)
            is_ours = reader.fieldnames is None or tuple(reader.fieldnames) == columns
            rows = list(reader) if is_ours else []
    except csv.Error:
        is_ours = False
    if not is_ours:
        raise ArtganError(
            f"{path} is not a list that this program wrote. Nothing was changed. Move "
            "it away or choose another folder, then run the same command again."
        )
    return rows


def renewed(row: dict) -> dict:
    """Turn a row of an earlier version into one of this."""
    return {"file_name": f"images/{row['file']}", "death_year": "", **row}


def is_whole(row: dict) -> bool:
    """Tell whether a row has every value, and names a file of our own kind."""
    values = [row.get(column) for column in COLUMNS]
    return (
        None not in row
        and None not in values
        and len(row["sha256"]) == 64
        and bool(re.fullmatch(r"images/[a-z0-9][\w.-]{0,150}", row["file_name"]))
    )


def write_manifest(folder: str | Path, rows: dict[str, dict]) -> None:
    """Write the rows of a folder, {name: {column: text}}, all or nothing."""
    with (
        replacing(Path(folder, NAME)) as partial,
        open(partial, "w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.DictWriter(file, COLUMNS, "", "ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())
    former = Path(folder, FORMER_NAME)
    if former.exists():
        former.replace(former.with_suffix(".csv.old"))


def read_failures(path: Path):
    """Read what could not be had: {file name: reason}, {} if that cannot be read."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return {row["file"]: row["reason"] for row in csv.DictReader(file)}
    except (OSError, ValueError, KeyError, csv.Error):
        return {}


def write_failures(
    path: Path, reasons: dict[str, str], artworks: dict[str, "Artwork"]
) -> None:
    """Write a list of what could not be had, or remove it where nothing failed.

    reasons: {file name: reason}; artworks: {file name: Artwork}.
    """
    if not reasons:
        path.unlink(missing_ok=True)
        return
    with (
        replacing(path) as partial,
        open(partial, "w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "image_url", "reason"])
        for name, why in reasons.items():
            writer.writerow([name, artworks[name].image_url, why])


def describe(path: Path, artwork: "Artwork"):
    """Make the row of a downloaded picture: what its source said, and what it is."""
    with Image.open(path) as image:
        width, height = image.size
    return {
        "file_name": f"images/{path.name}",
        "title": artwork.title,
        "artist": artwork.artist,
        "death_year": artwork.death_year,
        "year": artwork.year,
        "genre": artwork.genre,
        "page_url": artwork.page_url,
        "image_url": artwork.image_url,
        "rights": artwork.rights,
        "bytes": str(path.stat().st_size),
        "width": str(width),
        "height": str(height),
        "sha256": sha256_of(path),
    }


def sha256_of(path: Path):
    """Compute the SHA-256 of a file as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def agrees(row: dict, path: Path):
    """Tell whether a file is there and is the one that a row describes."""
    return (
        path.is_file()
        and str(path.stat().st_size) == row["bytes"]
        and sha256_of(path) == row["sha256"]
    )
