"""Everything a run needs to go on to the bit, in one file a checkpoint."""

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import safe_open

from artgan.gan.config import Config, compare_configs, resolved_config
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


def save_state(gan, path, **about):
    """Keep all that training changes in one file, in place only once it is whole.

    about: texts to keep with it, besides the step and the settings.
    """
    variables = gan_variables(gan).items()
    arrays = {key: np.asarray(value.numpy()) for key, value in variables}
    about |= {"step": f"{gan.step.numpy()}", "config": json.dumps(asdict(gan.config))}
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    save_file(arrays, f"{path}.part", about)
    os.replace(f"{path}.part", path)


def load_state(gan, path):
    """Bring back what `save_state` kept; ValueError if it is of other settings."""
    with safe_open(path, "numpy") as file:
        if Config(**json.loads(file.metadata()["config"])) != gan.config:
            raise ValueError(f"{path} is of other settings")
        for name, variable in gan_variables(gan).items():
            variable.assign(file.get_tensor(name))


def save_file(arrays: dict[str, np.ndarray], path: str, about: dict[str, str]) -> None:
    """What safetensors calls so, with a SHA-256, and on the disk before it is named."""
    write_tensors(Path(path), arrays, about)


def save_checkpoint(
    gan: "GAN", folder: str | Path, name: str = "", notes: dict[str, str] | None = None
) -> Path:
    """Save the whole state; return the path, such as step-0001200.safetensors.

    name: another one, without its ending; notes: {key: text} to keep in the file.
    Raises FloatingPointError, and writes nothing, if a number is no longer finite.
    """
    step = int(gan.step.numpy())
    for key, variable in gan_variables(gan).items():
        if not np.isfinite(variable.numpy()).all():
            raise FloatingPointError(f"{key} is not finite at step {step}")
    path = Path(folder, f"{name or f'step-{step:07d}'}.safetensors")
    try:
        save_state(gan, path, kernels=json.dumps(kernels()), **(notes or {}))
    except BaseException:
        with suppress(OSError):
            Path(f"{path}.part").unlink()  # A full disk needs the room.
        raise
    return path


def load_checkpoint(gan: "GAN", folder: str | Path) -> Path | None:
    """Bring back the newest checkpoint that is whole; return its path, or None.

    Says so where it was computed with other kernels. Raises ValueError, the GAN as it
    was, if it is of another config, and as `newest_checkpoint`.
    """
    found = newest_checkpoint(folder)
    if not found:
        return None
    path, arrays, about = found
    stored = resolved_config(read_settings(path, about))
    compare_configs(asdict(stored), asdict(gan.config))
    wanted = {name: v.numpy() for name, v in gan_variables(gan).items()}
    if kinds_of(wanted) != kinds_of(arrays):
        raise ValueError(f"{path} holds other networks than these.")
    config, gan.config = gan.config, stored  # classes may have new names
    load_state(gan, path)
    gan.config = config
    if other := compare_kernels(json.loads(about.get("kernels", "{}")), kernels()):
        say(other)
    return path


def kinds_of(arrays: dict[str, np.ndarray]) -> dict[str, tuple]:
    """The shape and type of the numbers of each array, by name."""
    return {name: (array.shape, array.dtype) for name, array in arrays.items()}


def checkpoint_paths(folder: str | Path) -> list[Path]:
    """The numbered checkpoints in a folder, damaged ones too, the newest first."""
    paths = Path(folder).glob("step-*.safetensors")
    numbered = [path for path in paths if path.stem[5:].isdecimal()]
    return sorted(numbered, key=checkpoint_step, reverse=True)


def checkpoint_step(path: Path) -> int:
    """The step in a name such as step-0001200.safetensors."""
    return int(path.stem[5:])


def newest_checkpoint(
    folder: str | Path,
) -> tuple[Path, dict[str, np.ndarray], dict[str, str]] | None:
    """The newest checkpoint that is whole: (path, arrays, about); None without any.

    A damaged one is named, and the one before it is used. Raises ValueError if none is
    whole, RuntimeError if another version of this program wrote the newest, and
    ArtganError where one cannot be read just now, which is no damage.
    """
    paths = checkpoint_paths(folder)
    for path in paths:
        try:
            arrays, about = read_tensors(path)
            if int(about["step"]) != checkpoint_step(path):
                step = about["step"]
                raise ValueError(f"{str(path)!r} is damaged (it is of step {step}).")
            return path, arrays, about
        except OSError as error:
            raise ArtganError(
                f"{printable(path, 400)} cannot be read just now "
                f"({printable(error.strerror or error)}). Nothing was changed. See to "
                "it, or move that file away to go on from the one before it."
            ) from None
        except (LookupError, ValueError) as error:
            say(f"{printable(error, 600)} The one before it is used.")
    if paths:
        raise ValueError(f"No checkpoint in {folder} is whole.")
    return None


def remove_old(folder: str | Path, keep: int = 3) -> None:
    """Keep the last few checkpoints."""
    for path in checkpoint_paths(folder)[keep:]:
        with suppress(OSError):  # a program that holds it for a moment
            path.unlink()
