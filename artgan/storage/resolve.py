"""From a name to where its weights lie, before TensorFlow is loaded."""

import re
from contextlib import suppress
from os.path import isdir, isfile  # unlike a Path's, false of impossible names
from pathlib import Path
from typing import NamedTuple

from artgan.storage.checkpoints import checkpoint_paths
from artgan.storage.publishing import fetched_repository
from artgan.system.errors import ArtganError
from artgan.system.files import read_object, shipped

BEST = "@best"  # after the name of a run: its best checkpoint, not the newest
USUAL = "flowers"  # what paints where nothing is named


class Place(NamedTuple):
    """Where weights lie, and what they are."""

    name: str  # such as "flowers-256", or the name of a run
    told: str  # how to begin a sentence on them
    paths: list[Path]  # of their file or folder; of a run's, the first whole one is it


def resolve(
    name: str | Path | None = None,
    runs: str | Path = "runs",
    checkpoints: str | Path | None = None,
) -> Place:
    """Find the weights of a name: one's own run before published ones before a path.

    name: of a run in `runs`, with @best for its best checkpoint; of published weights,
    or their alias; the path of a run, or of a folder or file of weights; "owner/name"
    on the Hugging Face Hub; None for the usual one. checkpoints: of published weights,
    if not those shipped. Raises ArtganError that lists what there is.
    """
    checkpoints = Path(checkpoints or shipped())
    published = published_names(checkpoints)
    usual = USUAL if USUAL in published else next(iter(published), USUAL)
    name = usual if name is None else str(name)
    plain = name.removesuffix(BEST)
    own = Path(runs, plain)
    begun = name not in published or checkpoint_paths(own / "checkpoints")
    if plain == own.name and is_run(own) and begun:
        return run_place(own, plain != name)
    if name in published:
        folder = published[name]
        return Place(folder, f"{folder}: published weights", [checkpoints / folder])
    if plain and is_run(plain):
        return run_place(Path(plain), plain != name)
    if isfile(name) or name and isfile(Path(name, "generator.safetensors")):
        path = Path(name)
    elif re.fullmatch(r"[\w.-]+/[\w.-]+", name) and not isdir(Path(name).parent):
        path = fetched_repository(name)
    else:
        raise ArtganError(
            f"There is no model {name!r:.200}. Published weights: "
            f"{', '.join(published) or 'none'}. Runs in {str(runs)!r}: "
            f"{', '.join(run_names(runs)) or 'none'}. The path of a folder or file of "
            "weights will do too, or a name on the Hugging Face Hub, such as me/roses."
        )
    short = Path(name).resolve()
    short = short.parent if short.name == "generator.safetensors" else short
    return Place(short.name.removesuffix(".safetensors"), f"Weights in {name}", [path])


def run_place(folder: Path, best: bool) -> Place:
    """The Place of a run, or of its best checkpoint."""
    kept = folder / "checkpoints"
    paths = [*kept.glob("best.safetensors")] if best else checkpoint_paths(kept)
    if not paths:
        missing = f"{'best ' * best}checkpoint"
        raise ArtganError(f"{str(folder)!r} has no {missing} yet. Train it longer.")
    name = folder.resolve().name
    kind = "best checkpoint" if best else "run"
    return Place(name, f"{name}: your {kind} in {folder}", paths)


def is_run(folder: str | Path) -> bool:
    """Tell whether a folder is that of a run."""
    checkpoints = Path(folder, "checkpoints")
    saved = isdir(checkpoints) and any(checkpoints.glob("step-*"))
    return saved or isfile(Path(folder, "run.json"))


def run_names(runs: str | Path) -> list[str]:
    """The names of the runs in a folder, sorted."""
    folders = Path(runs).iterdir() if isdir(runs) else []
    return sorted(path.name for path in folders if is_run(path))


def published_names(checkpoints: str | Path | None = None) -> dict[str, str]:
    """The folder of each name and alias of published weights: {name: folder's name}."""
    names: dict[str, str] = {}
    for path in sorted(Path(checkpoints or shipped()).glob("*/generator.safetensors")):
        folder = names[path.parent.name] = path.parent.name
        with suppress(ArtganError, TypeError):  # a damaged card: they have a name still
            aliases = read_object(path.with_name("card.json")).get("aliases", [])
            names |= {x: folder for x in aliases if re.fullmatch(r"[\w.-]+", x)}
    return names
