"""A run: its folder, and what it knows of itself. Nothing here loads TensorFlow."""

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artgan.runs.log import minutes_trained, read_log
from artgan.storage.checkpoints import checkpoint_paths, checkpoint_step
from artgan.storage.run_folder import is_run
from artgan.system.errors import ArtganError
from artgan.system.files import read_object, replacing, write_object
from artgan.system.printing import printable
from artgan.system.tensorflow import kernels

if TYPE_CHECKING:
    from artgan.data.dataset import Dataset
    from artgan.gan.config import Config

FORMAT = 1
UNSAVED = 4  # minutes of training after which a run has saved something


class Run:
    """The folder of a training; it may be new, and is only read until it is written."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.name = self.folder.resolve().name
        self.file = self.folder / "run.json"
        self.checkpoints = self.folder / "checkpoints"
        self.samples, self.log = self.folder / "samples", self.folder / "log.jsonl"
        self.latest = self.folder / "latest.png"

    def __str__(self) -> str:
        return printable(self.folder)

    @property
    def is_saved(self) -> bool:
        """Whether there is a checkpoint to go on from, be it damaged."""
        return bool(checkpoint_paths(self.checkpoints))

    def read(self) -> dict | None:
        """What `write` kept: {"data": {...}, "config": {...}, ...}; None without it.

        Raises ArtganError if the file is damaged, or of a newer format.
        """
        if not self.file.exists():
            return None
        advice = (
            "Remove that file and name the pictures with --data; the checkpoints "
            "beside it are as they were."
        )
        try:
            known = read_object(self.file)
        except ArtganError as error:
            raise ArtganError(f"{error} {advice}") from None
        config: Any = known.get("config")
        data: Any = known.get("data")
        whole = isinstance(config, dict) and isinstance(data, dict)
        texts = [data.get("folder"), data.get("fingerprint")] if whole else [None]
        if known.get("format") != FORMAT or not all(isinstance(t, str) for t in texts):
            file = printable(self.file)
            raise ArtganError(f"{file} is of another version, or damaged. {advice}")
        return known

    def write(
        self, config: "Config", dataset: "Dataset", warm_start: str | None = None
    ) -> None:
        """Keep the settings, where the pictures are, and what it began with."""
        data = {
            "folder": str(Path(dataset.folder).resolve()),
            "pictures": len(dataset),
            "fingerprint": dataset.fingerprint,
        }
        with suppress(ValueError):  # on another drive of Windows
            here = self.folder.resolve()
            data["from_here"] = os.path.relpath(data["folder"], here)
        content = {"format": FORMAT, "data": data, "config": asdict(config)}
        content |= {"kernels": kernels(), "warm_start": warm_start}
        if not self.file.exists() or read_object(self.file) != content:
            write_object(self.file, content)

    def find_pictures(self) -> Path:
        """Where the pictures are that it learns from, though both may have moved.

        Raises ArtganError if nothing is known of them, or they are not there.
        """
        if not (known := self.read()):
            raise ArtganError(
                f"{self} does not tell of which pictures it is. Name their folder too, "
                "such as --data data/vedute."
            )
        stored = known["data"]["folder"]
        moved = self.folder / str(known["data"].get("from_here", stored))
        for place in stored, moved:
            if os.path.isdir(place):
                return Path(os.path.normpath(place))
        raise ArtganError(
            f"The pictures of {self} were in {printable(stored)}, which is not there. "
            "Name where they are now with --data, once."
        )

    def check_place(self, pictures: Path) -> None:
        """Raise ArtganError if its folder is of something else, such as pictures."""
        if pictures.resolve().is_relative_to(self.folder.resolve()):
            raise ArtganError(
                f"The run would lie among its own pictures, in {self}. Nothing was "
                "changed. Name another --run, or another folder of --runs."
            )
        there = os.listdir(self.folder) if self.folder.is_dir() else []
        if set(there) - {".lock", "checkpoints"} and not is_run(self.folder):
            raise ArtganError(
                f"{self} is there and no run. Nothing was changed. Name another --run."
            )

    def check_checkpoints(self) -> None:
        """Raise ArtganError if it was trained, and all that it had saved is gone."""
        if self.is_saved or not self.file.exists():
            return
        minutes = minutes_trained(read_log(self.log))
        if not self.checkpoints.is_dir() or minutes > UNSAVED:
            raise ArtganError(
                f"The checkpoints of {self} are gone. Nothing was changed. Put them "
                "back, or give --fresh to start it over."
            )

    def set_aside(self) -> Path:
        """Rename its folder so that its name is free; return the new path."""
        number = 1
        while (
            aside := self.folder.with_name(f"{self.folder.name}-old-{number}")
        ).exists():
            number += 1
        return self.folder.rename(aside)

    def tidy(self, step: int) -> None:
        """Rename what is of later steps than the one it goes on from.

        A killed run recorded steps that it did not save; or a checkpoint is damaged.
        Files that a killed process had not finished are removed.
        """
        for part in self.folder.rglob("*.part"):
            with suppress(OSError):
                part.unlink()
        saved = checkpoint_paths(self.checkpoints)
        later = [path for path in saved if checkpoint_step(path) > step]
        for path in self.samples.glob("*.png"):
            if path.stem.isdecimal() and int(path.stem) > step:
                later.append(path)
        for path in later:
            path.replace(f"{path}.old")
        self.cut_log(step)

    def cut_log(self, step: int) -> None:
        """Leave the rows of later steps out of the log; the old log stays beside it."""
        rows = read_log(self.log)
        kept = [row for row in rows if row["step"] <= step]
        if not self.log.exists():
            return
        if len(kept) < len(rows):
            self.log.replace(f"{self.log}.old")
        with replacing(self.log) as temporary:
            lines = (json.dumps(row) + "\n" for row in kept)
            temporary.write_text("".join(lines), "utf-8")
