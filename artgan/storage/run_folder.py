"""Telling the folders of runs from others."""

import re
from os.path import isdir, isfile  # unlike a Path's, false of impossible names
from pathlib import Path
from typing import Any

from artgan.system.errors import ArtganError
from artgan.system.printing import printable

PLAIN = "up to 100 letters, digits, spaces and -._"


def is_run_name(text: Any) -> bool:
    """Tell whether a new run may be called so."""
    plain = isinstance(text, str) and re.fullmatch(r"\w([\w .-]*\w)?", text)
    return bool(plain) and len(text) <= 100


def is_run(folder: str | Path) -> bool:
    """Tell whether a folder is that of a run."""
    checkpoints = Path(folder, "checkpoints")
    saved = isdir(checkpoints) and any(checkpoints.glob("step-*"))
    return saved or isfile(Path(folder, "run.json"))


def run_names(runs: str | Path) -> list[str]:
    """The names of the runs in a folder, sorted."""
    folders = Path(runs).iterdir() if isdir(runs) else []
    return sorted(path.name for path in folders if is_run(path))


def existing_run(folder: Path) -> Path:
    """The folder, if it is that of a run; else an ArtganError that lists the runs."""
    if is_run(folder):
        return folder
    names = ", ".join(run_names(folder.parent))
    others = f"The runs there are: {printable(names)}." if names else "Train one first."
    raise ArtganError(f"There is no run {printable(folder)}. {others}")
