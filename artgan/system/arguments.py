"""Checks of what a caller of the Python API hands in, each told in a sentence."""

import operator
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from artgan.system.errors import ArtganError
from artgan.system.printing import printable

LAST_SEED = 2**31 - 1
LARGEST_SIDE = 4096  # pixels of a picture that is painted or prepared


def check_whole(name: str, value: Any, low: int, high: int) -> int:
    """Return a whole number from low to high; ArtganError for anything else."""
    try:
        number = operator.index(value)
    except TypeError:
        number = low - 1
    if isinstance(value, (bool, np.bool_)) or not low <= number <= high:
        raise wrong(name, value, f"a whole number from {low:,} to {high:,}")
    return number


def check_number(name: str, value: Any, low: float, high: float) -> float:
    """Return a number from low to high as a float; ArtganError for anything else."""
    kinds = int, float, np.integer, np.floating
    fits = isinstance(value, kinds) and not isinstance(value, bool)
    if not fits or not low <= value <= high:
        raise wrong(name, value, f"a number from {low:g} to {high:,g}")
    return float(value)


def check_path(name: str, value: Any) -> Path:
    """Return a path of text that a disk can have; ArtganError for anything else."""
    fits = isinstance(value, (str, os.PathLike)) and isinstance(os.fspath(value), str)
    parts = Path(value).parts if fits else ()
    longest = max((len(os.fsencode(part)) for part in parts), default=0)
    if not fits or os.fspath(value) == "" or "\0" in str(value) or longest > 255:
        raise wrong(name, value, "the path of a file or folder")
    return Path(value)


def check_choice(name: str, value: Any, choices: tuple[str, ...]) -> str:
    """Return one of some words; ArtganError for anything else."""
    if value not in choices:
        raise wrong(name, value, " or ".join(choices))
    return value


def check_seeds(seeds: Any) -> list[int]:
    """Return one or more seeds as a list; ArtganError for anything else."""
    listed = list(seeds) if isinstance(seeds, Iterable) else []
    if not listed or isinstance(seeds, (str, bytes)):
        raise wrong("seeds", seeds, "a list of whole numbers, one or more")
    return [check_whole("a seed", seed, 0, LAST_SEED) for seed in listed]


def check_pictures(images: Any) -> np.ndarray:
    """Return pictures uint8 [n, height, width, 3]; ArtganError for anything else."""
    try:
        array = np.asarray(images)
    except ValueError:  # a list of pictures of several sizes
        array = np.zeros(0)
    fits = array.dtype == np.uint8 and array.ndim == 4 and array.shape[-1] == 3
    if not fits or not array.size:
        raise ArtganError(
            f"The pictures are {array.dtype} {list(array.shape)}; it takes uint8 "
            "[count, height, width, 3], one or more."
        )
    return array


def check_latents(latents: Any, length: int) -> np.ndarray:
    """Return latents float32 [n, length]; ArtganError for anything else."""
    try:
        array = np.asarray(latents, np.float32)
    except (TypeError, ValueError):
        array = np.zeros(0)
    fits = array.ndim == 2 and array.shape[1] == length and len(array)
    if not fits or not np.isfinite(array).all():
        raise ArtganError(
            f"The latents are {list(array.shape)}; this model takes finite numbers "
            f"[count, {length}], one row or more."
        )
    return array


def wrong(name: str, value: Any, wish: str) -> ArtganError:
    """The error that a value is not what it must be."""
    try:
        shown = printable(repr(value), 40)
    except ValueError:  # a number of thousands of digits
        shown = f"such a large {type(value).__name__}"
    return ArtganError(f"{name} must be {wish}, not {shown}.")
