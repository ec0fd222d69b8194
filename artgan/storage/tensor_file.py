"""Files of arrays by name: checkpoints and published weights, one reader, one writer.

The format is safetensors, https://github.com/huggingface/safetensors: a JSON header
with names, shapes and text, and then the numbers; nothing in it could run. Each file
carries the SHA-256 of all that it says, so that damage shows.
"""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from artgan.system.errors import ArtganError
from artgan.system.files import replacing
from artgan.system.printing import printable
from artgan.system.program import program

FORMAT = "3"  # version 0.1.0 of this program wrote formats 1 and 2
LARGEST_FILE = 1_000_000_000  # bytes of weights; ten times the largest of this project
PICKLES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


def fingerprint(arrays: dict[str, np.ndarray], about: dict[str, str]):
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


def read_tensors(path: Path):
    """Read a file that `write_tensors` wrote: ({name: array}, {key: text}).

    Raises ValueError if it is damaged, RuntimeError if another version wrote it.
    """
    shown = printable(path, 400)
    try:
        with safe_open(path, "numpy") as file:
            about = file.metadata() or {}
            check_format(path, about.get("format", "?"))
            arrays = {name: file.get_tensor(name) for name in file.keys()}
    except (SafetensorError, TypeError) as error:
        raise ValueError(f"{shown} is damaged ({printable(error)}).") from None
    if about.get("sha256") != fingerprint(arrays, about):
        raise ValueError(f"{shown} is damaged (its SHA-256 is another).")
    return arrays, about


def check_format(path: Path, found) -> None:
    """Raise RuntimeError unless a file is of the format that this program reads."""
    if found != FORMAT:
        reader = "version 0.1.0" if found in ("1", "2") else "another version"
        raise RuntimeError(
            f"{printable(path, 400)} is of format {found[:9]!r}, which {reader} of "
            "this program reads."
        )


def read_weights(path: Path):
    """Read a file that nobody has vouched for as `read_tensors` does.

    Raises ArtganError if it is missing, huge, damaged, of another format or kind, or
    if a number in it is not finite.
    """
    check_kind(path)
    try:
        arrays, about = read_tensors(path)
    except (RuntimeError, ValueError) as error:
        raise ArtganError(f"{printable(error, 400)} It was not used.") from None
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ArtganError(
                f"{printable(path)} holds numbers in {printable(name)} that are not "
                "finite, so it cannot paint. It was not used."
            )
    return arrays, about


def check_kind(path: Path) -> None:
    """Raise ArtganError unless a file begins as safetensors do; name a pickle."""
    shown = printable(path)
    if not path.is_file():
        raise ArtganError(f"There is no file {shown}.")
    if path.stat().st_size > LARGEST_FILE:
        raise ArtganError(f"{shown} is larger than any weights of this project.")
    with path.open("rb") as file:
        beginning = file.read(9)
    if beginning.startswith(PICKLES):
        raise ArtganError(
            f"{shown} is not safetensors but a pickle, which can run programs when it "
            f"is opened, so it was not opened. `{program()} import-weights` reads "
            "those of the ancestors safely."
        )
    if beginning[8:] != b"{":
        raise ArtganError(f"{shown} is not a safetensors file of weights.")
