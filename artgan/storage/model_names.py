"""From a name to where its model lies: the one place that knows.

Nothing here loads TensorFlow, so that a mistyped name is told at once.
"""

from os.path import isfile  # unlike a Path's, false of impossible names
from pathlib import Path

from artgan.storage.catalogue import names_of, read_catalogue
from artgan.storage.run_folder import is_name, is_run, run_names
from artgan.system.errors import ArtganError
from artgan.system.printing import printable
from artgan.system.shipped import shipped

BEST = "@best"  # after the name of a run: its best checkpoint, not the newest
USUAL = "flowers"  # what paints where nothing is named


def locate_model(
    name: str | Path | None, runs: str | Path, checkpoints: str | Path | None
) -> tuple[str, str]:
    """Tell what a name means: ("own run", "published", "run" or "weights", the name).

    One's own run comes before published weights before a path; the arguments are those
    of `open_model`. Raises ArtganError that lists what there is.
    """
    checkpoints = Path(checkpoints or shipped())
    name = usual_name(checkpoints) if name is None else str(name)
    plain = name.removesuffix(BEST)
    if is_name(plain) and is_run(Path(runs, plain)):
        return "own run", name
    if is_name(name) and name in published_names(checkpoints):
        return "published", name
    if is_run(plain):
        return "run", name
    if isfile(name) or isfile(Path(name, "generator.safetensors")):
        return "weights", name
    raise ArtganError(
        f"There is no model '{printable(name)}'. {choice(runs, checkpoints)}"
    )


def published_names(checkpoints: str | Path):
    """The full name of each name and alias of published weights: {name: full name}."""
    if not Path(checkpoints, "catalogue.json").exists():
        return {}
    models = read_catalogue(checkpoints)
    return {
        name: full for full, model in models.items() for name in names_of(full, model)
    }


def usual_name(checkpoints: str | Path):
    """The model to paint with where none is named: the flowers, else the first."""
    names = published_names(checkpoints)
    return USUAL if USUAL in names or not names else next(iter(names))


def choice(runs: str | Path, checkpoints: str | Path) -> str:
    """A sentence that lists the models that there are."""
    published = ", ".join(published_names(checkpoints)) or "none"
    return (
        f"Published weights: {published}. Runs in {printable(runs)}: "
        f"{', '.join(run_names(runs)) or 'none'}. The path of a folder or file of "
        "weights will do too."
    )
