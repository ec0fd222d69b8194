"""Frames around the thumbnails of the two seeds that are mixed."""

from artgan.demo.seeds import page_from, seed_of
from artgan.system.errors import ArtganError

COLORS = {"first": "#2a6f97", "second": "#b5532a"}


def marks(page: str, first: str, second: str) -> str:
    """A style that frames the chosen thumbnails and says which is which.

    page: the first seed of the thumbnails. A photograph, a seed of another page and
    what is no seed have no thumbnail. No picture is sent anew for it.
    """
    places: dict[int, list[str]] = {}
    for which, text in zip(COLORS, (first, second), strict=True):
        try:
            places.setdefault(page_from(page).index(seed_of(text)), []).append(which)
        except (ArtganError, ValueError):
            continue
    return f"<style>{''.join(map(frame, places, places.values()))}</style>"


def frame(place: int, which: list[str]) -> str:
    """What is its own in the style of the thumbnail at a place, counted from 0."""
    color, words = COLORS[which[0]], " and ".join(which)
    thumbnail = f"#thumbnails .gallery-item:nth-child({place + 1}) button"
    return (
        f"{thumbnail} {{ box-shadow: 0 0 0 4px {color}; }}"
        f"{thumbnail}::after {{ content: '{words}'; background: {color}; }}"
    )
