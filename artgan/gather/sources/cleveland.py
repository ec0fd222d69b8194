"""CC0 paintings of the Cleveland Museum of Art, found by words.

Documentation: https://openaccess-api.clevelandart.org
"""

from collections.abc import Iterator

from artgan.gather.session import ask

PAGE_SIZE = 100
MOST_PAGES = 100


def list_cleveland(session, words: str, site: str) -> Iterator[dict]:
    """Yield the CC0 paintings that answer to search words, page after page."""
    filters = {"q": words, "cc0": 1, "has_image": 1, "type": "Painting"}
    for number in range(MOST_PAGES):
        place = {"limit": PAGE_SIZE, "skip": number * PAGE_SIZE}
        page = ask(session, f"{site}/api/artworks/", params=filters | place).json()
        items = page.get("data") or []
        yield from map(painting_of, filter(is_free, items))
        if len(items) < PAGE_SIZE:
            return


def is_free(item: dict) -> bool:
    """Tell whether an item is CC0 and has a picture."""
    return item.get("share_license_status") == "CC0" and bool(web_picture(item))


def web_picture(item: dict) -> str:
    """The address of an item's picture, "" if it has none."""
    return ((item.get("images") or {}).get("web") or {}).get("url") or ""


def painting_of(item: dict) -> dict:
    """The row of one item of an answer, in which any value may be null."""
    creator = (item.get("creators") or [{}])[0]
    return {
        "title": item.get("title"),
        "artist": (creator.get("description") or "").split(" (")[0],
        "death_year": creator.get("death_year"),
        "year": item.get("creation_date"),
        "genre": item.get("type"),
        "page_url": item.get("url"),
        "image_url": web_picture(item),
        "rights": "CC0",
    }
