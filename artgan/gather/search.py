"""Listing what the sources have, each picture once."""

from collections.abc import Iterable

import requests

from artgan.gather.session import FAILURES, reason
from artgan.gather.sources.registry import SOURCES
from artgan.gather.table import COLUMNS, Row
from artgan.system.errors import ArtganError


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
            problems.append(
                f"The list of --{name} {words} ends early: {reason(error)}."
            )
    if not found:
        raise ArtganError(
            f"{' '.join(problems)} Nothing was lost. Try again later, or train on a "
            "folder of your own pictures or on the bundled ones."
        )
    return list(found.values()), problems


def tidied(item: dict) -> Row:
    """The columns of a row as single printable lines of at most 1,000 characters."""
    row = {}
    for name in COLUMNS[1:-1]:
        text = str(item.get(name) or "")[:1000]
        text = "".join(c if c.isprintable() else " " for c in text)
        row[name] = " ".join(text.split())
    return row
