"""Asking servers as a good guest does: slowly, briefly, and by one's own name."""

import time
from typing import Any

import requests

from artgan import __version__
from artgan.system.printing import printable

SHORTEST_DELAY = 0.2  # seconds; WikiArt's own limit is 10 requests in 2.5 s
FAILURES = (requests.RequestException, ValueError)  # of one answer, not of the disk
WORDS: dict[Any, str] = {  # the first that fits; others tell it themselves
    requests.exceptions.SSLError: "its certificate is not trusted on this computer",
    requests.Timeout: "the server took too long",
    requests.ConnectionError: "no connection to the server",
    (requests.JSONDecodeError, AttributeError, KeyError, TypeError): "it is no listing",
}


def ask(session, address, **options):
    """Ask a server politely: a second apart, and later when it is busy."""
    delay = getattr(session, "delay", 1)
    for pause in (delay, 5 * delay, 30 * delay):
        time.sleep(pause)
        answer = session.get(address, timeout=30, **options)
        if answer.status_code not in (429, 500, 503):
            break
        asked = answer.headers.get("Retry-After", "")
        time.sleep(min(60, int(asked)) if asked.isdecimal() else 0)
    answer.raise_for_status()
    return answer


class PoliteSession(requests.Session):
    """A session for `ask`: answers come `delay` seconds apart, redirects too."""

    most_bytes = 20_000_000  # of one answer

    def __init__(self, delay: float = 1.0) -> None:
        super().__init__()
        self.delay = max(SHORTEST_DELAY, delay)
        self.headers["User-Agent"] = f"artgan/{__version__} (educational; one by one)"
        self.stream = True  # so that `read` takes in the body
        self.hooks["response"].append(self.read)

    def read(self, answer: requests.Response, **options) -> None:
        """Take in the body of an answer, within the limit; `requests` calls this."""
        body = bytearray()
        with answer:
            for chunk in answer.iter_content(65_536):
                body += chunk
                if len(body) > self.most_bytes:
                    raise ValueError(f"larger than {self.most_bytes:,} bytes")
        answer._content = bytes(body)  # what `content` and `json` read
        time.sleep(self.delay if answer.is_redirect else 0)


def reason(error: Exception) -> str:
    """Say in a few words why an address or a picture could not be had."""
    fitting = (words for kind, words in WORDS.items() if isinstance(error, kind))
    return next(fitting, printable(error))
