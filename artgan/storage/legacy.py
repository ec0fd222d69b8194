"""The generators of the two programs that this one descends from, to paint with."""

import re
from math import isqrt
from pathlib import Path

import numpy as np
import tensorflow as tf

from artgan.gan.config import PRESETS, resolved_config
from artgan.storage.generators import load_generator
from artgan.storage.weights import Arrays
from artgan.system.errors import ArtganError

# Of a normalisation, and what PyTorch calls them.
PARTS = {"gamma": "weight", "beta": "bias"}
PARTS |= {"moving_mean": "running_mean", "moving_variance": "running_var"}


def read_ancestor(ancestor: str, path: Path) -> tuple[dict, Arrays]:
    """Read a generator: (settings for `resolved_config`, arrays float32 by name).

    ancestor: "architecture", whose path is a TensorFlow checkpoint, or "flowers", a
    PyTorch file. Raises ArtganError if it is not such a network, or PyTorch is missing.
    """
    read, convert = ANCESTORS[ancestor]
    try:
        settings, arrays = convert(read(path))
        arrays = {k: np.ascontiguousarray(a, np.float32) for k, a in arrays.items()}
        load_generator(resolved_config(settings), arrays)
    except ImportError:
        raise ArtganError("PyTorch's files need PyTorch: pip install torch.") from None
    except Exception as error:  # readers fail in as many ways as files do
        raise ArtganError(
            f"{str(path)!r} is not the generator that painted {ancestor}: "
            f"{type(error).__name__}, {str(error).partition('. ')[0]!r:.200}. "
            "TensorFlow keeps one as model.ckpt.index, with .data files beside it."
        ) from None
    return settings, arrays


def torch_arrays(path: Path) -> Arrays:
    """The generator's arrays in a PyTorch file by name; nothing in it is run."""
    import torch

    stored = torch.load(path, map_location="cpu", weights_only=True)
    state = stored.get("G_model_state_dict", stored).items()
    return {k.removeprefix("module."): a.float().numpy() for k, a in state}


def convert_flowers(found: Arrays) -> tuple[dict, Arrays]:
    """The settings and Keras arrays of the generator that painted flowers.

    PyTorch's pictures are [channels, height, width], so the dense layer's rows are in
    another order; its kernels are [in, out, h, w], Keras's [h, w, out, in].
    """
    kernels = [found[f"conv{number}.0.weight"] for number in (1, 2, 3, 4)]
    (units, latent_size), channels = found["fc.weight"].shape, len(kernels[0])
    side = isqrt(units // channels)
    dense = found["fc.weight"].reshape(channels, side, side, latent_size)
    arrays = {"dense/kernel": dense.transpose(3, 1, 2, 0).reshape(latent_size, -1)}
    for number, kernel in enumerate(kernels, 1):
        name = f"up_{side * 2**number}" if number < 4 else "to_rgb"
        arrays[f"{name}/kernel"] = kernel.transpose(2, 3, 1, 0)
        for part, theirs in PARTS.items() if number < 4 else ():
            arrays[f"{name}_normalization/{part}"] = found[f"conv{number}.1.{theirs}"]
    settings: dict = {"generator": "flowers", "latent_distribution": "uniform"}
    settings |= {"size": 16 * side, "initial_resolution": side, "batch_size": 1}
    settings |= {"latent_size": latent_size, "max_channels": channels}
    return settings | {"base_channels": len(kernels[3]) // 2}, arrays


def tensorflow_arrays(path: Path) -> Arrays:
    """The generator's arrays in a TensorFlow checkpoint by name."""
    plain = re.sub(r"\.(index|meta|data-\d+-of-\d+)$", "", str(path))
    reader = tf.train.load_checkpoint(plain)
    kept = re.compile(r"generator/((?:(?!/Adam).)*)").fullmatch
    found = filter(None, map(kept, reader.get_variable_to_shape_map()))
    return {name[1]: reader.get_tensor(name[0]) for name in found}


def convert_architecture(found: Arrays) -> tuple[dict, Arrays]:
    """The settings and Keras arrays of the generator that painted architecture.

    It is that of the `seed` preset, but its transposed convolutions have biases, which
    the normalisation after them takes in, and its last layer may be a plain one.
    """
    take = found.pop
    arrays = {name: take(name) for name in ("dense/kernel", "dense/bias")}
    last, (latent_size, units) = take("logits/kernel"), arrays["dense/kernel"].shape
    if last.shape[2] != 3:  # not transposed: its channels are [..., in, out]
        last = last[::-1, ::-1].swapaxes(2, 3)
    arrays |= {"to_rgb/kernel": last, "to_rgb/bias": take("logits/bias", np.zeros(3))}
    count = sum(name.endswith("_deconv/kernel") for name in found)
    kernels = [take(f"layer{number}_deconv/kernel") for number in range(1, count + 1)]
    channels = kernels[0].shape[3]
    side = isqrt(units // channels)
    for number, kernel in enumerate(kernels, 1):
        name, theirs = f"up_{side * 2**number}", f"layer{number}"
        arrays[f"{name}/kernel"] = kernel
        for part in PARTS:
            array = take(f"{theirs}_batch_norm/{part}")
            arrays[f"{name}_normalization/{part}"] = array
        bias = take(f"{theirs}_deconv/bias", np.zeros(kernel.shape[2]))
        arrays[f"{name}_normalization/moving_mean"] -= bias
    if found:
        raise ValueError(f"it also has {', '.join(sorted(found))}")
    sizes = {"size": side * 2**count, "initial_resolution": side, "batch_size": 1}
    sizes |= {"base_channels": kernels[-1].shape[2], "max_channels": channels}
    return PRESETS["seed"] | sizes | {"latent_size": latent_size}, arrays


ANCESTORS = {
    "architecture": (tensorflow_arrays, convert_architecture),
    "flowers": (torch_arrays, convert_flowers),
}
