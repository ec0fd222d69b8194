"""Downloading pictures: slowly, safely, and never the same one twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import requests
from tqdm import tqdm

from artgan.gather.manifest import (
    agrees,
    describe,
    read_failures,
    read_manifest,
    write_failures,
    write_manifest,
)
from artgan.gather.network.session import polite_session
from artgan.gather.sources.picture import check_picture, download_picture, safe_name
from artgan.gather.summary import Summary
from artgan.system.errors import ArtganError
from artgan.system.lock import only_one

if TYPE_CHECKING:
    from artgan.gather.network.session import PoliteSession
    from artgan.gather.sources.artwork import Artwork

REFUSALS_BEFORE_STOP = 20  # In a row: then the server or the network is the problem.
FAILURES = (requests.RequestException, ValueError)


def download(
    artworks: "list[Artwork]",
    folder: str | Path,
    delay: float = 1.0,
    max_bytes: int = 20_000_000,
    session: "PoliteSession | None" = None,
    progress: bool = True,
):
    """Fetch what is missing of some artworks into `folder`/images, and tell a Summary.

    delay: seconds between two requests, 0.2 at least; session: one made by
    `polite_session`, which then has its own delay. Ctrl-C ends with what was got.
    Raises ArtganError when another process downloads there, or nothing can be written.
    """
    folder = Path(folder)
    wanted = {safe_name(artwork): artwork for artwork in artworks}
    with holding(folder):
        session = session or polite_session(delay, most_bytes=max_bytes)
        return download_all(wanted, folder, max_bytes, session, progress)


def check_place(folder: str | Path) -> None:
    """Raise the ArtganError that `download` would, before anything is asked for."""
    with holding(Path(folder)):
        pass


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Make a folder and hold it for the block; what fails there is an ArtganError."""
    try:
        (folder / "images").mkdir(parents=True, exist_ok=True)
        with only_one(folder, "downloading into"):
            yield
    except OSError as error:
        raise ArtganError(
            f"Cannot write in {folder}: {error}. The pictures that are there are kept. "
            "Make room or choose another folder, then run the same command again."
        ) from error


def download_all(
    wanted: dict[str, "Artwork"],
    folder: Path,
    max_bytes: int,
    session: "PoliteSession",
    progress: bool,
):
    """Fetch {file name: artwork} into a folder that this process holds.

    What failed the last time comes last, so that it never keeps the rest from its turn.
    """
    summary, rows = Summary(folder), tidied_rows(folder, wanted)
    failed = read_failures(folder / "failed.csv")
    failed = {name: why for name, why in failed.items() if name in wanted}
    order = sorted(wanted, key=lambda name: name in failed)
    bar = tqdm(order, unit=" pictures", disable=not progress)
    try:
        for number, name in enumerate(bar, start=1):
            taken = take(name, wanted[name], folder, rows, session, max_bytes)
            summary.add(name, *taken)
            failed.pop(name, None)
            bar.set_postfix(summary.counts())
            if summary.refusals == REFUSALS_BEFORE_STOP:
                summary.stopped = stop_text(len(wanted) - number)
                break
    except KeyboardInterrupt:
        summary.stopped = "Stopped by Ctrl-C. Run the same command again to go on."
    finally:
        bar.close()
        write_manifest(folder, rows)
    write_failures(folder / "failed.csv", failed | summary.reasons(), wanted)
    return summary


def tidied_rows(folder: Path, wanted: dict[str, "Artwork"]) -> dict[str, dict]:
    """Read the manifest after a run that may have been killed, and clear its leavings.

    Rows of wanted pictures are checked when their turn comes; others are left out here
    when their file is gone or has changed.
    """
    rows = read_manifest(folder)
    for partial in (folder / "images").glob("*.part"):
        partial.unlink()
    return {
        name: row
        for name, row in rows.items()
        if name in wanted or agrees(row, folder / "images" / name)
    }


def take(
    name: str,
    artwork: "Artwork",
    folder: Path,
    rows: dict[str, dict],
    session: "PoliteSession",
    max_bytes: int,
):
    """Have one picture and its row: ("new" or "had", None) or ("failed", the error).

    A whole picture without a row was renamed just before a kill: it is adopted.
    """
    path = folder / "images" / name
    if name in rows and agrees(rows[name], path):
        return "had", None
    outcome = "had"
    if name in rows or not is_picture(path):
        rows.pop(name, None)
        try:
            fetch(session, artwork.image_url, path, max_bytes)
        except FAILURES as error:
            return "failed", error
        outcome = "new"
    rows[name] = describe(path, artwork)
    write_manifest(folder, rows)
    return outcome, None


def fetch(session: "PoliteSession", url: str, path: Path, max_bytes: int) -> None:
    """Download a picture, once more if the connection breaks off within it.

    All its troubles together have the time of one answer.
    """
    with session.one_limit():
        try:
            download_picture(session, url, path, max_bytes)
        except requests.exceptions.ChunkedEncodingError:
            download_picture(session, url, path, max_bytes)


def is_picture(path: Path) -> bool:
    """Tell whether a file is there and decodes."""
    try:
        check_picture(path)
    except ValueError:
        return False
    return True


def stop_text(left: int) -> str:
    """Say why a download gave up early."""
    return (
        f"The server refused {REFUSALS_BEFORE_STOP} times in a row, so the other "
        f"{left} pictures were not tried. Run the same command again later."
    )
