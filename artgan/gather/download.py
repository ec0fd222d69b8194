"""Gathering pictures into a folder: slowly, safely, and never the same one twice."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import requests
from tqdm import tqdm

from artgan.gather.picture import check_decodes, fetch_painting, picture_name
from artgan.gather.session import FAILURES, is_refusal, reason
from artgan.gather.table import COLUMNS, Row, read_table, write_table

REFUSALS_BEFORE_STOP = 20  # in a row: then the server or the network is the problem
MOST_NAMED = 20  # pictures, of those that were left out
SAME = "the same picture as "
STOPPED = "Stopped by Ctrl-C. Run the same command again to go on."
REFUSED = (
    "The server refuses again and again, so the other {} pictures were not tried. Its "
    "hourly limit may be spent: run the same command again later."
)


@dataclass
class Download:
    """A folder that is being filled. rows, failed: of its two tables, by address."""

    folder: Path
    session: requests.Session
    rows: dict[str, Row]
    failed: dict[str, Row]
    new: int = 0
    had: int = 0
    left_out: dict[str, Row] = field(default_factory=dict)  # of `failed`, this time
    refusals: int = 0  # in a row
    stopped: str = ""

    def have(self, painting: Row) -> None:
        """Have one picture and its row, or note why not."""
        address = painting["image_url"]
        known = self.failed.pop(address, {}).get("reason", "")
        try:
            if known.startswith(SAME):
                raise ValueError(known)  # and do not ask for it again
            is_new = address not in self.rows and self.take(painting)
        except FAILURES as error:
            row = {"image_url": address, "title": painting["title"]}
            self.left_out[address] = row | {"reason": reason(error)}
            self.refusals = self.refusals + 1 if is_refusal(error) else 0
        else:
            self.new, self.had = self.new + is_new, self.had + (not is_new)
            self.refusals = 0

    def take(self, painting: Row) -> bool:
        """Fetch a picture and write its row; tell whether it is new.

        A whole picture without a row was renamed just before a kill: it is adopted.
        Raises one of FAILURES; ValueError for what came under another address already.
        """
        path = self.folder / picture_name(painting)
        if is_new := not is_whole(path):
            path.unlink(missing_ok=True)
            fetch_painting(self.session, painting, self.folder)
        code = sha256(path.read_bytes()).hexdigest()
        for row in self.rows.values():
            if row.get("sha256") == code:
                path.unlink()
                raise ValueError(SAME + row["file_name"])
        row = {"file_name": path.name, **painting, "sha256": code}
        self.rows[painting["image_url"]] = row
        write_table(self.folder / "metadata.csv", COLUMNS, self.rows.values())
        return is_new

    def counts(self) -> dict[str, int]:
        """The counts, for a progress bar too."""
        return {"new": self.new, "had": self.had, "left out": len(self.left_out)}

    def text(self) -> str:
        """Tell the counts, what was left out and why, and what to do next."""
        counts = ", ".join(f"{count} {name}" for name, count in self.counts().items())
        lines = [f"Pictures: {counts}; they are in {self.folder}."]
        for row in list(self.left_out.values())[:MOST_NAMED]:
            lines.append(f"  {row['title'] or row['image_url']}: {row['reason']}")
        if len(self.left_out) > MOST_NAMED:
            lines.append(
                f"  and {len(self.left_out) - MOST_NAMED} more: see failed.csv"
            )
        return "\n".join([*lines, self.stopped]).rstrip()


def download(paintings: list[Row], folder: Path, session: requests.Session) -> Download:
    """Fetch what is missing of some pictures into a folder; tell what came of it.

    paintings: as `search` lists them. What failed the last time comes last, so that it
    never keeps the rest from its turn. Ctrl-C ends with what was got. Raises
    ArtganError for a table of another kind, OSError when nothing can be written.
    """
    failed = {r["image_url"]: r for r in read_table(folder / "failed.csv", "image_url")}
    work = Download(folder, session, read_rows(folder), failed.copy())
    order = sorted(paintings, key=lambda painting: painting["image_url"] in failed)
    bar = tqdm(order, unit=" pictures")
    try:
        for number, painting in enumerate(bar, 1):
            work.have(painting)
            bar.set_postfix(work.counts())
            if work.refusals == REFUSALS_BEFORE_STOP:
                work.stopped = REFUSED.format(len(order) - number)
                break
    except KeyboardInterrupt:
        work.stopped = STOPPED
    finally:
        bar.close()
        for half in folder.glob("*_????????.part"):  # of this run, or of a killed one
            half.unlink(missing_ok=True)
    write_table(folder / "failed.csv", (), (work.failed | work.left_out).values())
    return work


def read_rows(folder: Path) -> dict[str, Row]:
    """The rows of a folder's metadata.csv whose pictures are there unchanged."""
    rows = {}
    for row in read_table(folder / "metadata.csv", "file_name"):
        path, code = folder / row["file_name"], row.get("sha256")
        if path.is_file() and code in (None, "", sha256(path.read_bytes()).hexdigest()):
            rows[row.get("image_url") or row["file_name"]] = row
    return rows


def is_whole(path: Path) -> bool:
    """Tell whether a picture is there and decodes."""
    try:
        check_decodes(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return False
    return True
