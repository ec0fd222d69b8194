"""From a name to a model that paints."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from artgan.storage.builders import build_stored_generator, stored_config
from artgan.storage.catalogue import published_folder
from artgan.storage.checkpoints import newest_checkpoint, refuse_former
from artgan.storage.model_names import BEST, locate_model, published_names
from artgan.storage.tensor_file import read_weights
from artgan.storage.weights import load_arrays, network_in, read_network
from artgan.system.errors import ArtganError
from artgan.system.printing import printable
from artgan.system.shipped import shipped

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class Model:
    """An EMA generator that paints, in float32, and where it comes from."""

    config: Any  # a Config, or the settings of an ancestor's network
    generator_ema: keras.Model
    name: str  # such as "flowers-256", or the name of a run
    sha256: str  # that its file carries
    step: int
    place: Path | None = None  # its folder of weights, its file, or its checkpoint
    opened: str = ""  # a sentence on what was opened

    def arrays(self, network: str) -> "dict[str, np.ndarray]":
        """Read the arrays of its "generator" or "discriminator": {name: float32}."""
        return read_network(self.place or "", network)[1]


def open_model(
    name: str | Path | None = None,
    runs: str | Path = "runs",
    checkpoints: str | Path | None = None,
) -> Model:
    """Open the model of a name: one's own run before published weights before a path.

    name: of a run in `runs`, with @best for its best checkpoint, of published weights
    or their alias, or the path of a run, or of a folder or file of weights; None for
    the usual one. checkpoints: the folder of published weights, if not the shipped one.
    Raises ArtganError that lists what there is, or says what is wrong with the weights.
    """
    checkpoints = Path(checkpoints or shipped())
    kind, name = locate_model(name, runs, checkpoints)
    plain, best = name.removesuffix(BEST), name.endswith(BEST)
    if kind == "own run":
        return open_run_model(Path(runs, plain), best, checkpoints)
    if kind == "published":
        folder = published_folder(name, checkpoints)
        return open_weights(folder, f"{folder.name}: published weights")
    if kind == "run":
        return open_run_model(Path(plain), best)
    return open_weights(Path(name), f"Weights in {name}")


def open_weights(place: Path, origin: str) -> Model:
    """The model in a folder or file of weights, or in a checkpoint."""
    path = place.resolve()
    name = path.parent.name if path.stem == "generator" else path.stem
    settings, arrays, about = read_network(place)
    return make_model(place, settings, arrays, about, origin, name)


def open_run_model(
    folder: str | Path, best: bool = False, checkpoints: str | Path | None = None
) -> Model:
    """The EMA generator of a run's newest whole checkpoint, or of its best.

    checkpoints: where published weights may have the same name, which is then told.
    """
    folder = Path(folder)
    name, path = folder.resolve().name, folder / "checkpoints" / "best.safetensors"
    if best and not path.is_file():
        raise ArtganError(f"{printable(folder)} has no best checkpoint yet.")
    path, arrays, about = (path, *read_weights(path)) if best else read_newest(folder)
    origin = f"{name}: your {'best checkpoint' if best else 'run'} in {folder}"
    note = other_meaning(name, checkpoints) if checkpoints else ""
    settings, arrays, about = network_in(path, arrays, about)
    return make_model(path, settings, arrays, about, origin, name, note)


def make_model(
    place: Path,
    settings: dict,
    arrays: "dict[str, np.ndarray]",
    about: dict[str, str],
    origin: str,
    name: str,
    note: str = "",
) -> Model:
    """The Model of what was read.

    origin: how to begin the sentence on it; note: what to end it with. It computes in
    float32 whatever it was trained in, so that a seed gives the same picture on
    machines of a kind.
    """
    config = stored_config(settings)
    numbers = sum(array.size for array in arrays.values())
    generator = build_stored_generator(config, numbers)
    load_arrays(generator, arrays, place)
    told = about.get("step", "")
    step = int(told) if told.isdecimal() and len(told) < 16 else 0
    opened = f"{printable(origin)}, step {step:,}.{note}"
    return Model(config, generator, name, about["sha256"], step, place, opened)


def read_newest(
    folder: Path,
) -> tuple[Path, "dict[str, np.ndarray]", dict[str, str]]:
    """A run's newest whole checkpoint: (path, arrays, about), else an ArtganError."""
    refuse_former(folder / "checkpoints")
    try:
        found = newest_checkpoint(folder / "checkpoints")
    except (RuntimeError, ValueError) as error:
        raise ArtganError(f"{printable(folder)} cannot be opened: {error}") from None
    if not found:
        raise ArtganError(
            f"{printable(folder)} has no checkpoint yet. Train it longer."
        )
    return found


def other_meaning(name: str, checkpoints: str | Path) -> str:
    """What to say where the name of a run is also that of published weights, or ""."""
    try:
        full_name = published_names(checkpoints).get(name)
    except ArtganError:  # a damaged catalogue keeps nobody from their own run
        return ""
    if not full_name:
        return ""
    other = full_name if full_name != name else Path(checkpoints, full_name)
    return (
        f" {name} is also the name of published weights; this is your run. The "
        f"published: -w {other}"
    )
