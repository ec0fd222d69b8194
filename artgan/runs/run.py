"""A run: its folder, and what it knows of itself. Nothing here loads TensorFlow."""

import json
from contextlib import suppress
from dataclasses import asdict
from os.path import isdir  # unlike a Path's, false of impossible names
from pathlib import Path
from typing import Any

from artgan.data.dataset import Dataset
from artgan.gan.config import Config
from artgan.paint.animation import save_gif
from artgan.runs.log import figures_in, minutes_trained, plot_curves, read_log
from artgan.storage.checkpoints import checkpoint_paths, checkpoint_step
from artgan.storage.resolve import is_run
from artgan.system.errors import ArtganError
from artgan.system.files import read_object, replacing, write_object
from artgan.system.printing import printable

FORMAT = 1


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
    def saved(self) -> list[Path]:
        """Its checkpoints to go on from, damaged ones too, the newest first."""
        return checkpoint_paths(self.checkpoints)

    def read(self) -> dict | None:
        """What `write` kept; None without it, ArtganError if it is damaged."""
        if not self.file.exists():
            return None
        with suppress(ArtganError, LookupError, TypeError):
            known: Any = read_object(self.file)
            texts = known["data"]["folder"], known["data"]["fingerprint"]
            whole = isinstance(known["config"], dict) and {*map(type, texts)} == {str}
            if known["format"] == FORMAT and whole:
                return known
        raise ArtganError(
            f"{printable(self.file)} is damaged, or of another version. Remove that "
            "file and name the pictures with --data; the checkpoints beside it are as "
            "they were."
        )

    def write(
        self, config: Config, dataset: Dataset, warm_start: str | None = None
    ) -> None:
        """Keep what it learns from, and how; what other pictures gave is renamed."""
        data = {"folder": str(dataset.folder.resolve()), "pictures": len(dataset)}
        data |= {"fingerprint": dataset.fingerprint}
        known = self.read() or {"data": data}
        if known["data"]["fingerprint"] != dataset.fingerprint:
            for path in self.log, self.checkpoints / "best.safetensors":
                with suppress(FileNotFoundError):
                    path.replace(f"{path}.old")
        content = {"format": FORMAT, "data": data, "config": asdict(config)}
        write_object(self.file, content | {"warm_start": warm_start})

    def find_pictures(self) -> Path:
        """Where the pictures are that it learns from; ArtganError if that is gone."""
        if not (known := self.read()):
            raise ArtganError(
                f"There is no run {self} that knows its pictures. Name their folder "
                "too, such as --data data/vedute."
            )
        folder = known["data"]["folder"]
        if isdir(folder):
            return Path(folder)
        raise ArtganError(
            f"The pictures of {self} were in {printable(folder)}, which is not there. "
            "Name where they are now with --data, once."
        )

    def check_place(self, pictures: Path) -> None:
        """Raise ArtganError if its folder is of something else, such as pictures."""
        among = pictures.resolve().is_relative_to(self.folder.resolve())
        there = {path.name for path in self.folder.glob("*")}
        if among or there - {".lock", "checkpoints"} and not is_run(self.folder):
            raise ArtganError(
                f"{self} is there and no run, but holds pictures or other files. "
                "Nothing was changed. Name another --run, or folder of --runs."
            )

    def set_aside(self) -> Path:
        """Rename its folder so that its name is free; return the new path."""
        number = 1
        while (aside := Path(f"{self.folder}-old-{number}")).exists():
            number += 1
        return self.folder.rename(aside)

    def tidy(self, step: int) -> None:
        """Rename what is of later steps than the one it goes on from.

        A killed run recorded steps that it did not save, and left unfinished files.
        """
        for part in self.folder.rglob("*.part"):
            with suppress(OSError):
                part.unlink()
        later = [path for path in self.saved if checkpoint_step(path) > step]
        samples = [p for p in self.samples.glob("*.png") if p.stem.isdecimal()]
        later += [path for path in samples if int(path.stem) > step]
        rows = read_log(self.log)
        kept = [json.dumps(row) + "\n" for row in rows if row["step"] <= step]
        if len(kept) < len(rows):
            later.append(self.log)
        for path in later:
            path.replace(f"{path}.old")
        if kept or self.log.exists():
            with replacing(self.log) as temporary:  # its last line may be half one
                temporary.write_text("".join(kept), "utf-8")

    def describe(self) -> tuple[str, ...]:
        """Its name, newest step, minutes, last distance, latest picture, as texts."""
        rows = read_log(self.log)
        distances = figures_in(rows, "distance")[1]
        return (
            printable(self.name),
            f"{checkpoint_step(self.saved[0]) if self.saved else 0}",
            f"{minutes_trained(rows):.0f}",
            f"{distances[-1]:.3f}" if distances else "-",
            printable(self.latest, 400) if self.latest.exists() else "-",
        )

    def draw(self) -> tuple[Path, Path]:
        """Make its GIF and curves; ArtganError where no sample is whole."""
        gif, curves = self.folder / "training.gif", self.folder / "curves.png"
        try:
            save_gif(sorted(self.samples.glob("*.png")), gif)
        except (IndexError, ValueError) as error:
            told = f"{self} has no sample that is whole. Train it longer."
            raise ArtganError(told) from error
        plot_curves(self.log, curves)
        return gif, curves
