"""Tables of pictures: lists, and metadata.csv as Hugging Face's datasets reads it."""

import csv
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from artgan.system.errors import ArtganError
from artgan.system.files import replacing

COLUMNS = (
    *("file_name", "title", "artist", "death_year", "year", "genre"),
    *("page_url", "image_url", "rights", "sha256"),
)
WIKIART_RIGHTS = "free in most places if the artist died 70 years ago, else fair use"
Row = dict[str, str]


def read_table(path: Path, *needed: str) -> list[Row]:
    """Read the rows of a CSV; [] if there is no such file.

    needed: columns that it must have. Raises ArtganError that names the line at fault.
    """
    line, rows = 1, []
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            semicolons = ";" in (head := file.readline()) and "," not in head
            file.seek(0)  # Excel writes them where a comma is in numbers
            reader = csv.DictReader(file, strict=True, delimiter=",;"[semicolons])
            if missing := [n for n in needed if n not in (reader.fieldnames or ())]:
                there = ", ".join(reader.fieldnames or ["none"])
                raise ValueError(f"it lacks {', '.join(missing)}; it has {there}")
            for row in reader:
                line = reader.line_num
                if None in row or None in row.values():
                    raise ValueError("it has other columns than line 1; quote commas")
                rows.append(row)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, csv.Error) as error:
        raise ArtganError(
            f"{path} cannot be read, line {line}: {error}. It must be a CSV in UTF-8 "
            f"with the columns {', '.join(needed)}. Nothing was changed. Mend it or "
            "move it away, then run the same command again."
        ) from error
    return rows


def read_listing(session, path: str, site: str) -> Iterator[Row]:
    """Yield the pictures of a list, such as a metadata.csv; the source `listing`."""
    for row in read_table(Path(path), "artist", "title", "image_url"):
        known = WIKIART_RIGHTS if ".wikiart.org/" in row["image_url"] else "unknown"
        yield row | {"rights": row.get("rights") or known}


def write_table(path: Path, columns: Iterable[str], rows: Collection[Row]) -> None:
    """Write rows, all or nothing; no rows, no file. Columns that few have come last."""
    if not rows:
        return path.unlink(missing_ok=True)
    names = dict.fromkeys([*columns, *(name for row in rows for name in row)])
    with replacing(path) as half, half.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(names), "", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
