"""`manifest.csv`: one row for each downloaded picture, always whole.

It is rewritten beside itself and renamed, so a kill leaves the old one or the new one.
"""

import csv
import hashlib
from pathlib import Path

from PIL import Image

from artgan.system.errors import ArtganError
from artgan.system.files import replacing

COLUMNS = (
    "file",
    "title",
    "artist",
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


def read_manifest(path):
    """Read the rows of a manifest: {file name: {column: text}}, {} if there is none.

    A row that is torn or not of this kind is left out. Raises ArtganError when the file
    is something else than a manifest.
    """
    path = Path(path)
    if not path.exists():
        return {}
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            reader = csv.DictReader(file)
            is_ours = reader.fieldnames is None or tuple(reader.fieldnames) == COLUMNS
            rows = list(reader)
    except csv.Error:
        is_ours = False
    if not is_ours:
        raise ArtganError(
            f"{path} is not a list that this program wrote. Nothing was changed. Move "
            "it away or choose another folder, then run the same command again."
        )
    return {row["file"]: row for row in rows if is_whole(row)}


def is_whole(row):
    """Tell whether a row has every value, and names a file of its own folder."""
    values = [row.get(column) for column in COLUMNS]
    return (
        None not in row
        and None not in values
        and len(row["sha256"]) == 64
        and Path(row["file"]).name == row["file"] != ""
    )


def write_manifest(path, rows):
    """Write the rows of a manifest, {file name: {column: text}}, all or nothing."""
    with (
        replacing(Path(path)) as partial,
        open(partial, "w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())


def read_failures(path):
    """Read what could not be had: {file name: reason}, {} if that cannot be read."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return {row["file"]: row["reason"] for row in csv.DictReader(file)}
    except (OSError, ValueError, KeyError, csv.Error):
        return {}


def write_failures(path, reasons, artworks):
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


def describe(path, artwork):
    """Make the row of a downloaded picture: what its source said, and what it is."""
    with Image.open(path) as image:
        width, height = image.size
    return {
        "file": path.name,
        "title": artwork.title,
        "artist": artwork.artist,
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


def sha256_of(path):
    """Compute the SHA-256 of a file as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def agrees(row, path):
    """Tell whether a file is there and is the one that a row describes."""
    return (
        path.is_file()
        and str(path.stat().st_size) == row["bytes"]
        and sha256_of(path) == row["sha256"]
    )
