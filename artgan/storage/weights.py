"""Arrays by name in files: one writer and one reader of weights and checkpoints.

They are safetensors, https://github.com/huggingface/safetensors, in which nothing could
run. Each carries the settings of its networks, and a SHA-256 that shows damage.
"""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from artgan.system.errors import ArtganError
from artgan.system.files import replacing
from artgan.system.printing import say

FORMAT = "3"
UNREADABLE = AttributeError, LookupError, RecursionError, TypeError, ValueError
IN_CHECKPOINT = {"generator": "generator_ema/", "discriminator": "discriminator/"}
Arrays = dict[str, np.ndarray]


class Damaged(ArtganError):
    """A file is not as it was written; another one may do."""


class Weights(NamedTuple):
    """One network, as its file tells of it."""

    settings: dict  # for `resolved_config`; nothing of it is believed
    arrays: Arrays  # float32, by name, such as "up_16/kernel"
    step: int
    sha256: str


def fingerprint(arrays: Arrays, about: dict[str, str]) -> str:
    """The SHA-256 of {name: array} and {key: text}, its own "sha256" left out."""
    told = {key: text for key, text in about.items() if key != "sha256"}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        digest.update(json.dumps([name, array.dtype.name, array.shape]).encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def write_tensors(path: Path, arrays: Arrays, about: dict[str, str]) -> None:
    """Write {name: array} and {key: text} as safetensors, in place only once whole.

    Raises OSError, and leaves what stood there, where the disk is full.
    """
    arrays = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    about = {"format": FORMAT} | about
    about["sha256"] = fingerprint(arrays, about)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary, open(temporary, "wb") as file:
        file.write(save(arrays, about))
        file.flush()
        os.fsync(file.fileno())  # on the disk before the name leads to it


def read_tensors(path: Path) -> tuple[Arrays, dict[str, str]]:
    """Read a file that `write_tensors` wrote: ({name: array}, {key: text}).

    Raises Damaged if it is not whole; ArtganError if it cannot be read, or is newer.
    """
    try:
        data = path.read_bytes()
        if data[8:9] != b"{":
            raise ValueError("no safetensors; `import-weights` reads the ancestors'")
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        about = header["__metadata__"]
        if about["format"] != FORMAT:
            raise ArtganError(
                f"{str(path)!r} has format {about['format']!r:.9}, which this version "
                "does not read."
            )
        arrays = load(data)
        if about["sha256"] != fingerprint(arrays, about):
            raise ValueError("its SHA-256 is another")
    except OSError as error:
        problem = f"{str(path)!r} cannot be read just now ({error.strerror})."
        raise ArtganError(f"{problem} Nothing was changed.") from None
    except (SafetensorError, *UNREADABLE) as error:
        raise Damaged(f"{str(path)!r} is damaged ({error!r:.100}).") from None
    return arrays, about


def first_whole(paths: list[Path], read: Callable = read_tensors) -> tuple[Path, Any]:
    """The first file that is whole, and what is read from it; damage is told.

    Raises the Damaged of the last one where none is whole.
    """
    *newer, last = paths
    for path in newer:
        try:
            return path, read(path)
        except Damaged as error:
            say(f"{error} The one before it is used.")
    return last, read(last)


def read_weights(place: str | Path, network: str = "generator") -> Weights:
    """Read one network from a folder or file of weights, or from a checkpoint.

    network: "generator" (the averaged one) or "discriminator". Raises ArtganError for
    whatever is missing, damaged, of another kind, or not finite.
    """
    path = Path(place)
    path = path / f"{network}.safetensors" if path.is_dir() else path
    arrays, about = read_tensors(path)
    if (found := about.get("network", network)) != network:
        raise ArtganError(f"{str(path)!r} is a {found!r:.40}, not a {network}.")
    start = "" if "network" in about else IN_CHECKPOINT[network]
    arrays = {
        name.removeprefix(start): array.astype(np.float32)
        for name, array in arrays.items()
        if name.startswith(start)
    }
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ArtganError(f"{str(path)!r} holds numbers that are not finite.")
    settings, step = read_settings(path, about)
    return Weights(settings, arrays, step, about["sha256"])


def read_settings(path: Path, about: dict[str, str]) -> tuple[dict, int]:
    """The settings that a file says its network is for, and its step."""
    try:
        return dict(json.loads(about["config"])), int(about["step"])
    except UNREADABLE:
        raise ArtganError(f"{str(path)!r} does not say what it is for.") from None


def networks_in(place: Path | None) -> list[str]:
    """The networks that a folder of weights, a file of them, or a checkpoint has."""
    place = place or Path()
    checkpoint = place.is_file() and "network" not in read_tensors(place)[1]
    both = checkpoint or (place / "discriminator.safetensors").exists()
    return [*IN_CHECKPOINT] if both else ["generator"]
