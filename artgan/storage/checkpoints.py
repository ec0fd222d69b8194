"""Going on to the bit, from one file a checkpoint, or with what another has learnt."""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from artgan.gan.config import compare_configs, resolved_config
from artgan.storage.weights import first_whole, read_settings, write_tensors
from artgan.system.errors import ArtganError
from artgan.system.printing import say
from artgan.system.tensorflow import compare_kernels, kernels

PARTS = ["generator", "discriminator", "generator_ema"]
PARTS += ["generator_optimizer", "discriminator_optimizer"]
Learnt = dict[str, dict[str, np.ndarray]]  # of "generator", maybe "discriminator"


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
    gan: Any, folder: str | Path, name: str = "", notes: dict[str, str] | None = None
) -> Path:
    """Save the whole state of a GAN; return the path, such as step-0001200.safetensors.

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


def load_checkpoint(gan: Any, folder: str | Path) -> Path | None:
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


def warm_start(gan: Any, learnt: Learnt) -> str:
    """Give a new GAN what another has learnt; return a sentence on how much that was.

    A layer is taken when its name and shapes are the same; of a dense one with more or
    fewer inputs, what both have. Raises ArtganError if none of the generator's is.
    """
    taken, layers = take_layers(gan.generator, learnt["generator"])
    if not taken:
        raise ArtganError(
            f"None of the {layers} layers of the generator is like one of the model to "
            "begin with. Nothing was saved. Give its settings, such as --preset or "
            "--set base_channels, or leave --from (warm_start) out."
        )
    others = take_layers(gan.discriminator, learnt.get("discriminator", {}))
    gan.generator_ema.set_weights(gan.generator.get_weights())
    return (
        f"{taken} of {layers} layers of the generator and {others[0]} of {others[1]} "
        "of the discriminator begin with what was learnt; the rest with noise."
    )


def take_layers(network, arrays: dict[str, np.ndarray]) -> tuple[int, int]:
    """Give a network the arrays that fit; return (how many layers, of how many)."""
    layers = [layer for layer in network.layers if layer.weights]
    fitting = 0
    for layer in layers:
        found = [arrays.get(weight.path, np.zeros(0)) for weight in layer.weights]
        old, new = found[0], np.asarray(layer.weights[0])
        if old.ndim == 2 and old.shape[1] == new.shape[1]:
            found[0] = np.append(old[: len(new)], new[len(old) :], 0)  # new classes
        shapes = [tuple(weight.shape) for weight in layer.weights]
        if [array.shape for array in found] == shapes:
            layer.set_weights(found)
            fitting += 1
    return fitting, len(layers)
