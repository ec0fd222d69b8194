"""From a photograph to the picture of the model that is most like it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from artgan.data.pictures import read_square, reason_of
from artgan.demo.markup import awaited, note, picture, problem, reason, side_by_side
from artgan.demo.models import Models
from artgan.demo.nearest_latent import Found, search
from artgan.demo.seeds import Photograph, remember
from artgan.system.errors import ArtganError

SHOWN_EVERY = 5  # steps


def read_photograph(path: str | Path | None, size: int) -> np.ndarray:
    """The middle of a picture file: [size, size, 3] uint8.

    Raises ArtganError with a sentence if there is none, or it cannot be read.
    """
    if not path:
        raise ArtganError("Choose a photograph first.")
    try:
        return read_square(path, size)
    except Exception as error:  # damaged files raise almost anything
        why = reason_of(Path(path), error)
        raise ArtganError(
            f"This file cannot be used: {why}. A JPEG, PNG or WebP will do."
        ) from None


def find_photograph(
    models: Models,
    name: str,
    path: str | None,
    steps: int,
    photographs: dict[str, Photograph],
) -> Iterator[tuple[str, float, str]]:
    """Yield (HTML, fraction done, name) while the nearest latent is looked for.

    The name is "" but for the last, with which the latent is among the photographs.
    """
    try:
        model = models.open(name)
        image = read_photograph(path, model.config.size)
        # The choice among many seeds, before the first step, takes seconds.
        waiting = awaited("Looking among many seeds …")
        yield side_by_side(photograph_shown(image), waiting), 0.0, ""
        for step, found in enumerate(search(model, image, int(steps))):
            if step % SHOWN_EVERY == 0 or step == steps:
                yield comparison(image, found), step / steps, ""
        kept = remember(photographs, model, found.latent)
        yield comparison(image, found) + kept_note(kept, found), 1.0, kept
    except (ArtganError, OSError) as error:
        yield problem(reason(error)), 1.0, ""


def comparison(image: np.ndarray, found: Found) -> str:
    """The photograph and the picture most like it so far, side by side."""
    return side_by_side(
        photograph_shown(image),
        picture(
            found.picture,
            "The picture of the model that is most like it",
            f"The nearest the model paints: distance {found.distance:.2f}",
            "nearest.png",
        ),
    )


def photograph_shown(image: np.ndarray) -> str:
    """The photograph as it is compared."""
    return picture(image, "Your photograph, cut to a square", "Your photograph")


def kept_note(name: str, found: Found) -> str:
    """What was reached, and what can be done with it."""
    return note(
        f"The best seed began at a distance of {found.first_distance:.2f}; it is now "
        f"{found.distance:.2f}. This picture is “{name}”: type that in place of a seed "
        "to mix it, or press a button below. A model paints only what it has learnt, "
        "so of other subjects it finds a likeness in colours and shapes at best."
    )
