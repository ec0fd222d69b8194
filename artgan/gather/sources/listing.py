"""A pinned list of pictures in a CSV file, so that a set can be fetched again exactly.

A `metadata.csv` is such a list too.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from artgan.gather.sources.wikiart import WIKIART_RIGHTS
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

REQUIRED = ("artist", "title", "image_url")


def read_listing(session, path: str | Path, site: str = "") -> Iterator[dict]:
    """Yield the pictures of a CSV that has at least the columns `REQUIRED`.

    Nothing is asked of the session. Raises ArtganError that names the line at fault.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = set(REQUIRED).difference(reader.fieldnames or ())
            rows = [] if missing else [(reader.line_num, row) for row in reader]
    except (OSError, ValueError, csv.Error) as error:
        raise ArtganError(
            f"The list {path} cannot be read: {error}. It must be a CSV file in UTF-8."
        ) from error
    if missing:
        raise ArtganError(
            f"The list {path} lacks in line 1: {', '.join(sorted(missing))}. That line "
            f"must name the columns, at least {','.join(REQUIRED)}."
        )
    for line, row in rows:
        address = (row["image_url"] or "").strip()
        if None in row or None in row.values() or not address.startswith("http"):
            raise ArtganError(
                f"The list {path} is wrong in line {line}: {printable(row, 80)}. It "
                "needs a value for each column, and an http address. Nothing was lost."
            )
        known = WIKIART_RIGHTS if ".wikiart.org/" in address else "unknown"
        yield {**row, "image_url": address, "rights": row.get("rights") or known}
