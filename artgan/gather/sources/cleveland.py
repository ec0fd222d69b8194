"""CC0 paintings of the Cleveland Museum of Art, found by words.

Documentation: https://openaccess-api.clevelandart.org
"""

from typing import TYPE_CHECKING

from artgan.gather.network.web import fetch_json, items_at, text_at
from artgan.gather.sources.artwork import Artwork
from artgan.gather.sources.museum import Museum

if TYPE_CHECKING:
    from artgan.gather.network.session import PoliteSession

PAGE_SIZE = 100
MOST_PAGES = 100


def parse_artworks(page):
    """Turn one answer of the museum into a list of artworks, CC0 pictures only."""
    return [
        Artwork(
            title=text_at(item, "title"),
            artist=text_at(item, "creators", 0, "description").split(" (")[0],
            death_year=text_at(item, "creators", 0, "death_year"),
            year=text_at(item, "creation_date"),
            page_url=text_at(item, "url"),
            image_url=text_at(item, "images", "web", "url"),
            genre=text_at(item, "type"),
            rights="CC0",
        )
        for item in items_at(page, "data")
        if text_at(item, "share_license_status") == "CC0"
        and text_at(item, "images", "web", "url")
    ]


def list_cleveland(session: "PoliteSession", words: str, url: str):
    """Yield the CC0 paintings that answer to search words.

    Raises `requests.RequestException` or ValueError when an answer is unusable.
    """
    filters = {"q": words, "cc0": 1, "has_image": 1, "type": "Painting"}
    for number in range(MOST_PAGES):
        place = {"limit": PAGE_SIZE, "skip": number * PAGE_SIZE}
        page = fetch_json(session, f"{url}/api/artworks/", filters | place)
        yield from parse_artworks(page)
        if len(items_at(page, "data")) < PAGE_SIZE:
            return


MUSEUM = Museum(
    name="the Cleveland Museum of Art",
    url="https://openaccess-api.clevelandart.org",
    listing=list_cleveland,
    help="search the Cleveland museum's CC0 paintings",
)
