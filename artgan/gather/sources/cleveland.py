"""CC0 paintings of the Cleveland Museum of Art, found by words."""

from collections.abc import Iterator

from artgan.gather.session import ask

CLEVELAND = "https://openaccess-api.clevelandart.org"
PAGE_SIZE = 100
MOST_PAGES = 100


def list_cleveland(session, words: str, site: str) -> Iterator[dict]:
    """Yield the CC0 paintings that answer to search words, page after page."""
    filters = {"q": words, "cc0": 1, "has_image": 1, "type": "Painting"}
    for number in range(MOST_PAGES):
        place = {"limit": PAGE_SIZE, "skip": number * PAGE_SIZE}
        page = ask(session, f"{site}/api/artworks/", params=filters | place).json()
        items = page.get("data") or []
        free = [item for item in items if item.get("share_license_status") == "CC0"]
        yield from filter(lambda row: row["image_url"], map(painting_of, free))
        if len(items) < PAGE_SIZE:
            return


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
        "image_url": ((item.get("images") or {}).get("web") or {}).get("url"),
        "rights": "CC0",
    }
