"""A pinned list of pictures: a CSV file, such as a metadata.csv."""

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
    line = 1
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if missing := [n for n in REQUIRED if n not in (reader.fieldnames or ())]:
                raise ValueError(f"it lacks {', '.join(missing)}")
            for row in reader:
                line, address = reader.line_num, (row["image_url"] or "").strip()
                if None in row or None in row.values():
                    raise ValueError("it has not as many values as line 1 has columns")
                if not address.startswith(("http://", "https://")):
                    raise ValueError(f"{printable(address, 80)!r} is no http address")
                known = WIKIART_RIGHTS if ".wikiart.org/" in address else "unknown"
                yield {
                    **row,
                    "image_url": address,
                    "rights": row.get("rights") or known,
                }
    except (OSError, ValueError, csv.Error) as error:
        raise ArtganError(
            f"The list {path} cannot be read, line {line}: {error}. It must be a CSV "
            f"in UTF-8 with the columns {', '.join(REQUIRED)}. Nothing was fetched."
        ) from error
