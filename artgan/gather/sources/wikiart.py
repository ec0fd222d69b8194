"""The paintings that WikiArt lists of a genre or painter, as its pages load them."""

import re

from artgan.gather.session import ask
from artgan.gather.table import WIKIART_RIGHTS

WIKIART = "https://www.wikiart.org"


def paintings_in(page, genre, site):
    """Yield the paintings that a page of a list names, as rows of metadata.csv."""
    for item in page.get("Paintings") or []:  # the list may be null
        if item and item.get("image"):  # and so may any value in it
            names = "title", "artistName", "year", "paintingUrl", "image"
            title, artist, year, place, image = (str(item.get(n) or "") for n in names)
            row = {"title": title, "artist": artist, "year": year, "genre": genre}
            links = {"page_url": site + place, "image_url": image}
            yield row | links | {"rights": WIKIART_RIGHTS}


def list_paintings(session, words, site, kind="genre"):
    """Yield paintings of a genre or artist, page by page; ValueError at the limit."""
    words = re.sub(r"\W+", "-", words.strip().lower())  # as its addresses spell them
    genre = words if kind == "genre" else ""
    place = f"paintings-by-genre/{words}" if genre else f"{words}/mode/all-paintings"
    address = f"{site}/en/{place}"
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": address}
    for number in range(1, 61):
        query = {"json": 2, "layout": "new", "page": number, "resultType": "masonry"}
        page = ask(session, address, params=query, headers=headers).json()
        found = list(paintings_in(page, genre, site))
        if not found:
            return
        yield from found
    raise ValueError("WikiArt lists 3,600 at most: add cityscape, veduta or capriccio")
