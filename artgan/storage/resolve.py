"""From a name to where its weights lie: the one place that knows.

Nothing here loads TensorFlow, so that a mistyped name is told at once.
"""

import re
from dataclasses import dataclass
from os.path import isdir, isfile  # unlike a Path's, false of impossible names
from pathlib import Path

from artgan.storage.checkpoints import checkpoint_paths
from artgan.storage.hub import fetched_address, fetched_repository
from artgan.storage.run_folder import is_run, run_names
from artgan.system.errors import ArtganError
from artgan.system.files import read_object, shipped

BEST = "@best"  # after the name of a run: its best checkpoint, not the newest
USUAL = "flowers"  # what paints where nothing is named


@dataclass(frozen=True)
class Place:
    """Where weights lie, and what they are."""

    name: str  # such as "flowers-256", or the name of a run
    told: str  # how to begin a sentence on them
    paths: list[Path]  # of their file or folder; of a run's, the first whole one is it
    note: str = ""  # how to end it


def resolve(
    name: str | Path | None = None,
    runs: str | Path = "runs",
    checkpoints: str | Path | None = None,
) -> Place:
    """Find the weights of a name: one's own run before published ones before a path.

    name: of a run in `runs`, with @best for its best checkpoint; of published weights,
    or their alias; the path of a run, or of a folder or file of weights; "owner/name"
    on the Hugging Face Hub; an address that ends in #sha256= and that of its file; None
    for the usual one. checkpoints: the folder of published weights, if not the shipped
    one. Raises ArtganError that lists what there is.
    """
    checkpoints = Path(checkpoints or shipped())
    published = published_names(checkpoints)
    usual = USUAL if USUAL in published else next(iter(published), USUAL)
    name = usual if name is None else str(name)
    plain = name.removesuffix(BEST)
    folder = Path(checkpoints, published.get(plain, ""))
    if plain == Path(plain).name and is_run(Path(runs, plain)):
        note = f" Published weights are called {plain} too: -w {folder}."
        return run_place(Path(runs, plain), name, note * (plain in published))
    if name in published:
        return Place(folder.name, f"{folder.name}: published weights", [folder])
    if plain and is_run(Path(plain)):
        return run_place(Path(plain), name)
    if isfile(name) or isfile(Path(name, "generator.safetensors")):
        return weights_place(Path(name), name)
    if re.match("https?://", name):
        return weights_place(fetched_address(name), name)
    if re.fullmatch(r"[\w.-]+/[\w.-]+", name) and not isdir(Path(name).parent):
        return weights_place(fetched_repository(name), name)
    raise ArtganError(
        f"There is no model {name!r:.200}. Published weights: "
        f"{', '.join(published) or 'none'}. Runs in {str(runs)!r}: "
        f"{', '.join(run_names(runs)) or 'none'}. The path of a folder or file of "
        "weights will do too, or a name on the Hugging Face Hub, such as me/roses."
    )


def run_place(folder: Path, name: str, note: str = "") -> Place:
    """The Place of a run, or of its best checkpoint if the name ends so."""
    best = name.endswith(BEST)
    kept = folder / "checkpoints"
    paths = [*kept.glob("best.safetensors")] if best else checkpoint_paths(kept)
    kind = "best checkpoint" if best else "run"
    if not paths:
        missing = kind if best else "checkpoint"
        raise ArtganError(f"{str(folder)!r} has no {missing} yet. Train it longer.")
    name = folder.resolve().name
    return Place(name, f"{name}: your {kind} in {folder}", paths, note)


def weights_place(path: Path, name: str) -> Place:
    """The Place of a folder or file of weights, which the user called `name`."""
    short = Path(name.partition("#sha256=")[0]).resolve()
    short = short.parent if short.name == "generator.safetensors" else short
    return Place(short.name.removesuffix(".safetensors"), f"Weights in {name}", [path])


def published_names(checkpoints: str | Path | None = None) -> dict[str, str]:
    """The folder of each name and alias of published weights: {name: folder's name}."""
    names: dict[str, str] = {}
    for path in sorted(Path(checkpoints or shipped()).glob("*/generator.safetensors")):
        folder = path.parent.name
        names |= dict.fromkeys([folder, *aliases_of(path.parent)], folder)
    return names


def aliases_of(folder: Path) -> list[str]:
    """The other names that the card of published weights gives them."""
    try:
        aliases = read_object(folder / "card.json").get("aliases", [])
        return [alias for alias in aliases if re.fullmatch(r"[\w.-]+", alias)]
    except (ArtganError, TypeError):  # a damaged card keeps nobody from the weights
        return []
