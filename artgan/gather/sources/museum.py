"""What is common to all museums: how one is described, and how it is searched."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from artgan.gather.network.failures import reason
from artgan.gather.sources.problems import SourceError

if TYPE_CHECKING:
    from artgan.gather.network.session import PoliteSession
    from artgan.gather.sources.artwork import Artwork

MOST_LISTED = 10_000  # Artworks of one search; a list without end stops here.


@dataclass(frozen=True)
class Museum:
    """A museum, or another place on the web, that can be searched for pictures.

    `listing(session, query, url)` yields an Artwork for each picture that answers to a
    query, page after page; url is that of the museum, or of a stand-in for it. It may
    raise `requests.RequestException` or ValueError: what it yielded before is kept.
    """

    name: str
    url: str
    listing: Callable
    help: str  # Of its option on the command line.
    metavar: str = "WORDS"
    also: tuple[str, ...] = ()  # Other names of the option.
    check: Callable[[str], str] = str  # Returns a query, or raises ValueError.


def search(
    museum: "Museum",
    session: "PoliteSession",
    queries: Iterable[str],
    url: str | None = None,
    limit: int | None = None,
):
    """List what answers to any query, each picture once: (artworks, problem sentences).

    url: of a stand-in for the museum. limit: as many artworks at most. Raises
    SourceError when nothing at all could be listed.
    """
    found: dict[str, Artwork] = {}
    problems: list[str] = []
    limit = min(limit or MOST_LISTED, MOST_LISTED)
    for query in queries:
        try:
            for artwork in museum.listing(session, query, url or museum.url):
                found.setdefault(artwork.image_url, artwork)
                if len(found) == limit:
                    return list(found.values()), problems
        except (requests.RequestException, ValueError) as error:
            problems.append(
                f"The list of {museum.name} for {query!r} is not complete: "
                f"{reason(error)}."
            )
    if not found:
        raise SourceError(nothing_found(museum, queries, problems))
    return list(found.values()), problems


def nothing_found(museum: "Museum", queries: Iterable[str], problems):
    """Say why a search found nothing, and what to do."""
    if not problems:
        asked = ", ".join(repr(query) for query in queries)
        problems = [f"{museum.name} lists no pictures for {asked}: check the spelling."]
    return (
        " ".join(problems) + " Nothing was lost. Try again later, or train on a "
        "folder of your own pictures or on the bundled ones."
    )
