"""Reading answers of servers that may be broken or hostile."""

import json


def limited_chunks(response, max_bytes):
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


def fetch_json(session, url, params, headers=None, max_bytes=10_000_000):
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
