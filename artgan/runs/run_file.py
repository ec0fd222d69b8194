"""What a run knows of itself: its settings, and the pictures that it learns from."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from artgan.storage.json_file import read_object, write_object
from artgan.system.errors import ArtganError
from artgan.system.printing import printable
from artgan.system.tensorflow import kernels

if TYPE_CHECKING:
    from artgan.data.dataset import Dataset
    from artgan.gan.config import Config

RUN_FILE = "run.json"
FORMAT = 1


def write_run_file(folder: str | Path, config: "Config", dataset: "Dataset") -> None:
    """Keep in a run's folder its settings, and where its pictures are."""
    data = {
        "folder": str(Path(dataset.folder).resolve()),
        "pictures": len(dataset),
        "fingerprint": dataset.fingerprint,
    }
    content = {"format": FORMAT, "data": data, "config": asdict(config)}
    content["kernels"] = kernels()
    path = Path(folder, RUN_FILE)
    if not path.exists() or read_object(path) != content:
        write_object(path, content)


def read_run_file(folder: str | Path):
    """What `write_run_file` kept: {"data": {...}, "config": {...}}; None without it.

    Raises ArtganError if the file is damaged, or of a newer format.
    """
    path = Path(folder, RUN_FILE)
    if not path.exists():
        return None
    try:
        known = read_object(path)
        parts = known.get("format") == FORMAT, known.get("config"), known.get("data")
        data = parts[2] if isinstance(parts[2], dict) else {}
        texts = data.get("folder"), data.get("fingerprint")
        right = parts[0] and isinstance(parts[1], dict)
        if not right or not all(isinstance(text, str) for text in texts):
            raise ArtganError(f"{printable(path)} is of another version, or damaged.")
    except ArtganError as error:
        raise ArtganError(
            f"{error} Remove that file and name the pictures with --data; the "
            "checkpoints beside it are as they were."
        ) from None
    return known


def check_data(folder: str | Path, known: dict | None, dataset: "Dataset") -> None:
    """Raise ArtganError if a run has learnt from other pictures than these."""
    before = known and known["data"]
    if not before or before["fingerprint"] == dataset.fingerprint:
        return
    run = printable(Path(folder).name)
    raise ArtganError(
        f"The pictures are not those that {run} learns from: it had "
        f"{printable(before.get('pictures'))} in {printable(before['folder'])}, these "
        f"are {len(dataset)} in {printable(dataset.folder)}. Nothing was changed. "
        f"--new-data goes on with these; --run OTHER --from {run} begins anew with "
        "what it has learnt; --fresh starts over."
    )
