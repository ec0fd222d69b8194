"""CC0 paintings of the Cleveland Museum of Art, found by words.

Documentation: https://openaccess-api.clevelandart.org
"""

import requests

from artgan.gather.sources.artwork import Artwork, tidy
from artgan.gather.sources.problems import SourceError, reason
from artgan.gather.sources.web import fetch_json

CLEVELAND = "https://openaccess-api.clevelandart.org"
PAGE_SIZE = 100
MOST_PAGES = 100


def dig(value, *keys):
    """Follow keys and positions into decoded JSON; None where something is missing."""
    for key in keys:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def parse_artworks(page):
    """Turn one answer of the museum into a list of artworks, CC0 pictures only."""
    items = page.get("data")
    items = items if isinstance(items, list) else []
    return [
        Artwork(
            title=tidy(dig(item, "title")),
            artist=tidy(dig(item, "creators", 0, "description")).split(" (")[0],
            year=tidy(dig(item, "creation_date")),
            page_url=tidy(dig(item, "url")),
            image_url=tidy(dig(item, "images", "web", "url")),
            genre=tidy(dig(item, "type")),
            rights="CC0",
        )
        for item in items
        if dig(item, "share_license_status") == "CC0"
        and tidy(dig(item, "images", "web", "url"))
    ]


def list_cleveland(session, words, base_url=CLEVELAND):
    """Yield the CC0 paintings that answer to search words, each once.

    Raises `requests.RequestException` or ValueError when an answer is unusable.
    """
    seen = set()
    for page_number in range(MOST_PAGES):
        page = fetch_json(
            session,
            f"{base_url}/api/artworks/",
            {
                "q": words,
                "cc0": 1,
                "has_image": 1,
                "type": "Painting",
                "limit": PAGE_SIZE,
                "skip": page_number * PAGE_SIZE,
            },
        )
        for artwork in parse_artworks(page):
            if artwork.image_url not in seen:
                seen.add(artwork.image_url)
                yield artwork
        items = page.get("data")
        if not isinstance(items, list) or len(items) < PAGE_SIZE:
            return


def cleveland_artworks(session, words, base_url=CLEVELAND, limit=None):
    """Search through a polite session: (artworks, problem sentences).

    Raises SourceError when nothing at all was found.
    """
    artworks, problems = [], []
    try:
        for artwork in list_cleveland(session, words, base_url):
            artworks.append(artwork)
            if len(artworks) == limit:
                break
    except (requests.RequestException, ValueError) as error:
        problems.append(f"The list {base_url}/api/artworks broke off: {reason(error)}.")
    if artworks:
        return artworks, problems
    found = problems or [f"The Cleveland Museum has no CC0 painting for {words!r}."]
    raise SourceError(
        found[0] + " Nothing was lost. Try again later or with other words, or train "
        "on a folder of your own pictures or on the bundled ones."
    )
