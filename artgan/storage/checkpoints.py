"""Everything a run needs to go on to the bit, in one file a checkpoint."""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from artgan.gan.config import compare_configs
from artgan.storage.weights import read_settings, read_tensors, write_tensors
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say
from artgan.system.tensorflow import compare_kernels, kernels

if TYPE_CHECKING:
    from artgan.gan.training import GAN

PARTS = ["generator", "discriminator", "generator_ema"]
PARTS += ["generator_optimizer", "discriminator_optimizer"]


def gan_variables(gan):
    """All that training changes: {"generator/dense/kernel": variable, ...}."""
    return {"step": gan.step} | {
        f"{part}/{variable.path}": variable
        for part in PARTS
        for variable in getattr(gan, part).variables
    }


def save_checkpoint(
    gan: "GAN", folder: str | Path, name: str = "", notes: dict[str, str] | None = None
):
    """Save the whole state; return the path, such as step-0001200.safetensors.

    name: another one, without its ending; notes: {key: text} to keep in the file.
    Raises FloatingPointError, and writes nothing, if a number is no longer finite.
    """
    arrays = {key: np.asarray(value) for key, value in gan_variables(gan).items()}
    for key, array in arrays.items():
        if not np.isfinite(array).all():
            raise FloatingPointError(f"{key} is not finite at step {int(gan.step)}")
    Path(folder).mkdir(parents=True, exist_ok=True)
    path = Path(folder, f"{name or f'step-{int(gan.step):07d}'}.safetensors")
    about = {"step": str(int(gan.step)), "config": json.dumps(asdict(gan.config))}
    about["kernels"] = json.dumps(kernels())
    write_tensors(path, arrays, about | (notes or {}))
    return path


def checkpoint_paths(folder: str | Path):
    """The numbered checkpoints in a folder, damaged ones too, the newest first."""
    paths = Path(folder).glob("step-*.safetensors")
    numbered = [path for path in paths if path.stem[5:].isdecimal()]
    return sorted(numbered, key=checkpoint_step, reverse=True)


def checkpoint_step(path: Path):
    """The step in a name such as step-0001200.safetensors."""
    return int(path.stem[5:])


def newest_checkpoint(folder: str | Path):
    """The newest checkpoint that is whole: (path, arrays, about); None without any.

    A damaged one is named, and the one before it is used. Raises ValueError if none is
    whole, and RuntimeError if another version of this program wrote the newest.
    """
    paths = checkpoint_paths(folder)
    for path in paths:
        try:
            arrays, about = read_tensors(path)
            if int(about["step"]) != checkpoint_step(path):
                raise ValueError(f"{path} is damaged (it is of step {about['step']}).")
            return path, arrays, about
        except (OSError, LookupError, ValueError) as error:
            say(f"{printable(error, 600)} The one before it is used.")
    if paths:
        raise ValueError(f"No checkpoint in {folder} is whole.")
    return None


def load_checkpoint(gan: "GAN", folder: str | Path):
    """Bring back the newest checkpoint that is whole; return its path, or None.

    Raises ValueError, the GAN as it was, if it is of another config.
    """
    found = newest_checkpoint(folder)
    if not found:
        return None
    path, arrays, about = found
    compare_configs(read_settings(path, about), asdict(gan.config))
    variables = gan_variables(gan)
    wanted = {name: np.asarray(variable) for name, variable in variables.items()}
    if kinds_of(wanted) != kinds_of(arrays):
        raise ValueError(f"{path} holds other networks than these.")
    for name, variable in variables.items():
        variable.assign(arrays[name])
    if other := compare_kernels(json.loads(about.get("kernels", "{}")), kernels()):
        say(other)
    return path


def kinds_of(arrays: dict[str, np.ndarray]) -> dict[str, tuple]:
    """The shape and type of the numbers of each array, by name."""
    return {name: (array.shape, array.dtype) for name, array in arrays.items()}


def remove_old(folder: str | Path, newest: int, keep: int = 3) -> None:
    """Keep the last few checkpoints up to the one of step `newest`.

    Those of later steps are damaged, or training would have gone on from them.
    """
    paths = [p for p in checkpoint_paths(folder) if checkpoint_step(p) <= newest]
    for path in {*checkpoint_paths(folder)} - {*paths[:keep]}:
        with suppress(OSError):  # a program that holds it for a moment
            path.unlink()


def refuse_former(folder: str | Path) -> None:
    """Raise ArtganError if a folder holds checkpoints of version 0.1.0 only."""
    if any(Path(folder).glob("ckpt-*.index")) and not checkpoint_paths(folder):
        raise ArtganError(
            f"The checkpoints in {folder} are of a former format, which version 0.1.0 "
            "of this program reads. Nothing was changed. Begin a new run."
        )
