"""One picture as a source describes it, before it is downloaded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Artwork:
    """What a source says about one picture; all strings, "" where unknown.

    `image_url` identifies the picture: two artworks with one address are the same.
    `death_year` is the artist's: 70 years later most places call a picture free.
    """

    title: str
    artist: str
    year: str
    page_url: str
    image_url: str
    genre: str
    rights: str
    death_year: str = ""


def tidy(text: object) -> str:
    """Make one printable line of at most 1,000 characters; "" of no text or number."""
    text = str(text)[:1000] if isinstance(text, (str, int, float)) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def rights_note(host: str):
    """Say what is known about the rights in the pictures of a host, such as
    "www.wikiart.org"."""
    notes = {
        "wikiart.org": "public domain in most places if the artist died 70 or more "
        "years ago; otherwise shown as fair use on wikiart.org",
        "clevelandart.org": "CC0",
    }
    known = [note for name, note in notes.items() if f".{host}".endswith(f".{name}")]
    return known[0] if known else "unknown: ask where the picture comes from"
