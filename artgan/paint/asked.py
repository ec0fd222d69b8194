"""What a painter is asked for: checked, and painted."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

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


def check_asked(
    painter: Any, seeds: Any, size: Any, truncation: Any, latents: Any = None
) -> tuple[list[int], int, float]:
    """The seeds, the size in pixels and the truncation that were asked for, checked.

    Where latents are given, there are as many seeds. Raises ArtganError for what cannot
    be painted, and for more pictures than memory holds.
    """
    size = painter.config.size if size is None else size
    size = check_whole("size", size, 1, LARGEST_SIDE)
    most = min(MOST_PICTURES, MOST_PIXELS // size**2)
    if latents is not None:
        length = painter.generator_ema.input_shape[1]
        seeds = range(len(check_latents(latents, length)))
    if isinstance(seeds, Iterable) and not isinstance(seeds, str | bytes):
        seeds = list(islice(seeds, most + 1))
        if len(seeds) > most:
            raise ArtganError(
                f"More than {most:,} pictures of {size} pixels do not fit into "
                "memory; ask for fewer or smaller ones. Nothing was painted."
            )
    return check_seeds(seeds), size, check_number("truncation", truncation, 0, 1)


def asked_latents(
    painter: Any,
    seeds: Sequence[int],
    truncation: float,
    latents: np.ndarray | None = None,
    directions: Mapping[Any, float] | None = None,
    style: int | None = None,
) -> tuple[Any, np.ndarray]:
    """The painter and its latents for what was asked, as for `Painter.generate`."""
    from artgan.paint.paint import seed_latents

    latents = seed_latents(painter.config, seeds) if latents is None else latents
    latents = move(truncation * np.float32(latents), directions, painter)
    if style is None:
        return painter, latents
    from artgan.paint.style import mixing_painter

    mixing = mixing_painter(painter)
    other = truncation * seed_latents(painter.config, check_seeds([style]))
    other = move(other, directions, painter).repeat(len(latents), 0)
    return mixing, np.hstack([latents, other])
