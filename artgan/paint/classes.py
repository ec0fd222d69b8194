"""Classes by name: what is painted is of one, or of a mix of several."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from artgan.gan.classes import class_counts
from artgan.paint.grid import picture_grid
from artgan.paint.paint import seed_latents
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

if TYPE_CHECKING:
    from artgan.gan.config import Config


def named_latents(
    painter: Any, seeds: Sequence[int], class_name: str | Sequence[str] | None = None
) -> np.ndarray:
    """The latents of seeds, in a class or a mix; of each seed in each of several.

    Raises ArtganError for a class that the painter does not know.
    """
    config, names = painter.config, class_name or ()
    if not names:
        return seed_latents(config, seeds, step=painter.step)
    rows = [
        class_row(config, n) for n in ([names] if isinstance(names, str) else names)
    ]
    pairs = [([seed], row) for seed in seeds for row in rows]
    return np.concatenate([seed_latents(config, *p, painter.step) for p in pairs])


def class_row(config: "Config", text: str) -> np.ndarray:
    """The shares of the classes that a text asks for: [1, classes], 1 in all.

    text: a name, or several as "canaletto:0.5,guardi:0.5". Capitals do not count, and
    a beginning will do that one class alone has. Raises ArtganError that lists them.
    """
    names = list(class_counts(config))
    row = np.zeros([1, len(names)], np.float32)
    for part in str(text).split(","):
        name, colon, share = part.partition(":")
        found = numbers_of(names, name.strip().casefold())
        try:
            weight = float(share) if colon else 1.0
        except ValueError:
            weight = -1.0
        if len(found) != 1 or not 0 < weight < 1e6:
            known = printable(", ".join(names) or "none", 1000)
            raise ArtganError(
                f"{printable(repr(part), 60)} is no class of this model, nor the share "
                f"of one, such as canaletto:0.5. Its classes: {known}. Nothing was "
                "painted."
            )
        row[0, found[0]] += weight
    return row / row.sum()


def numbers_of(names: list[str], start: str) -> list[int]:
    """Which names are a text, or else begin with it; start: without capitals."""
    plain = [name.casefold() for name in names]
    if start in plain:
        return [plain.index(start)]
    return [n for n, name in enumerate(plain) if start and name.startswith(start)]


def class_sheet(
    painter: Any, seeds: Sequence[int], truncation: float, **more: Any
) -> Image.Image:
    """A sheet with a row for each class; seeds: of the columns; more: of `generate`."""
    names, options = class_counts(painter.config), {"truncation": truncation} | more
    rows = [painter.generate(seeds, class_name=name, **options) for name in names]
    return picture_grid(np.concatenate(rows), len(seeds))
