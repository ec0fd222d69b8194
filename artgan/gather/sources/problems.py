"""What went wrong with a server, in a few words that a person can act on."""

import requests

from artgan.system.errors import ArtganError

STATUS_REASONS = {
    401: "HTTP 401, the server wants a login",
    403: "HTTP 403, the server refuses",
    404: "HTTP 404, it is not there",
    410: "HTTP 410, it is gone",
    429: "HTTP 429, the server asks to go slower",
    500: "HTTP 500, the server failed or its hourly limit is spent",
    503: "HTTP 503, the server is busy",
}


class SourceError(ArtganError):
    """A source of pictures gave nothing that can be used."""


def reason(error):
    """Say why a request or a picture failed, with the same words for the same kind.

    error: a `requests.RequestException`, urllib3 error or ValueError.
    """
    if isinstance(error, requests.TooManyRedirects):
        return "the server sends from one address to the next without end"
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status:
        return STATUS_REASONS.get(status, f"HTTP {status}")
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return "the server took too long"
    if isinstance(error, requests.exceptions.SSLError):
        return "the server's certificate is not trusted"
    if isinstance(error, requests.ConnectionError):
        return "no connection to the server"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off"
    if type(error) is ValueError:
        return str(error)
    return f"the address or the answer is malformed ({type(error).__name__})"


def is_refusal(error):
    """Tell whether a failure is of the server or the network, not of one picture."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status:
        return status in (401, 403, 429) or status >= 500
    return isinstance(error, (requests.ConnectionError, requests.Timeout))
