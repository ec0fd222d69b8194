"""Every source of pictures, by the name of its option on the command line."""

from collections.abc import Callable

from artgan.gather.sources.cleveland import CLEVELAND, list_cleveland
from artgan.gather.sources.listing import read_listing
from artgan.gather.sources.wikiart import WIKIART, list_artist, list_genre

# Each is (a function, the site, help). The function (session, words, site) yields what
# is known of each picture by the columns of metadata.csv; values may be null. It may
# raise one of FAILURES: what came before is kept.
SOURCES: dict[str, tuple[Callable, str, str]] = {
    "genre": (list_genre, WIKIART, "a genre of WikiArt, such as cityscape or veduta"),
    "artist": (list_artist, WIKIART, "a painter of WikiArt, such as canaletto"),
    "cleveland": (list_cleveland, CLEVELAND, "words for Cleveland's CC0 paintings"),
    "listing": (read_listing, "", "a list of pictures, such as data/flowers.csv"),
}
