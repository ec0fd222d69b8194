"""The paintings that WikiArt lists under a genre.

The address is the one that the site's own genre pages load as they scroll:
https://www.wikiart.org/en/paintings-by-genre/GENRE?json=2&page=N
"""

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

import requests

from artgan.gather.network.web import fetch_json
from artgan.gather.sources.artwork import Artwork, rights_note, tidy
from artgan.gather.sources.museum import Museum

if TYPE_CHECKING:
    from artgan.gather.network.session import PoliteSession


def absolute_url(base_url: str, address: str):
    """Complete an address that a page on `base_url` holds; "" stays ""."""
    try:
        return urljoin(base_url, address) if address else ""
    except ValueError:
        return address


def parse_listing(page, genre: str, base_url: str):
    """Turn one listing page into a list of artworks.

    page: the decoded JSON; its "Paintings" may be null, missing or empty past the end,
    and any value in an item may be null. Items without a picture are left out.
    """
    paintings = page.get("Paintings")
    paintings = paintings if isinstance(paintings, list) else []
    return [
        Artwork(
            title=tidy(item.get("title")),
            artist=tidy(item.get("artistName")),
            year=tidy(item.get("year")),
            page_url=absolute_url(base_url, tidy(item.get("paintingUrl"))),
            image_url=absolute_url(base_url, tidy(item.get("image"))),
            genre=genre,
            rights=rights_note("wikiart.org"),
        )
        for item in paintings
        if isinstance(item, dict) and tidy(item.get("image"))
    ]


def fetch_listing(session: "PoliteSession", genre: str, number, base_url: str):
    """Fetch page `number` (from 1) of a genre as a dictionary.

    Raises `requests.RequestException` or ValueError when there is no such page; one
    that comes torn or as something else is asked for once more.
    """
    address = f"{base_url}/en/paintings-by-genre/{quote(genre, safe='')}"
    params = {"json": 2, "layout": "new", "page": number, "resultType": "masonry"}
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": address}
    try:
        return fetch_json(session, address, params, headers)
    except (requests.exceptions.ChunkedEncodingError, ValueError):
        return fetch_json(session, address, params, headers)


def list_genre(
    session: "PoliteSession",
    genre: str,
    base_url: str = "https://www.wikiart.org",
    delay: float = 1.0,
    limit: int | None = None,
):
    """Yield the artworks of one genre, each once, at most `limit`, page after page.

    delay: seconds to wait between pages. A page that fails is passed over; what
    `fetch_listing` raised for it is raised at the end.
    """
    seen: set[str] = set()
    stale_pages, problem = 0, None
    for number in range(1, 61):  # WikiArt lists at most 3,600 per genre, 60 a page.
        try:
            page = fetch_listing(session, genre, number, base_url)
        except (requests.RequestException, ValueError) as error:
            page, problem = {}, error
        seen_before = len(seen)
        for artwork in parse_listing(page, genre, base_url):
            if artwork.image_url not in seen:
                seen.add(artwork.image_url)
                yield artwork
            if len(seen) == limit:
                return
        stale_pages = stale_pages + 1 if len(seen) == seen_before else 0
        if stale_pages == 2:  # One may be a mishap; and one page may come for ever.
            break
        time.sleep(delay)
    if problem:
        raise problem


def checked_slug(text: str):
    """A genre as WikiArt's addresses spell it; ValueError if it is none."""
    if not re.fullmatch(r"[\w-]+", text):
        raise ValueError(
            f"'{text}' is no slug of a genre; it is spelt like flower-painting"
        )
    return text


def listing(session: "PoliteSession", genre: str, url: str):
    """Yield the artworks of a genre through a session that keeps its own distance."""
    return list_genre(session, genre, url, delay=0)


MUSEUM = Museum(
    name="WikiArt",
    url="https://www.wikiart.org",
    listing=listing,
    help="a genre of WikiArt: architecture, cityscape, veduta, capriccio, "
    "flower-painting, ...",
    metavar="SLUG",
    also=("genre",),
    check=checked_slug,
)
