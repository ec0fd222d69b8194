"""`metadata.csv`: one row for each picture in its folder, always whole.

Its form is that of Hugging Face's `imagefolder`: `load_dataset("imagefolder",
data_dir=FOLDER)` and pandas read it as it is.
"""

import csv
from collections.abc import Collection, Iterable
from pathlib import Path

from artgan.system.errors import ArtganError
from artgan.system.files import replacing

COLUMNS = (
    *("file_name", "title", "artist", "death_year", "year", "genre"),
    *("page_url", "image_url", "rights", "sha256"),
)
Row = dict[str, str]


def read_table(path: Path, needed: str) -> list[Row]:
    """Read the rows of a CSV that have a value in the column `needed`; [] if none.

    Raises ArtganError when there is no such column: the table is somebody else's.
    """
    try:
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, restval="")
            if needed not in (reader.fieldnames or [needed]):
                raise ValueError
            return [row for row in reader if row[needed]]
    except FileNotFoundError:
        return []
    except (ValueError, csv.Error):
        raise ArtganError(
            f"{path} is not a list that this program wrote. Nothing was changed. Move "
            "it away or choose another folder, then run the same command again."
        ) from None


def write_table(path: Path, columns: Iterable[str], rows: Collection[Row]) -> None:
    """Write rows, all or nothing; no rows, no file. Columns that few have come last."""
    if not rows:
        return path.unlink(missing_ok=True)
    names = dict.fromkeys([*columns, *(name for row in rows for name in row if name)])
    with (
        replacing(path) as partial,
        open(partial, "w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.DictWriter(file, list(names), "", "ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
