"""Reading the PyTorch file of the ancestor that painted flowers."""

from dataclasses import asdict
from math import isqrt
from pathlib import Path
from typing import TYPE_CHECKING

from artgan.storage.builders import build_stored_generator
from artgan.storage.legacy.flowers import FlowersConfig
from artgan.storage.weights import load_arrays, name_in_order
from artgan.system.errors import ArtganError

if TYPE_CHECKING:
    from artgan.gan.config import Config

STATE = "G_model_state_dict"
CONVOLUTIONS = (
    "conv1",
    "conv2",
    "conv3",
)  # .0, and a normalisation .1
ARRAYS = ("weight", "bias", "running_mean", "running_var")


def read_flowers(path: Path):
    """Read a file such as art-flower.pth: (networks, settings, remarks).

    networks: {"generator": arrays}, float32, by the names of the Keras network;
    settings: a dictionary for `stored_config`; remarks: sentences on what was left out.
    Raises ArtganError if PyTorch is missing, or the file is another one.
    """
    state = read_state(path)
    try:
        config = config_of(state)
        generator = build_stored_generator(config)
        arrays = name_in_order(generator, generator_arrays(state, config))
    except (
        AttributeError,
        IndexError,
        KeyError,
        ValueError,
        ZeroDivisionError,
    ) as error:
        raise ArtganError(
            f"{path} does not hold the generator that painted flowers: {error!r}."
        ) from None
    load_arrays(generator, arrays, path)
    remarks = ["Only the generator is read: it paints, and cannot be trained further."]
    return {"generator": arrays}, asdict(config), remarks


def read_state(path: Path):
    """The generator's arrays in a PyTorch file, {name: array}; nothing in it is run."""
    try:
        import torch
    except ImportError:
        raise ArtganError(
            "Reading a PyTorch file needs PyTorch, for this command only: "
            "pip install torch."
        ) from None
    if not path.is_file():
        raise ArtganError(f"There is no file {path}.")
    try:
        stored = torch.load(path, map_location="cpu", weights_only=True)
        tensors = stored.get(STATE, stored)
        return {
            name.removeprefix("module."): tensor.float().numpy()
            for name, tensor in tensors.items()
        }
    except Exception as error:  # PyTorch's reader fails in as many ways as files do
        reason = (str(error) or type(error).__name__).split("\n")[0][:200]
        if "weights_only" in reason:  # it advises to load a stranger's file unchecked
            reason = "it holds more than weights, and that could run as a program"
        raise ArtganError(
            f"{path} is not a PyTorch file of plain weights: {reason}."
        ) from None


def config_of(state: dict):
    """The settings that the sizes of a generator's arrays tell."""
    channels, width = state["conv1.0.weight"].shape[0], state["conv4.0.weight"].shape[0]
    units, latent_size = state["fc.weight"].shape
    side = isqrt(units // channels)
    return FlowersConfig(size=16 * side, width=width, latent_size=latent_size)


def generator_arrays(state: dict, config: "Config"):
    """A generator's arrays in the order of the Keras network's weights.

    PyTorch keeps pictures as [channels, height, width], so the rows of the dense layer
    are in another order; kernels of transposed convolutions are [in, out, h, w] there
    and [h, w, out, in] here.
    """
    channels, side = state["conv1.0.weight"].shape[0], config.size // 16
    dense = state["fc.weight"].reshape(channels, side, side, config.latent_size)
    arrays = [dense.transpose(3, 1, 2, 0).reshape(config.latent_size, -1)]
    for block in CONVOLUTIONS:
        arrays.append(state[f"{block}.0.weight"].transpose(2, 3, 1, 0))
        arrays += [state[f"{block}.1.{part}"] for part in ARRAYS]
    arrays.append(state["conv4.0.weight"].transpose(2, 3, 1, 0))
    return arrays
