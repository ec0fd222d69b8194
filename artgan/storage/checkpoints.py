"""Everything a run needs to go on to the bit, in one file a checkpoint."""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from artgan.gan.config import compare_configs, resolved_config
from artgan.storage.weights import first_whole, read_settings, write_tensors
from artgan.system.printing import say
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


def read_state(gan):
    """The numbers of all that training changes: {name: array}."""
    return {k: np.asarray(v.numpy()) for k, v in gan_variables(gan).items()}


def load_state(gan, arrays):
    """Bring back what `read_state` gave; KeyError or ValueError if it is another's."""
    for name, variable in gan_variables(gan).items():
        variable.assign(arrays[name])


def save_checkpoint(
    gan: "GAN", folder: str | Path, name: str = "", notes: dict[str, str] | None = None
) -> Path:
    """Save the whole state; return the path, such as step-0001200.safetensors.

    name: another one, without its ending; notes: {key: text} to keep in the file.
    Raises FloatingPointError, and writes nothing, if a number is no longer finite.
    """
    arrays = read_state(gan)
    step = int(arrays["step"])
    for key, array in arrays.items():
        if not np.isfinite(array).all():
            raise FloatingPointError(f"{key} is not finite at step {step}")
    path = Path(folder, f"{name or f'step-{step:07d}'}.safetensors")
    about = {"step": str(step), "config": json.dumps(asdict(gan.config))}
    about |= {"kernels": json.dumps(kernels())} | (notes or {})
    write_tensors(path, arrays, about)
    return path


def load_checkpoint(gan: "GAN", folder: str | Path) -> Path | None:
    """Bring back the newest checkpoint that is whole; return its path, or None.

    Says so where it was computed with other kernels. Raises ValueError if it is of
    another config, and ArtganError if none is whole, or it cannot be read just now.
    """
    paths = checkpoint_paths(folder)
    if not paths:
        return None
    path, (arrays, about) = first_whole(paths)
    stored = resolved_config(read_settings(path, about)[0])
    compare_configs(asdict(stored), asdict(gan.config))
    try:
        load_state(gan, arrays)
    except (LookupError, ValueError):
        raise ValueError(f"{path} holds other networks than these.") from None
    if other := compare_kernels(json.loads(about.get("kernels", "{}")), kernels()):
        say(other)
    return path


def checkpoint_paths(folder: str | Path) -> list[Path]:
    """The numbered checkpoints in a folder, damaged ones too, the newest first."""
    paths = Path(folder).glob("step-*.safetensors")
    numbered = [path for path in paths if path.stem[5:].isdecimal()]
    return sorted(numbered, key=checkpoint_step, reverse=True)


def checkpoint_step(path: Path) -> int:
    """The step in a name such as step-0001200.safetensors."""
    return int(path.stem[5:])


def remove_old(folder: str | Path, keep: int = 3) -> None:
    """Keep the last few checkpoints."""
    for path in checkpoint_paths(folder)[keep:]:
        with suppress(OSError):  # a program that holds it for a moment
            path.unlink()
