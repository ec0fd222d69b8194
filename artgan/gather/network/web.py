"""Reading answers of servers that may be broken or hostile."""

import json
from typing import TYPE_CHECKING, Any

from artgan.gather.sources.artwork import tidy

if TYPE_CHECKING:
    import requests

    from artgan.gather.network.session import PoliteSession


def limited_chunks(response: "requests.Response", max_bytes: int):
    """Yield the body of an answer in pieces of at most 64 KiB, unpacked.

    response: a `requests.Response` asked for with `stream=True`.
    Raises ValueError once more than `max_bytes` came, whatever the header promised.
    """
    received = 0
    for chunk in response.iter_content(chunk_size=65536):
        received += len(chunk)
        if received > max_bytes:
            raise ValueError(f"larger than {max_bytes:,} bytes")
        yield chunk


def fetch_json(
    session: "PoliteSession",
    url: str,
    params,
    headers: dict[str, str] | None = None,
    max_bytes: int = 5_000_000,
):
    """Fetch one JSON page and return it as a dictionary.

    Raises `requests.RequestException` when the server refuses or breaks off, and
    ValueError when what it sends is too large or no JSON dictionary.
    """
    with session.get(
        url, params=params, headers=headers, stream=True, timeout=30
    ) as response:
        response.raise_for_status()
        body = b"".join(limited_chunks(response, max_bytes))
    try:
        page = json.loads(body)
    except (ValueError, RecursionError):
        page = None
    if not isinstance(page, dict):
        raise ValueError("the answer is not the JSON page that was expected")
    return page


def dig(value: Any, *keys: str | int) -> Any:
    """Follow keys and positions into decoded JSON; None where something is missing."""
    for key in keys:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def text_at(value: float, *keys):
    """The text or number at some keys of decoded JSON, on one line; "" if none."""
    return tidy(dig(value, *keys))


def items_at(value: float, *keys):
    """The list at some keys of decoded JSON; [] if none."""
    items = dig(value, *keys)
    return items if isinstance(items, list) else []
