"""Every source of pictures, and the search that lists what they have, each once."""

from collections.abc import Callable, Iterable
from functools import partial

import requests

from artgan.gather.session import FAILURES, reason
from artgan.gather.sources.cleveland import CLEVELAND, list_cleveland
from artgan.gather.sources.wikiart import WIKIART, list_paintings
from artgan.gather.table import COLUMNS, Row, read_listing
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

list_artist = partial(list_paintings, kind="artist")
# By the name of its option, each is (a function, the site, help). The function
# (session, words, site) yields what is known of each picture by the columns of
# metadata.csv; values may be null. It may raise one of FAILURES.
SOURCES: dict[str, tuple[Callable, str, str]] = {
    "genre": (list_paintings, WIKIART, "a genre of WikiArt, such as cityscape"),
    "artist": (list_artist, WIKIART, "a painter of WikiArt, such as canaletto"),
    "cleveland": (list_cleveland, CLEVELAND, "words for Cleveland's CC0 paintings"),
    "listing": (read_listing, "", "a list of pictures, such as data/flowers.csv"),
}


def search(
    session: requests.Session,
    queries: Iterable[tuple[str, str]],
    limit: int | None = None,
    site: str | None = None,
) -> tuple[list[Row], list[str]]:
    """List what answers to any query, `limit` at most: (rows, sentences on problems).

    queries: pairs of the name of a source and words. site: asked in place of each
    source's own. Raises ArtganError when nothing at all is listed.
    """
    found: dict[str, Row] = {}
    problems: list[str] = []
    for name, words in queries:
        (listing, home, _), item = SOURCES[name], None
        try:
            for item in listing(session, words, site or home):
                found.setdefault(item["image_url"], tidied(item))
                if len(found) == limit:
                    return list(found.values()), problems
            if item is None:
                raise ValueError("nothing is there, so check the spelling")
        except (*FAILURES, AttributeError, KeyError, TypeError) as error:
            problems.append(f"--{name} {words} ends early: {reason(error)}.")
    if not found:
        raise ArtganError(
            f"{' '.join(problems)} Nothing was lost. Try again later, or train on a "
            "folder of your own pictures or on the bundled ones."
        )
    return list(found.values()), problems


def tidied(item: dict) -> Row:
    """The columns of a row as single printable lines of at most 1,000 characters."""
    words = {name: str(item.get(name) or "").split() for name in COLUMNS[1:-1]}
    return {name: printable(" ".join(parts), 1000) for name, parts in words.items()}
