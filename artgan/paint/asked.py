"""What a painter is asked for: checked, and painted."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from artgan.data.pictures import shape_of
from artgan.paint.directions import move
from artgan.system.arguments import (
    LARGEST_SIDE,
    check_latents,
    check_number,
    check_seeds,
    check_whole,
)
from artgan.system.errors import ArtganError

MOST_PIXELS = 500_000_000  # of all pictures together, which memory must hold
MOST_PICTURES = 1_000_000


def image_size(config: Any, size: Any = None) -> tuple[int, int]:
    """Width and height in pixels of a size: 256 is a height, (384, 256) or "384x256".

    None stands for the model's own. Raises ArtganError for anything else.
    """
    height, width = config.shape
    if isinstance(size, (str, list, tuple)):
        return shape_of(size)
    if size is None:
        return width, height
    size = check_whole("size", size, 1, LARGEST_SIDE)
    return max(1, round(size * width / height)), size


def size_text(size: tuple[int, int]) -> str:
    """A width and height in words: 256 for a square, or 384x256."""
    return f"{size[0]}x{size[1]}" if size[0] != size[1] else f"{size[0]}"


def check_asked(
    painter: Any, seeds: Any, size: Any, truncation: Any, latents: Any = None
) -> tuple[list[int], tuple[int, int], float]:
    """The seeds, the (width, height) and the truncation that were asked for, checked.

    Where latents are given, there are as many seeds. Raises ArtganError for what cannot
    be painted, and for more pictures than memory holds.
    """
    size = image_size(painter.config, size)
    most = min(MOST_PICTURES, MOST_PIXELS // (size[0] * size[1]))
    if latents is not None:
        length = painter.generator_ema.input_shape[1]
        seeds = range(len(check_latents(latents, length)))
    if isinstance(seeds, Iterable) and not isinstance(seeds, str | bytes):
        seeds = list(islice(seeds, most + 1))
        if len(seeds) > most:
            raise ArtganError(
                f"More than {most:,} pictures of {size_text(size)} pixels do not fit "
                "into memory; ask for fewer or smaller ones. Nothing was painted."
            )
    return check_seeds(seeds), size, check_number("truncation", truncation, 0, 1)


def asked_latents(
    painter: Any,
    seeds: Sequence[int],
    truncation: float,
    latents: np.ndarray | None = None,
    directions: Mapping[Any, float] | None = None,
    style: int | None = None,
    class_name: str | None = None,
) -> tuple[Any, np.ndarray]:
    """The painter and its latents for what was asked, as for `Painter.generate`."""
    from artgan.paint.classes import named_latents
    from artgan.paint.paint import truncate

    config = painter.config
    latents = named_latents(painter, seeds, class_name) if latents is None else latents
    latents = move(truncate(config, latents, truncation), directions, painter)
    if style is None:
        return painter, latents
    from artgan.paint.style import mixing_painter

    mixing = mixing_painter(painter)
    other = named_latents(painter, check_seeds([style]), class_name)
    other = truncate(config, other, truncation)
    other = move(other, directions, painter).repeat(len(latents), 0)
    return mixing, np.hstack([latents, other])
