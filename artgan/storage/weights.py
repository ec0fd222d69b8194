"""Networks by the names of their arrays, from published files or from checkpoints.

Published weights are a folder with `generator.safetensors` (the EMA generator),
maybe `discriminator.safetensors`, and `card.json` for people. Each file says which
settings its network is for, so that one file alone is enough.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from artgan.storage.tensor_file import read_weights
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

if TYPE_CHECKING:
    import keras

NETWORKS = ("generator", "discriminator")
IN_CHECKPOINT = {"generator": "generator_ema/", "discriminator": "discriminator/"}


def named_arrays(network: "keras.Model") -> dict[str, np.ndarray]:
    """The numbers of a Keras network by name: {"up_16/kernel": array, ...}."""
    return {weight.path: weight.numpy() for weight in network.weights}


def name_in_order(
    network: "keras.Model", arrays: Iterable[np.ndarray]
) -> dict[str, np.ndarray]:
    """Name arrays that come in the order of a Keras network's weights, as float32.

    Raises ValueError if there are more or fewer.
    """
    pairs = zip(network.weights, arrays, strict=True)
    return {weight.path: np.ascontiguousarray(a, np.float32) for weight, a in pairs}


def read_network(
    place: str | Path, network: str = "generator"
) -> tuple[dict, dict[str, np.ndarray], dict[str, str]]:
    """Read one network: (settings, arrays, about).

    place: a folder or file of weights, or a checkpoint; network: "generator" (the
    averaged one) or "discriminator". settings: a dictionary, nothing of it believed;
    arrays: float32, by name; about: what else the file tells, {key: text}. Raises
    ArtganError for whatever is missing, damaged, swapped, or of another format.
    """
    place = Path(place)
    path = place / f"{network}.safetensors" if place.is_dir() else place
    arrays, about = read_weights(path)
    return network_in(path, arrays, about, network)


def network_in(
    path: Path,
    arrays: dict[str, np.ndarray],
    about: dict[str, str],
    network: str = "generator",
) -> tuple[dict, dict[str, np.ndarray], dict[str, str]]:
    """What `read_network` returns, from all that was read from a file."""
    if (found := about.get("network", network)) != network:
        raise ArtganError(
            f"{printable(path)} is a {printable(found)}; a {network} is needed here."
        )
    if "network" not in about:
        start = IN_CHECKPOINT[network]
        arrays = {k[len(start) :]: a for k, a in arrays.items() if k.startswith(start)}
    arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    return read_settings(path, about), arrays, about


def read_settings(path: Path, about: dict[str, str]) -> dict:
    """The settings that a file says its network is for, as a dictionary."""
    try:
        settings = json.loads(about.get("config", ""))
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        raise ArtganError(f"{printable(path)} does not say what network it is for.")
    return settings


def load_arrays(
    network: "keras.Model", arrays: dict[str, np.ndarray], place: str | Path
) -> None:
    """Give a Keras network its `named_arrays`. Raises ArtganError if they misfit."""
    wanted = {weight.path: list(weight.shape) for weight in network.weights}
    found = {name: list(array.shape) for name, array in arrays.items()}
    for name in wanted | found:
        if wanted.get(name) != found.get(name):
            raise ArtganError(
                f"The weights in {printable(place)} do not fit the network of their "
                f"settings: {printable(name)} is {found.get(name, 'missing')} where "
                f"{wanted.get(name, 'nothing')} is needed."
            )
    network.set_weights([arrays[name] for name in wanted])
