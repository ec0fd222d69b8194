"""What went wrong with a server, in a few words that a person can act on."""

import requests

from artgan.system.printing import printable

STATUS_REASONS = {
    401: "HTTP 401, the server wants a login",
    403: "HTTP 403, the server refuses",
    404: "HTTP 404, it is not there",
    410: "HTTP 410, it is gone",
    429: "HTTP 429, the server asks to go slower",
    500: "HTTP 500, the server failed or its hourly limit is spent",
    503: "HTTP 503, the server is busy",
}


class NoConnection(requests.ConnectionError):
    """No server was reached; the message says why, as in "its name is not known"."""


class NotPublic(requests.exceptions.InvalidURL):
    """An address of this computer or its network, which no server may send us to."""


class TooSlow(requests.ReadTimeout):
    """An exchange took longer in all than its limit."""


class TooLarge(requests.RequestException):
    """An answer had more bytes on the wire than its limit."""


# In this order: the first that fits.
KINDS = (
    (
        requests.TooManyRedirects,
        "the server sends from one address to the next without end",
    ),
    (NotPublic, "it points to this computer or its network, which is never asked"),
    (requests.Timeout, "the server took too long"),
    (requests.ConnectionError, "no connection to the server"),
    (requests.exceptions.ChunkedEncodingError, "the connection broke off"),
)


def reason(error: Exception):
    """Say why a request or a picture failed, with the same words for the same kind.

    error: a `requests.RequestException` or ValueError.
    """
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status:
        return STATUS_REASONS.get(status, f"HTTP {status}")
    if isinstance(error, NoConnection):
        return printable(f"no connection to the server: {error}")
    if isinstance(error, TooLarge) or type(error) is ValueError:
        return printable(str(error))
    for kind, words in KINDS:
        if isinstance(error, kind):
            return words
    return f"the address or the answer is malformed ({type(error).__name__})"


def is_refusal(error: Exception):
    """Tell whether a failure is of the server or the network, not of one picture."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status:
        return status in (401, 403, 429) or status >= 500
    return isinstance(error, (requests.ConnectionError, requests.Timeout))
