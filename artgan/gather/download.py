"""Gathering pictures into a folder: slowly, whole, and never the same one twice."""

import hashlib
import io
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import requests
from PIL import Image
from tqdm import tqdm

from artgan.gather.session import FAILURES, ask, reason
from artgan.gather.table import COLUMNS, Row, read_table, write_table

MOST_FAILURES, MOST_NAMED = 20, 20  # in a row, then it is the server; in the report
SAME = "the same picture as "
STOPPED = "Stopped by Ctrl-C. Run the same command again to go on."
REFUSED = "Too many failed in a row, so the rest was not tried. Try again in an hour."


def picture_name(painting):
    """A file name for a painting; its code is of the address, so no two have one."""
    code = hashlib.sha256(painting["image_url"].encode()).hexdigest()[:8]
    words = re.sub(r"\W+", "-", f"{painting['artist']} {painting['title']}".lower())
    return f"{words.strip('-')[:60] or 'untitled'}_{code}.jpg"


def check_decodes(content):
    """Decode the bytes of a picture to the end; ValueError if that is impossible."""
    try:
        Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP", "GIF"]).load()
    except Exception as error:  # broken files raise almost anything
        raise ValueError("it does not decode as a picture") from error


def fetch_painting(session, painting, folder):
    """Have the picture of a painting in a folder, whole; return its path."""
    path = Path(folder, picture_name(painting))
    if not path.exists():
        address = painting["image_url"]
        try:
            answer = ask(session, address)
        except requests.HTTPError:
            if "!" not in address:
                raise
            answer = ask(session, address.partition("!")[0])  # not X.jpg!Large.jpg
        check_decodes(answer.content)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".part").write_bytes(answer.content)
        os.replace(path.with_suffix(".part"), path)
    return path


@dataclass
class Download:
    """A folder that is being filled. rows, failed: of its two tables, by address."""

    folder: Path
    session: requests.Session
    rows: dict[str, Row]
    failed: dict[str, Row]
    new: int = 0  # rows
    had: int = 0
    left_out: list[str] = field(default_factory=list)  # each with its reason
    failures: int = 0  # in a row
    stopped: str = ""

    def have(self, painting: Row) -> None:
        """Have one picture and its row, or note why not."""
        address, title = painting["image_url"], painting["title"]
        known = self.failed.pop(address, {}).get("reason", "")
        try:
            if address in self.rows or picture_name(painting) in self.rows:
                self.had += 1
            elif known.startswith(SAME):
                raise ValueError(known)  # and do not ask for it again
            else:
                self.take(painting)
                self.new += 1
            self.failures = 0
        except FAILURES as error:
            why = reason(error)
            self.failed[address] = {"image_url": address, "title": title, "reason": why}
            self.left_out.append(f"  {title or address}: {why}")
            self.failures += not why.startswith(SAME)

    def take(self, painting: Row) -> None:
        """Fetch a picture and write its row; ValueError if it is here already."""
        path = self.folder / picture_name(painting)
        try:  # A whole one without a row was renamed just before a kill.
            check_decodes(path.read_bytes())
        except (FileNotFoundError, ValueError):
            path.unlink(missing_ok=True)
            fetch_painting(self.session, painting, self.folder)
        code = hashlib.sha256(path.read_bytes()).hexdigest()
        for row in self.rows.values():
            if row.get("sha256") == code:
                path.unlink()
                raise ValueError(SAME + row["file_name"])
        row = {"file_name": path.name, **painting, "sha256": code}
        self.rows[painting["image_url"]] = row
        write_table(self.folder / "metadata.csv", COLUMNS, self.rows.values())

    def text(self) -> str:
        """Tell the counts, what was left out and why, and what to do next."""
        counts = f"{self.new} new, {self.had} had, {len(self.left_out)} left out"
        more = ["  and more: see failed.csv"] * (len(self.left_out) > MOST_NAMED)
        lines = [f"Pictures: {counts}; they are in {self.folder}."]
        lines += [*self.left_out[:MOST_NAMED], *more, self.stopped]
        return "\n".join(lines).rstrip()


def download(paintings: list[Row], folder: Path, session: requests.Session) -> Download:
    """Fetch what is missing of some pictures into a folder; tell what came of it.

    paintings: as `search` lists them; what failed the last time comes last. Ctrl-C ends
    with what was got. Raises ArtganError for a damaged table, OSError for a full disk.
    """
    failed = {r["image_url"]: r for r in read_table(folder / "failed.csv", "image_url")}
    work = Download(folder, session, unchanged_rows(folder), failed)
    order = sorted(paintings, key=lambda painting: painting["image_url"] in failed)
    try:
        for painting in tqdm(order, unit=" pictures"):
            work.have(painting)
            if work.failures == MOST_FAILURES:
                work.stopped = REFUSED
                break
    except KeyboardInterrupt:
        work.stopped = STOPPED
    write_table(folder / "failed.csv", (), work.failed.values())
    return work


def unchanged_rows(folder: Path) -> dict[str, Row]:
    """The rows of a folder's metadata.csv whose pictures are there unchanged."""
    rows = {}
    for row in read_table(folder / "metadata.csv", "file_name"):
        path, code = folder / row["file_name"], row.get("sha256")
        if path.is_file() and (
            not code or code == hashlib.sha256(path.read_bytes()).hexdigest()
        ):
            rows[row.get("image_url") or row["file_name"]] = row
    return rows
