"""Reading a file of weights that nobody has vouched for.

The format is safetensors, https://github.com/huggingface/safetensors: the length of a
JSON header, the header with names, shapes and offsets, and then the numbers; there is
nothing in it that could run.
"""

import hashlib
import json

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from artgan.system.errors import ArtganError

LARGEST_FILE = 1_000_000_000  # Bytes; ten times the largest weights of this project.
PICKLES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


def read_file(path):
    """The bytes of a file of weights. Raises ArtganError if it is missing or huge."""
    if not path.is_file():
        raise ArtganError(f"There is no file {path}.")
    if path.stat().st_size > LARGEST_FILE:
        raise ArtganError(f"{path} is larger than any weights of this project.")
    return path.read_bytes()


def check_vouched(path, data, size, sha256, voucher):
    """Raise ArtganError unless `data` has the size and the SHA-256 vouched for.

    size: in bytes, or None where the voucher, such as "its card", does not tell it.
    """
    if size is not None and len(data) != size:
        kind = "is cut short" if len(data) < size else "is not what it should be"
        happened = f"{kind}: it has {len(data):,} bytes, {voucher} says {size:,}."
    elif (found := hashlib.sha256(data).hexdigest()) != sha256:
        happened = (
            f"is not what {voucher} says: its SHA-256 begins with {found[:12]}, "
            f"not with {str(sha256)[:12]}."
        )
    else:
        return
    raise ArtganError(f"{path} {happened}{introduction(path, data)} It was not used.")


def introduction(path, data):
    """What a file that is not the right one says of itself, as a sentence, or ""."""
    try:
        about = read_header(path, data).get("__metadata__", {})
        config = json.loads(about["config"])
        name = f"{about['network']} of step {about['step']}"
        return f" It calls itself the {name} for {config['size']} pixels."
    except (ArtganError, KeyError, TypeError, ValueError, RecursionError):
        return ""


def check_kind(path, data):
    """Raise ArtganError unless a file begins as safetensors do; name a pickle."""
    if data[8:9] == b"{":
        return
    if data.startswith(PICKLES):
        raise ArtganError(
            f"{path} is not safetensors but a pickle, which can run programs when it "
            "is opened, so it was not opened. `python -m artgan import-weights` reads "
            "those of the ancestors safely."
        )
    raise ArtganError(f"{path} is not a safetensors file of weights.")


def read_header(path, data):
    """The header of a safetensors file, a dictionary, nothing of it believed yet.

    Raises ArtganError if it is not one, or is damaged or cut short.
    """
    check_kind(path, data)
    length = int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8 : 8 + length]) if 8 + length <= len(data) else {}
        ends = [
            item["data_offsets"][1] for name, item in header.items() if name[0] != "_"
        ]
        whole = 8 + length + max(ends, default=0)
    except (IndexError, KeyError, TypeError, ValueError, RecursionError):
        raise ArtganError(f"{path} is damaged: its header is not readable.") from None
    if len(data) < whole:
        raise ArtganError(
            f"{path} is cut short: it has {len(data):,} of {whole:,} bytes."
        )
    return header


def read_arrays(path, data):
    """The (metadata, arrays) of a file of weights.

    arrays: {name: float32 numpy array}. Raises ArtganError if it is not whole, or a
    number in it is not finite.
    """
    header = read_header(path, data)
    metadata = header.pop("__metadata__", {})
    try:
        found = load(data)
        arrays = {name: found[name].astype(np.float32, copy=False) for name in header}
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ArtganError(f"{path} is damaged: {error}. It was not used.") from None
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ArtganError(
                f"{path} holds numbers in {name} that are not finite, so it cannot "
                "paint. It was not used."
            )
    return metadata, arrays


def fingerprint(path, data):
    """The SHA-256 of all that a safetensors file says, but for its own "sha256"."""
    header = read_header(path, data)
    header.get("__metadata__", {}).pop("sha256", None)
    told = json.dumps(header, sort_keys=True).encode("utf-8")
    body = data[8 + int.from_bytes(data[:8], "little") :]
    return hashlib.sha256(told + body).hexdigest()


def check_fingerprint(path, data):
    """Raise ArtganError unless a file carries its own fingerprint."""
    found = read_header(path, data).get("__metadata__", {}).get("sha256")
    if found != fingerprint(path, data):
        raise ArtganError(
            f"{path} is damaged: it does not hold what its own SHA-256 says. It was "
            "not used."
        )
