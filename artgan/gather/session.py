"""Asking servers as a good guest does: slowly, briefly, and by one's own name."""

import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from artgan import __version__
from artgan.system.printing import printable

SHORTEST_DELAY = 0.2  # seconds; WikiArt's own limit is 10 requests in 2.5 s
FAILURES = (requests.RequestException, ValueError)  # of one answer, not of the disk
NO_PAGE = "the answer is not the page expected"
KINDS: dict[Any, str] = {  # the first that fits
    requests.TooManyRedirects: "the server sends from one address to the next",
    requests.exceptions.SSLError: "its certificate is not trusted on this computer",
    requests.exceptions.ProxyError: "the proxy gives no answer; see HTTPS_PROXY",
    requests.Timeout: "the server took too long",
    requests.ConnectionError: "no connection to the server",
    requests.exceptions.ChunkedEncodingError: "the connection broke off",
    requests.exceptions.JSONDecodeError: NO_PAGE,
    (AttributeError, KeyError, TypeError): NO_PAGE,  # JSON of another shape
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
    """Asks `delay` seconds apart, redirects included, and keeps no cookies.

    Proxies and certificates are those that `requests` finds.
    """

    longest, most_bytes = 120.0, 20_000_000  # seconds and size of one answer

    def __init__(self, delay: float = 1.0) -> None:
        super().__init__()
        self.delay, self.free_at = max(SHORTEST_DELAY, delay), 0.0
        self.headers["User-Agent"] = (
            f"artgan/{__version__} (educational; one at a time)"
        )
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.hooks["response"].append(self.read)
        self.max_redirects = 5

    def send(self, request, **options) -> requests.Response:
        """Send a prepared request when its turn comes."""
        time.sleep(max(0.0, self.free_at - time.monotonic()))
        self.free_at = time.monotonic() + self.delay
        return super().send(request, **{**options, "stream": True})

    def read(self, answer: requests.Response, **options) -> None:
        """Take in the body of an answer, within the limits; `requests` calls this."""
        ends, body = time.monotonic() + self.longest, bytearray()
        with answer:
            for chunk in answer.iter_content(1024):
                body += chunk
                if len(body) > self.most_bytes:
                    raise ValueError(f"larger than {self.most_bytes:,} bytes")
                if time.monotonic() > ends:
                    raise requests.ReadTimeout("the answer took too long in all")
        answer._content = bytes(body)  # what `content` and `json` read
        self.free_at = time.monotonic() + self.delay


def reason(error: Exception) -> str:
    """Say in a few words why an address or a picture could not be had."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"HTTP {error.response.status_code} {error.response.reason}"
    fitting = (words for kind, words in KINDS.items() if isinstance(error, kind))
    return next(fitting, printable(error))


def is_refusal(error: Exception) -> bool:
    """Tell whether a failure is of the server or the network, not of one picture."""
    answer = getattr(error, "response", None)
    if answer is None:
        return isinstance(error, (requests.ConnectionError, requests.Timeout))
    return answer.status_code in (401, 403, 429) or answer.status_code >= 500
