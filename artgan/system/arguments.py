"""Checks of what a caller of the Python API hands in, each told in a sentence."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np

from artgan.system.errors import ArtganError
from artgan.system.printing import printable

LAST_SEED = 2**31 - 1
LARGEST_SIDE = 4096  # pixels of a picture that is painted or prepared


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """Turn whatever a value of an impossible kind raises into an ArtganError."""
    try:
        yield
    except ArtganError:
        raise
    except Exception as error:  # of NumPy, Pillow, Keras: each has its own kind
        told = f"That cannot be done as asked: {printable(repr(error))}."
        raise ArtganError(f"{told} Nothing was changed.") from error


def wrong(name: str, value: Any, wish: str) -> ArtganError:
    """The error that a value is not what it must be."""
    return ArtganError(f"{name} must be {wish}, not {printable(repr(value), 40)}.")


def check_number(name: str, value: Any, low: float, high: float, kind=Real) -> float:
    """Return a number from low to high as a float; ArtganError for anything else."""
    fits = isinstance(value, kind) and not isinstance(value, bool)
    if not fits or not low <= value <= high:
        what = "a whole number" if kind is Integral else "a number"
        raise wrong(name, value, f"{what} from {low:,} to {high:,}")
    return float(value)


def check_whole(name: str, value: Any, low: int, high: int) -> int:
    """Return a whole number from low to high; ArtganError for anything else."""
    return int(check_number(name, value, low, high, Integral))


def check_path(name: str, value: Any) -> Path:
    """Return a path; ArtganError for what cannot be one."""
    if not isinstance(value, (str, Path)) or not str(value) or "\0" in str(value):
        raise wrong(name, value, "the path of a file or folder")
    return Path(value)


def check_seeds(seeds: Any, most: int = 1_000_000) -> list[int]:
    """Return seeds, from 1 to as many as memory holds, as a list; else ArtganError."""
    listed = list(islice(seeds, most + 1)) if isinstance(seeds, Iterable) else []
    if not 0 < len(listed) <= most or isinstance(seeds, (str, bytes)):
        wish = f"a list of whole numbers, from 1 to the {most:,} that memory holds"
        raise wrong("seeds", seeds, wish)
    return [check_whole("a seed", seed, 0, LAST_SEED) for seed in listed]


def check_pictures(images: Any) -> np.ndarray:
    """Return pictures uint8 [n, height, width, 3]; ArtganError for anything else."""
    array = as_array(images)
    if array.dtype != np.uint8 or array.shape[3:] != (3,) or not array.size:
        raise ArtganError(
            f"The pictures are {array.dtype} {list(array.shape)}; it takes uint8 "
            "[count, height, width, 3], one or more."
        )
    return array


def check_latents(latents: Any, length: int) -> np.ndarray:
    """Return latents float32 [n, length]; ArtganError for anything else."""
    array = as_array(latents, np.float32)
    if array.shape[1:] != (length,) or not array.size or not np.isfinite(array).all():
        raise ArtganError(
            f"The latents are {list(array.shape)}; this model takes finite numbers "
            f"[count, {length}], one row or more."
        )
    return array


def as_array(value: Any, dtype: Any = None) -> np.ndarray:
    """An array of anything; an empty one of what is none, as of several sizes."""
    try:
        return np.asarray(value, dtype)
    except (TypeError, ValueError):
        return np.zeros(0)
