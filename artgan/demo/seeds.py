"""What is typed where a seed is wanted: a number, several, or a found photograph."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from artgan.paint.paint import seed_latents
from artgan.system.arguments import LAST_SEED
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

if TYPE_CHECKING:
    from artgan.storage.open_model import Model

PAGE = 24  # thumbnails on a page
MOST = 12  # seeds that a walk passes


@dataclass(frozen=True)
class Photograph:
    """A latent that was found for a photograph, and the weights it belongs to."""

    sha256: str
    latent: np.ndarray


def seed_of(text: str) -> int:
    """The seed that a text names; raises ArtganError with a sentence if it is none."""
    text = str(text).strip()
    if not text:
        raise ArtganError(f"A seed is missing. {CHOICE}")
    if not (text.isascii() and text.isdecimal() and len(text) < 11):
        raise ArtganError(f"'{printable(text, 40)}' is no seed. {CHOICE}")
    if int(text) > LAST_SEED:
        raise ArtganError(f"{text} is too large for a seed. {CHOICE}")
    return int(text)


CHOICE = f"Type a whole number from 0 to {LAST_SEED:,} without commas."


def seeds_of(text: str) -> list[int]:
    """The seeds that a text such as "3, 7, 11" or "0-3" names, each once."""
    chosen: dict[int, None] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, dash, last = part.partition("-")
        start, end = seed_of(first), seed_of(last if dash else first)
        if end < start or end - start >= MOST:
            raise ArtganError(f"{printable(part, 40)} is not from 1 to {MOST} seeds.")
        chosen |= dict.fromkeys(range(start, end + 1))
    if not 1 <= len(chosen) <= MOST:
        raise ArtganError(f"Type from 1 to {MOST} seeds, such as 3, 7, 11 or 0-3.")
    return list(chosen)


def page_from(text: str) -> list[int]:
    """The seeds of the page that begins with one; the last page is whole too."""
    first = min(seed_of(text), LAST_SEED + 1 - PAGE)
    return list(range(first, first + PAGE))


def turn_page(text: str, pages: int) -> str:
    """The first seed so many pages further; of the first or last page at the ends."""
    try:
        first = seed_of(text)
    except ArtganError:
        return "0"
    return str(min(max(0, first + pages * PAGE), LAST_SEED + 1 - PAGE))


def latent_of(
    model: "Model", text: str, photographs: dict[str, Photograph]
) -> np.ndarray:
    """The latent [latent_size] of a seed, or of a photograph such as "photo 1"."""
    name = " ".join(str(text).lower().split())
    if not name.startswith("photo"):
        return seed_latents(model.config, [seed_of(name)])[0]
    if name not in photographs:
        known = (
            ", ".join(photographs) or "none yet; the tab “Your photograph” finds one"
        )
        raise ArtganError(f"There is no '{printable(name, 40)}'. There is: {known}.")
    if photographs[name].sha256 != model.sha256:
        raise ArtganError(f"{name} was found for another model. Find it anew for this.")
    return photographs[name].latent


def remember(
    photographs: dict[str, Photograph], model: "Model", latent: np.ndarray
) -> str:
    """Keep a latent among the photographs; returns its name."""
    name = f"photo {len(photographs) + 1}"
    photographs[name] = Photograph(model.sha256, latent)
    return name
