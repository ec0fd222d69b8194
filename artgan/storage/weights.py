"""Arrays by name in files: one writer and one reader of weights and checkpoints.

The format is safetensors, https://github.com/huggingface/safetensors: a JSON header
with names, shapes and text, and then the numbers; nothing in it could run. Each file
carries the settings of its networks and the SHA-256 of all that it says, so that one
file alone is enough, and damage shows.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from artgan.system.errors import ArtganError
from artgan.system.files import replacing

if TYPE_CHECKING:
    import keras

FORMAT = "3"
NUMBERS = {"F16", "F32", "I32", "I64"}  # what is written; no other is read
LARGEST_FILE = 1_000_000_000  # bytes of weights; ten times the largest of this project
PICKLES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
NETWORKS = ("generator", "discriminator")
NO_HEADER = AttributeError, LookupError, RecursionError, TypeError, ValueError
IN_CHECKPOINT = {"generator": "generator_ema/", "discriminator": "discriminator/"}


@dataclass(frozen=True, eq=False)
class Weights:
    """One network, as its file tells of it."""

    settings: dict  # for `stored_config`; nothing of it is believed
    arrays: dict[str, np.ndarray]  # float32, by name, such as "up_16/kernel"
    step: int
    sha256: str


def fingerprint(arrays: dict[str, np.ndarray], about: dict[str, str]) -> str:
    """The SHA-256 of {name: array} and {key: text}, its own "sha256" left out."""
    told = {key: text for key, text in about.items() if key != "sha256"}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        digest.update(json.dumps([name, array.dtype.name, array.shape]).encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def write_tensors(
    path: Path, arrays: dict[str, np.ndarray], about: dict[str, str]
) -> None:
    """Write {name: array} and {key: text} as safetensors, in place only once whole.

    Raises OSError, and leaves what stood there, where the disk is full.
    """
    arrays = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    about = {"format": FORMAT} | about
    about = about | {"sha256": fingerprint(arrays, about)}
    with replacing(path) as temporary, open(temporary, "wb") as file:
        file.write(save(arrays, about))
        file.flush()
        os.fsync(file.fileno())  # on the disk before the name leads to it


def read_tensors(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Read a file that `write_tensors` wrote: ({name: array}, {key: text}).

    Raises ValueError if it is damaged, RuntimeError if another program wrote it.
    """
    data = Path(path).read_bytes()
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        about = header.pop("__metadata__", None) or {}
        kinds = {array["dtype"] for array in header.values()}
        if about.get("format") != FORMAT or kinds - NUMBERS:
            raise RuntimeError(
                f"{str(path)!r} has format {str(about.get('format'))[:9]!r} and "
                f"numbers {str(sorted(kinds))[:60]}, which this program does not read."
            )
        arrays = load(data)
    except (SafetensorError, *NO_HEADER) as error:
        raise ValueError(f"{str(path)!r} is damaged ({error!r:.100}).") from None
    if about.get("sha256") != fingerprint(arrays, about):
        raise ValueError(f"{str(path)!r} is damaged (its SHA-256 is another).")
    return arrays, about


def read_weights(place: str | Path, network: str = "generator") -> Weights:
    """Read one network from a folder or file of weights, or from a checkpoint.

    network: "generator" (the averaged one) or "discriminator". Raises ArtganError for
    whatever is missing, huge, damaged, of another kind, or not finite.
    """
    place = Path(place)
    path = place / f"{network}.safetensors" if place.is_dir() else place
    check_kind(path)
    try:
        arrays, about = read_tensors(path)
    except (OSError, RuntimeError, ValueError) as error:
        raise ArtganError(f"{error} It was not used.") from None
    if (found := about.get("network", network)) != network:
        raise ArtganError(f"{str(path)!r} is a {found!r:.40}, not a {network}.")
    if "network" not in about:
        start = IN_CHECKPOINT[network]
        arrays = {k[len(start) :]: a for k, a in arrays.items() if k.startswith(start)}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ArtganError(
                f"{str(path)!r} holds numbers in {name!r:.80} that are not finite. It "
                "was not used."
            )
    arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    told = about.get("step", "")
    step = int(told) if told.isdecimal() and len(told) < 16 else 0
    return Weights(read_settings(path, about), arrays, step, about["sha256"])


def networks_in(place: Path | None) -> list[str]:
    """The networks that a folder of weights, a file of them, or a checkpoint has."""
    if place and place.is_dir():
        return [name for name in NETWORKS if (place / f"{name}.safetensors").exists()]
    checkpoint = place and place.parent.name == "checkpoints"
    return [*NETWORKS] if checkpoint else ["generator"]


def check_kind(path: Path) -> None:
    """Raise ArtganError unless a file begins as safetensors do; name a pickle."""
    if not path.is_file():
        raise ArtganError(f"There is no file {str(path)!r}.")
    if path.stat().st_size > LARGEST_FILE:
        raise ArtganError(f"{str(path)!r} is larger than any weights of this project.")
    with path.open("rb") as file:
        beginning = file.read(9)
    if beginning.startswith(PICKLES):
        raise ArtganError(
            f"{str(path)!r} is a pickle, which can run programs when it is opened, so "
            "it was not opened. `import-weights` reads those of the ancestors safely."
        )
    if beginning[8:] != b"{":
        raise ArtganError(f"{str(path)!r} is not a safetensors file of weights.")


def read_settings(path: Path, about: dict[str, str]) -> dict:
    """The settings that a file says its network is for, as a dictionary."""
    try:
        settings = json.loads(about.get("config", ""))
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        raise ArtganError(f"{str(path)!r} does not say what network it is for.")
    return settings


def named_arrays(network: "keras.Model") -> dict[str, np.ndarray]:
    """The numbers of a Keras network by name: {"up_16/kernel": array, ...}."""
    return {weight.path: weight.numpy() for weight in network.weights}
