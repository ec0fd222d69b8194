"""A `requests.Session` that is polite to servers and cannot be held up by them."""

import time

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

from artgan import __version__
from artgan.gather.sources.alarm import Alarm, watched_pools

SHORTEST_DELAY = 0.2  # Seconds; WikiArt's own limit is 10 requests in 2.5 s.
LONGEST_WAIT = 60.0  # Seconds; longer waits that a server asks for end here.


class PoliteRetry(Retry):
    """urllib3's retries, never sooner than `delay` nor later than LONGEST_WAIT."""

    delay = SHORTEST_DELAY

    def new(self, **changes):
        """Copy, as urllib3 does before each try."""
        copy = super().new(**changes)
        copy.delay = self.delay
        return copy

    def within_limits(self, seconds):
        """Keep a waiting time between `delay` and LONGEST_WAIT."""
        return min(max(seconds, self.delay), max(LONGEST_WAIT, self.delay))

    def get_retry_after(self, response):
        """Seconds that the server asks for, or None."""
        try:
            seconds = super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None
        return None if seconds is None else self.within_limits(seconds)

    def get_backoff_time(self):
        """Seconds to wait where the server does not say."""
        return self.within_limits(super().get_backoff_time())


def polite_retry(delay):
    """Retry what may pass: three times a status, twice a connection, once a stall."""
    retry = PoliteRetry(
        total=4,
        connect=2,
        read=1,
        status=3,
        other=1,
        backoff_factor=delay,
        status_forcelist=(429, 500, 502, 503, 504),
        respect_retry_after_header=True,
        raise_on_status=False,
    )
    retry.delay = delay
    return retry


class PoliteAdapter(HTTPAdapter):
    """Sends one request at a time, `delay` seconds apart, each with time limits."""

    def __init__(self, delay, timeout, longest):
        self.delay, self.timeout = delay, timeout
        self.alarm = Alarm(longest)
        self.free_at = 0.0
        super().__init__(max_retries=polite_retry(delay))

    def init_poolmanager(self, *arguments, **settings):
        """Make the connections that the alarm watches."""
        super().init_poolmanager(*arguments, **settings)
        self.poolmanager.pool_classes_by_scheme = watched_pools(self.alarm)

    def proxy_manager_for(self, *arguments, **settings):
        """Make the same connections through a proxy."""
        manager = super().proxy_manager_for(*arguments, **settings)
        manager.pool_classes_by_scheme = watched_pools(self.alarm)
        return manager

    def send(self, request, stream=False, timeout=None, **settings):
        """Wait for our turn, send, and return an answer that ends in time.

        The delay counts from the moment the headers came, so that two requests can
        never reach the server closer together than promised.
        """
        self.alarm.stop()
        time.sleep(max(0.0, self.free_at - time.monotonic()))
        wait = self.delay
        try:
            response = super().send(request, stream, self.timeout, **settings)
            # The last try was told to wait too, and that is meant for all that follows.
            if response.status_code in (429, 503):
                wait = self.max_retries.get_retry_after(response.raw) or wait
        except requests.ConnectionError as error:
            self.raise_if_late(request, error)
            raise
        finally:
            self.free_at = time.monotonic() + wait
        response.iter_content = self.watched_chunks(response)
        return response

    def watched_chunks(self, response):
        """Wrap `iter_content`: nothing of a redirect, and no body past the alarm."""
        original = response.iter_content

        def iter_content(*arguments, **settings):
            if response.is_redirect:
                response.raw.close()
                return
            try:
                yield from original(*arguments, **settings)
            except requests.RequestException as error:
                self.raise_if_late(response.request, error)
                raise
            finally:
                self.alarm.stop()
            self.raise_if_late(response.request)

        return iter_content

    def raise_if_late(self, request, error=None):
        """Raise `requests.ReadTimeout` if the alarm ended the exchange."""
        if self.alarm.rang:
            text = f"timed out after {self.alarm.seconds:g} s in all"
            raise requests.ReadTimeout(text, request=request) from error

    def close(self):
        """Close the connections and the alarm."""
        self.alarm.stop()
        super().close()


def polite_session(delay=1.0, timeout=(10, 30), longest=120.0):
    """Make a session for one server at a time.

    delay: seconds between any two requests, 0.2 at least. timeout: seconds to connect
    and to wait for the next byte. longest: seconds that one answer may take in all.
    """
    session = requests.Session()
    session.headers["User-Agent"] = (
        f"artgan/{__version__} (educational; one connection)"
    )
    session.max_redirects = 5
    adapter = PoliteAdapter(max(SHORTEST_DELAY, delay), timeout, longest)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
