"""A session that is polite to servers and cannot be held up or led astray by them."""

import math
import time
from collections.abc import Iterable
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import requests

from artgan import __version__
from artgan.gather.network.exchange import exchange, origin
from artgan.gather.network.limits import Limits

SHORTEST_DELAY = 0.2  # Seconds; WikiArt's own limit is 10 requests in 2.5 s.
LONGEST_WAIT = 60.0  # Seconds; longer waits that a server asks for end here.
MOST_REDIRECTS = 5
MOST_TRIES = 4  # Of an address whose server is busy; two if there is no answer.
BUSY = (429, 500, 502, 503, 504)
HEADERS = {
    "User-Agent": f"artgan/{__version__} (educational; one connection)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # What is not packed cannot swell.
}


class PoliteSession:
    """Asks for one address at a time, `delay` seconds apart, and keeps no cookies.

    timeout: seconds to connect, and to wait for the next byte. longest: seconds that
    one `get` may take in all, with its redirects, waits and tries; each received byte
    adds 1/`slowest` seconds. most_bytes: of one answer on the wire, headers and framing
    included. trusted: addresses whose host and port may be asked though not public.
    """

    def __init__(
        self,
        delay: float,
        timeout: tuple[float, float],
        longest: float,
        most_bytes: int,
        slowest: float,
        trusted: Iterable[str],
    ) -> None:
        self.delay, self.timeout, self.longest = delay, timeout, longest
        self.most_bytes, self.slowest = most_bytes, slowest
        self.trusted = {origin(address) for address in trusted}
        self.headers = dict(HEADERS)
        self.free_at, self.ends, self.response = 0.0, None, None

    def __enter__(self):
        """The session itself."""
        return self

    def __exit__(self, *error):
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self.response:
            self.response.raw.close()

    def get(
        self,
        url: str,
        params=None,
        headers: dict[str, str] | None = None,
        stream: bool = True,
        timeout: float | None = None,
    ):
        """Ask for an address; return a `requests.Response` whose body can be iterated.

        `stream` and `timeout` are there for likeness with `requests.Session.get`: the
        body is always streamed, under the session's own limits. Raises
        `requests.RequestException`, or ValueError for an address that is none.
        """
        with self.one_limit():
            for _ in range(MOST_REDIRECTS + 1):
                response = self.ask_patiently(self.prepare(url, params, headers))
                if not response.is_redirect:
                    return response
                url, params = redirect_target(response), None
        raise requests.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects")

    @contextmanager
    def one_limit(self):
        """Give all that is asked within the block the time of one answer together."""
        if self.ends:  # A block around this one has set it.
            yield
            return
        self.wait(math.inf)
        self.ends = time.monotonic() + self.longest
        try:
            yield
        finally:
            self.ends = None

    def prepare(
        self, url: str, params, headers: dict[str, str] | None
    ) -> requests.PreparedRequest:
        """Make a request whose address is complete and percent-encoded."""
        headers = {**self.headers, **(headers or {})}
        return requests.Request("GET", url, headers, params=params).prepare()

    def ask_patiently(self, request):
        """Ask, and ask again for what may pass, as long as there is time."""
        for number in range(1, MOST_TRIES + 1):
            last = number == MOST_TRIES
            try:
                response = self.ask(request, number)
            except (requests.ConnectionError, requests.Timeout):
                if number > 1 or self.free_at > self.ends:
                    raise
                continue
            if response.status_code not in BUSY or last or self.free_at > self.ends:
                return response

    def ask(self, request, number):
        """Wait for our turn, and ask for the `number`th time.

        The delay counts from the moment the headers came, so that two requests can
        never reach a server closer together than promised.
        """
        self.close()
        self.wait(self.ends)
        connect, stall = self.timeout
        limits = Limits(self.ends, connect, stall, self.most_bytes, self.slowest)
        wait = self.delay
        try:
            self.response = exchange(request, limits, self.trusted)
            if self.response.status_code in BUSY:
                asked = asked_wait(self.response.headers.get("Retry-After", ""))
                wait = max(asked, self.delay * 2 ** (number - 1))
        finally:
            wait = min(max(wait, self.delay), max(LONGEST_WAIT, self.delay))
            self.free_at = time.monotonic() + wait
        return self.response

    def wait(self, ends) -> None:
        """Wait for our turn, but not past a time."""
        time.sleep(max(0.0, min(self.free_at, ends) - time.monotonic()))


def asked_wait(text: str):
    """Seconds that a Retry-After header asks for, as a number or a date; 0 if none."""
    if text.isdecimal():
        return float(text)
    try:
        return parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return 0.0


def redirect_target(response: requests.Response):
    """The address that a redirect leads to; InvalidURL when it is none."""
    # Servers send UTF-8, which http.client reads as Latin-1.
    place = response.headers["Location"].encode("latin-1", "replace")
    try:
        return urljoin(response.url, place.decode("utf-8", "replace"))
    except ValueError as error:
        raise requests.exceptions.InvalidURL("a redirect to no address") from error


def polite_session(
    delay: float = 1.0,
    timeout: tuple[float, float] = (10, 30),
    longest: float = 120.0,
    most_bytes: int = 20_000_000,
    slowest: float = math.inf,
    trusted: Iterable[str] = (),
) -> PoliteSession:
    """Make a PoliteSession, with a delay of SHORTEST_DELAY seconds at least.

    trusted is for a server of one's own, as tests have: only what the user names.
    """
    delay = max(SHORTEST_DELAY, delay)
    return PoliteSession(delay, timeout, longest, most_bytes, slowest, trusted)
