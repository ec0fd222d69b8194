"""Listing what the sources have, each picture once."""

from collections.abc import Iterable

import requests

from artgan.gather.session import FAILURES, reason
from artgan.gather.sources.registry import SOURCES
from artgan.gather.table import COLUMNS
from artgan.system.errors import ArtganError


def search(
    session: requests.Session,
    queries: Iterable[tuple[str, str]],
    limit: int | None = None,
    site: str | None = None,
) -> tuple[list[dict], list[str]]:
    """List what answers to any query, `limit` at most: (rows, sentences on problems).

    queries: pairs of the name of a source and words. site: asked in place of each
    source's own. Raises ArtganError when nothing at all is listed.
    """
    found: dict[str, dict] = {}
    problems = []
    for name, words in queries:
        source, listed = SOURCES[name], 0
        try:
            for item in source.listing(session, words, site or source.site):
                listed += 1
                found.setdefault(item["image_url"], tidied(item))
                if len(found) == limit:
                    return list(found.values()), problems
        except FAILURES as error:
            problems.append(
                f"The list of --{name} {words} ends early: {reason(error)}."
            )
        except (
            AttributeError,
            KeyError,
            TypeError,
        ) as error:  # a page of another shape
            problems.append(
                f"The list of --{name} {words} is not as expected: {error!r}."
            )
        else:
            if not listed:
                problems.append(
                    f"--{name} {words} lists no pictures: check the spelling."
                )
    if not found:
        raise ArtganError(
            f"{' '.join(problems)} Nothing was lost. Try again later, or train on a "
            "folder of your own pictures or on the bundled ones."
        )
    return list(found.values()), problems


def tidied(item: dict) -> dict[str, str]:
    """The columns of a row as single printable lines of at most 1,000 characters."""
    texts = {name: str(item.get(name) or "")[:1000] for name in COLUMNS[1:-1]}
    return {
        name: " ".join("".join(c if c.isprintable() else " " for c in text).split())
        for name, text in texts.items()
    }
