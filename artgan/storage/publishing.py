"""Writing weights to publish: half precision, with a card for people."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from artgan.storage.json_file import write_object
from artgan.storage.tensor_file import FORMAT, write_tensors
from artgan.storage.weights import NETWORKS
from artgan.system.errors import ArtganError

if TYPE_CHECKING:
    from artgan.storage.open_model import Model

LARGEST_PUBLISHED = 15_000_000  # bytes of one file, so that a repository can hold it


def publish(model: "Model", folder: str | Path, facts: dict):
    """Write a model's generator and discriminator as fp16; return their card.

    model: an opened run. facts: what the card shall tell beside the settings and the
    step, such as pictures seen, wall time, machine, data, KID and its deviation, date
    and licence. Raises ArtganError, the folder as it was, if a file would be larger
    than 15 MB.
    """
    networks = {name: half(model.arrays(name)) for name in NETWORKS}
    for name, arrays in networks.items():
        if sum(array.nbytes for array in arrays.values()) > LARGEST_PUBLISHED:
            raise ArtganError(
                f"The {name} takes more than {LARGEST_PUBLISHED:,} bytes, the most for "
                "a file of published weights. Nothing was written."
            )
    return write_weights(folder, networks, asdict(model.config), model.step, facts)


def half(arrays: dict[str, np.ndarray]):
    """The nearest fp16 numbers; what is too large for them becomes the largest."""
    limits = np.finfo(np.float16)
    return {
        name: np.clip(array, limits.min, limits.max).astype(np.float16)
        for name, array in arrays.items()
    }


def write_weights(folder: str | Path, networks, config: dict, step: int, facts: dict):
    """Write {network name: its `named_arrays`} and a card; return the card.

    config: a dictionary of settings, with "builder" where it is not that of
    `artgan.gan.networks`.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    about = {"step": str(step), "config": json.dumps(config)}
    for name, arrays in networks.items():
        path = folder / f"{name}.safetensors"
        write_tensors(path, arrays, {"network": name} | about)
    card = facts | {"format": int(FORMAT), "step": step, "config": config}
    write_object(folder / "card.json", card)
    return card
