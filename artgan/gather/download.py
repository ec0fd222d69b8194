"""Gathering pictures into a folder: slowly, safely, and never the same one twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import requests
from tqdm import tqdm

from artgan.gather.picture import check_decodes, fetch_painting, picture_name
from artgan.gather.session import FAILURES
from artgan.gather.summary import Summary
from artgan.gather.table import COLUMNS, read_table, write_table
from artgan.system.errors import ArtganError
from artgan.system.lock import only_one

REFUSALS_BEFORE_STOP = 20  # in a row: then the server or the network is the problem
SAME = "the same picture as "


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Make a folder and hold it for the block; what fails there is an ArtganError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with only_one(folder, "downloading into"):
            yield
    except OSError as error:
        raise ArtganError(
            f"Cannot write in {folder}: {error}. The pictures that are there are kept. "
            "Make room or choose another folder, then run the same command again."
        ) from error


def download(
    paintings: list[dict[str, str]], folder: Path, session: requests.Session
) -> Summary:
    """Fetch what is missing of some pictures into a folder that is held.

    paintings: as `search` lists them. What failed the last time comes last, so that it
    never keeps the rest from its turn. Ctrl-C ends with what was got. Raises
    ArtganError for a table of another kind, OSError when nothing can be written.
    """
    rows, summary = read_rows(folder), Summary(folder)
    failed = {r["image_url"]: r for r in read_table(folder / "failed.csv", "image_url")}
    clear_parts(folder)
    order = sorted(paintings, key=lambda painting: painting["image_url"] in failed)
    bar = tqdm(order, unit=" pictures")
    try:
        for number, painting in enumerate(bar, 1):
            known = failed.pop(painting["image_url"], {}).get("reason", "")
            try_one(painting, known, folder, rows, session, summary)
            bar.set_postfix(summary.counts())
            if summary.refusals == REFUSALS_BEFORE_STOP:
                summary.stopped = stop_text(len(order) - number)
                break
    except KeyboardInterrupt:
        summary.stopped = "Stopped by Ctrl-C. Run the same command again to go on."
    finally:
        bar.close()
        clear_parts(folder)
    (folder / "failed.csv").unlink(missing_ok=True)
    if failures := failed | summary.left_out:
        write_table(folder / "failed.csv", (), failures.values())
    return summary


def read_rows(folder: Path) -> dict[str, dict[str, str]]:
    """The rows of a folder's metadata.csv whose pictures are there, by address."""
    rows = read_table(folder / "metadata.csv", "file_name")
    there = [row for row in rows if (folder / row["file_name"]).is_file()]
    return {row.get("image_url") or row["file_name"]: row for row in there}


def clear_parts(folder: Path) -> None:
    """Remove half pictures, of this run or of one that was killed."""
    for path in folder.glob("*_????????.part"):
        path.unlink(missing_ok=True)


def try_one(
    painting: dict[str, str],
    known: str,
    folder: Path,
    rows: dict[str, dict[str, str]],
    session: requests.Session,
    summary: Summary,
) -> None:
    """Have one picture, or note why not. A known double is not asked for again.

    known: why it could not be had the last time, "" if it was not tried.
    """
    try:
        if known.startswith(SAME):
            raise ValueError(known)
        is_new = take(painting, folder, rows, session)
    except FAILURES as error:
        return summary.leave_out(painting, error)
    summary.new, summary.had = summary.new + is_new, summary.had + (not is_new)
    summary.refusals = 0


def take(
    painting: dict[str, str],
    folder: Path,
    rows: dict[str, dict[str, str]],
    session: requests.Session,
) -> bool:
    """Have one picture and its row, and tell whether it is new.

    A whole picture without a row was renamed just before a kill: it is adopted. Raises
    one of FAILURES; ValueError for what came under another address already.
    """
    address, path = painting["image_url"], folder / picture_name(painting)
    row = rows.get(address, {"file_name": path.name, **painting})
    code = code_of_whole(folder / row["file_name"], row.get("sha256", ""))
    is_new = not code
    if is_new:
        path.unlink(missing_ok=True)  # it is damaged
        content = fetch_painting(session, painting, folder).read_bytes()
        code, row = sha256(content).hexdigest(), {"file_name": path.name, **painting}
    twins = [r["file_name"] for r in rows.values() if r.get("sha256") == code]
    if twins and address not in rows:
        path.unlink()
        raise ValueError(SAME + twins[0])
    if rows.get(address) != (row := row | {"sha256": code}):
        rows[address] = row
        write_table(folder / "metadata.csv", COLUMNS, rows.values())
    return is_new


def code_of_whole(path: Path, known: str) -> str:
    """The SHA-256 of a whole picture file; "" if it is not there or damaged.

    known: its SHA-256 when it was whole, "" if nobody noted it.
    """
    if not path.is_file():
        return ""
    content = path.read_bytes()
    code = sha256(content).hexdigest()
    try:
        if code != known:
            check_decodes(content)
    except ValueError:
        return ""
    return code


def stop_text(left: int) -> str:
    """Say why it gave up early."""
    return (
        f"The server refused {REFUSALS_BEFORE_STOP} times in a row, so the other "
        f"{left} pictures were not tried. Run the same command again later."
    )
