"""The paintings that WikiArt lists under a genre or a painter.

The addresses are those that the site's own pages load as they scroll.
"""

import re
from collections.abc import Iterator

from artgan.gather.session import ask

WIKIART = "https://www.wikiart.org"
MOST_LISTED = 3_600  # paintings of one list: 60 pages of 60
NEIGHBOURS = (
    f"WikiArt lists {MOST_LISTED:,} of a genre at most. Neighbouring genres have more; "
    "for buildings: cityscape, veduta, capriccio"
)
WIKIART_RIGHTS = "free in most places if the artist died 70 years ago, else fair use"


def paintings_in(page, genre, site):
    """Yield the paintings that a page of a list names, as rows of metadata.csv."""
    for item in page.get("Paintings") or []:  # the list may be null
        if item and item.get("image"):  # and so may any value in it
            names = "title", "artistName", "year", "paintingUrl", "image"
            title, artist, year, place, image = (str(item.get(n) or "") for n in names)
            row = {"title": title, "artist": artist, "year": year, "genre": genre}
            links = {"page_url": site + place, "image_url": image}
            yield row | links | {"rights": WIKIART_RIGHTS}


def list_paintings(session, site, genre="", artist=""):
    """Yield a genre's or an artist's paintings, page after page, until one is empty."""
    place = f"{artist}/mode/all-paintings" if artist else f"paintings-by-genre/{genre}"
    address = f"{site}/en/{place}"
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": address}
    for number in range(1, 61):
        query = {"json": 2, "layout": "new", "page": number, "resultType": "masonry"}
        page = ask(session, address, params=query, headers=headers).json()
        found = list(paintings_in(page, genre, site))
        if not found:
            return
        yield from found


def list_genre(session, words: str, site: str) -> Iterator[dict]:
    """Yield the paintings of a genre; ValueError at the end of what WikiArt lists."""
    count = 0
    for row in list_paintings(session, site, genre=slug(words)):
        yield row
        count += 1
    if count >= MOST_LISTED:
        raise ValueError(NEIGHBOURS)


def list_artist(session, words: str, site: str) -> Iterator[dict]:
    """Yield the paintings of a painter."""
    return list_paintings(session, site, artist=slug(words))


def slug(words: str) -> str:
    """Spell words as WikiArt's addresses do: "Bernardo Bellotto", bernardo-bellotto."""
    return re.sub(r"\W+", "-", words.strip().lower())
