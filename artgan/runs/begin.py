"""What a training begins or goes on with: its folder, its pictures, its settings.

Nothing here loads TensorFlow, so that a mistyped word is told at once.
"""

import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artgan.data.folder import check_folder
from artgan.gan.config import Config, compare_configs, preset, resolved_config
from artgan.runs.run_file import check_data, read_run_file
from artgan.storage.run_folder import PLAIN, is_run_name
from artgan.system.arguments import wrong
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

if TYPE_CHECKING:
    from artgan.data.dataset import Dataset


def find_run(
    data: str | Path | None, run: str | None, runs: str | Path, fresh: bool = False
) -> tuple[Path, Path, dict | None]:
    """The folder of a run, that of its pictures, and what it knows of itself.

    data: the folder of pictures, None for the run's own; run: its name, None for that
    of the pictures' folder; fresh: what it knows does not count. Raises ArtganError,
    before anything is loaded, if one of them is not named or not there.
    """
    if not (data or run):
        raise ArtganError(
            "Name a folder of pictures, such as --data data/villas, or a run to go on "
            "with, such as --run villas."
        )
    if run is not None and not is_run_name(run):
        raise wrong("run", run, f"a plain name: {PLAIN}")
    folder = Path(runs, run or name_of(data or ""))
    known = read_run_file(folder)
    if not data and not known:
        raise ArtganError(
            f"{printable(folder)} does not tell of which pictures it is. Name their "
            "folder too, such as --data data/villas."
        )
    pictures = Path(data or known["data"]["folder"])
    if not data and not pictures.is_dir():
        raise ArtganError(
            f"The pictures of {printable(folder)} were in {printable(pictures)}, which "
            "is not there. Name where they are now with --data."
        )
    check_folder(pictures)
    return folder, pictures, None if fresh else known


def name_of(data: str | Path) -> str:
    """The name of a run for a folder of pictures: that of the folder."""
    name = re.sub(r"[^\w .-]+", "-", Path(data).resolve().name).strip(" .-")
    if not name:
        raise ArtganError("Name the run too, such as --run mine.")
    return name


def wanted_config(
    known: dict | None, name: str | None, changes: dict[str, Any]
) -> Config:
    """The config of a new run, or of one that goes on.

    known: what the run knows of itself, as from `find_run`; name: of a preset, or None;
    changes: of fields. Raises ArtganError if something asked for cannot work, or is not
    the run's own.
    """
    if not known:
        return preset(name or "default", **changes)
    stored = resolved_config(known["config"])
    kept = {"seed": stored.seed, "precision": stored.precision}
    if name:
        config = preset(name, **kept | changes)
    else:
        config = preset("default", **asdict(stored) | changes)
    try:
        compare_configs(asdict(stored), asdict(config))
    except ValueError as error:
        raise ArtganError(
            f"{error} Nothing was changed. Leave them out to go on as the run began. "
            "--run with another name begins anew, and --from with this one's name "
            "gives it what this one has learnt; --fresh starts over."
        ) from None
    return config


def load_dataset(
    data: Path, config: Config, folder: Path, known: dict | None
) -> "Dataset":
    """The pictures of a folder; ArtganError if the run has learnt from others."""
    from artgan.data.dataset import Dataset

    dataset = Dataset.as_in(config, data)
    print(dataset.report())
    check_data(folder, known, dataset)
    return dataset
