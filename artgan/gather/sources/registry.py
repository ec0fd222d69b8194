"""Every source of pictures, by the name of its option on the command line."""

from collections.abc import Callable
from typing import NamedTuple

from artgan.gather.sources.cleveland import list_cleveland
from artgan.gather.sources.listing import read_listing
from artgan.gather.sources.wikiart import list_artist, list_genre


class Source(NamedTuple):
    """`listing(session, words, site)` yields the pictures that answer to words.

    Each is a dictionary with an "image_url" and what is known of the other COLUMNS of
    metadata.csv; values may be null. It may raise one of FAILURES: what it yielded
    before is kept.
    """

    listing: Callable
    site: str
    metavar: str
    help: str


WIKIART = "https://www.wikiart.org"
SOURCES = {
    "genre": Source(
        list_genre,
        WIKIART,
        "SLUG",
        "a genre of WikiArt: architecture, cityscape, veduta, capriccio, ...",
    ),
    "artist": Source(
        list_artist, WIKIART, "SLUG", "a painter of WikiArt: canaletto, ..."
    ),
    "cleveland": Source(
        list_cleveland,
        "https://openaccess-api.clevelandart.org",
        "WORDS",
        "search the Cleveland museum's CC0 paintings",
    ),
    "listing": Source(
        read_listing, "", "CSV", "a pinned list, such as data/flowers.csv"
    ),
}
