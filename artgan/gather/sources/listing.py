"""A pinned list of pictures in a CSV file, so that a set can be fetched again exactly.

A `metadata.csv` written by the downloader is such a list too.
"""

import csv
from pathlib import Path
from urllib.parse import urlsplit

from artgan.gather.sources.artwork import Artwork, rights_note, tidy
from artgan.gather.sources.problems import SourceError
from artgan.system.printing import printable

REQUIRED = ("artist", "title", "image_url")


def read_listing(path: Path):
    """Read a CSV with the columns artist, title, image_url into a list of artworks.

    The columns year, genre, page_url and rights may be there too; others are ignored.
    A picture listed twice is kept once. Raises SourceError naming the line at fault.
    """
    path = Path(path)
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            artworks = list(parse_rows(csv.DictReader(file, strict=True), path))
    except FileNotFoundError:
        raise SourceError(f"There is no list {path}. Check the spelling.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            f"The list {path} cannot be read: {error}. It must be a CSV file in UTF-8."
        ) from error
    if not artworks:
        raise SourceError(f"The list {path} names no pictures.")
    return list({artwork.image_url: artwork for artwork in artworks}.values())


def parse_rows(reader, path: Path):
    """Yield an artwork for each row of a `csv.DictReader`."""
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise SourceError(
            f"The list {path} lacks in line 1: {', '.join(missing)}. Its first line "
            "must name the columns, at least artist,title,image_url."
        )
    for row in reader:
        fault = fault_of(row)
        if fault:
            raise SourceError(
                f"The list {path} is wrong in line {reader.line_num}: {fault}. Mend "
                "that line and run the same command again; nothing was fetched."
            )
        yield artwork_of(row)


def fault_of(row: dict) -> str:
    """Say what is wrong with a row, or return ""."""
    if None in row or None in row.values():
        return "it has not as many values as line 1 has columns"
    address = row["image_url"].strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"'{printable(address, 80)}' is not an http address"
    return ""


def artwork_of(row: dict):
    """Turn a row without faults into an artwork."""
    address = row["image_url"].strip()
    return Artwork(
        title=tidy(row["title"]),
        artist=tidy(row["artist"]),
        year=tidy(row.get("year")),
        page_url=tidy(row.get("page_url")),
        image_url=address,
        genre=tidy(row.get("genre")),
        rights=tidy(row.get("rights")) or rights_note(urlsplit(address).hostname),
        death_year=tidy(row.get("death_year")),
    )
