"""Fetching published weights: resumed where it broke off, used only once verified."""

import re
from pathlib import Path

import requests
from tqdm import tqdm

from artgan.gather.network.failures import TooSlow, reason
from artgan.gather.network.session import PoliteSession, polite_session
from artgan.storage.catalogue import (
    CHECKPOINTS,
    find_model,
    published_folder,
    verify_file,
)
from artgan.system.errors import ArtganError
from artgan.system.lock import only_one
from artgan.system.printing import printable

TRIES = 3  # Of one address; each goes on where the one before broke off.
SLOWEST = 20_000  # Bytes a second; who is slower ends at the session's own limit.
FRAMING = 1_000_000  # Bytes that headers and framing may add to a file.
FAILURES = (requests.RequestException, ValueError)
PASSING = (
    requests.ConnectionError,
    requests.exceptions.ChunkedEncodingError,
    requests.Timeout,
)


def fetch_weights(
    name: str,
    checkpoints: str | Path = CHECKPOINTS,
    session: "PoliteSession | None" = None,
):
    """Have all files of a published model in checkpoints/NAME; return that folder.

    name: of the model, or its alias. session: one made by `polite_session`. Files that
    are there and right are kept. Raises ArtganError when another process fetches them,
    or a file cannot be had; what came of it is kept and the next call goes on from it.
    """
    full_name, model = find_model(name, checkpoints)
    folder = Path(checkpoints, full_name)
    if missing_files(folder, model):
        folder.mkdir(parents=True, exist_ok=True)
        with only_one(folder, "fetching weights into"):
            # Another process may have fetched them until this one held the folder.
            for file_name, file in missing_files(folder, model).items():
                most = file["bytes"] + FRAMING
                own = session or polite_session(0.2, most_bytes=most, slowest=SLOWEST)
                fetch_file(own, folder / file_name, file)
    return published_folder(full_name, checkpoints)


def missing_files(folder: Path, model: dict) -> dict[str, dict]:
    """The entries of a model's files that are not there, or not right, by name."""
    files = model["files"].items()
    return {name: file for name, file in files if not is_right(folder / name, file)}


def is_right(path: Path, file: dict) -> bool:
    """Tell whether a file is there and what its entry in the catalogue says."""
    try:
        verify_file(path, file)
    except ArtganError:
        return False
    return True


def fetch_file(session: "PoliteSession", path: Path, file) -> None:
    """Fetch one file of the catalogue from the first address that has it whole.

    It gets its name once its size and SHA-256 are right; what stood there before and
    was not right is kept as NAME.old.
    """
    partial, failures = path.with_name(path.name + ".part"), []
    for address in file["addresses"]:
        for _ in range(TRIES):
            resumed = partial.exists()
            try:
                fetch_rest(session, address, partial, file)
                verify_part(partial, file)
            except FAILURES as error:
                failures.append(f"{printable(address)}: {reason(error)}")
                if not may_pass(error, resumed and not partial.exists()):
                    break
            else:
                if path.exists():
                    path.replace(path.with_name(path.name + ".old"))
                partial.replace(path)
                return
    raise ArtganError(unfetched_text(path, dict.fromkeys(failures), partial))


def may_pass(error: Exception, begins_anew: bool):
    """Tell whether it is worth while to ask the same address again after an error."""
    return begins_anew or isinstance(error, PASSING) and not isinstance(error, TooSlow)


def fetch_rest(session: "PoliteSession", address: str, partial: Path, file) -> None:
    """Add to a partial file what it lacks, or begin anew where a server cannot resume.

    Raises one of FAILURES; what came before that stays in the partial file.
    """
    had = partial.stat().st_size if partial.exists() else 0
    if had >= file["bytes"]:
        return
    headers = {"Range": f"bytes={had}-"} if had else {}
    with session.get(address, headers=headers, stream=True) as response:
        if response.status_code == 416:
            partial.unlink()
        response.raise_for_status()
        start = had if response.status_code == 206 else 0
        check_promise(response, start, partial, file["bytes"])
        with open(partial, "ab" if start else "wb") as output:
            save_body(response, output, start, file["bytes"], partial.stem)


def check_promise(response: requests.Response, start, partial: Path, size: int) -> None:
    """Raise ValueError if the headers speak of another file or part than the wanted."""
    if start:
        promised = response.headers.get("Content-Range", "")
        match = re.fullmatch(rf"bytes {start}-\d+/({size}|\*)", promised)
        if not match:
            partial.unlink()
            part = promised[:80]
            raise ValueError(f"it sent '{part}' of the file, not what was asked for")
        return
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and length != str(size):
        raise ValueError(f"it has {length[:20]} bytes, the catalogue says {size}")


def save_body(response: requests.Response, output, start, size: int, name: str) -> None:
    """Write the body of an answer, no more than `size` - `start` bytes, with a bar."""
    bar = tqdm(total=size, initial=start, desc=name, unit="B", unit_scale=True)
    with bar:
        for chunk in response.iter_content(65536):
            if bar.n + len(chunk) > size:
                raise ValueError(f"larger than the {size:,} bytes of the catalogue")
            output.write(chunk)
            bar.update(len(chunk))
        if bar.n < size:
            raise requests.exceptions.ChunkedEncodingError("the answer ended early")


def verify_part(partial: Path, file) -> None:
    """Raise ValueError if a whole file is not the right one; it is then removed."""
    try:
        verify_file(partial, file)
    except ArtganError:
        partial.unlink()
        raise ValueError(
            "what came is not what the catalogue says, and was thrown away"
        ) from None


def unfetched_text(path: Path, failures, partial: Path) -> str:
    """Say why a file could not be had, what was kept, and what to do."""
    if not failures:
        return (
            f"{path} is missing or changed, and has no address in the catalogue: it "
            "comes with the repository. Get it from there again, with git or by hand."
        )
    kept = ""
    if partial.exists():
        kept = f" {partial.stat().st_size:,} bytes are kept, to go on from."
    tried = "; ".join(failures)
    return f"{path.name} could not be fetched: {tried}.{kept} Run this again later."
