"""The proxy that the user has set, by HTTPS_PROXY or in the system's settings."""

import base64
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from requests.utils import get_environ_proxies, select_proxy

from artgan.gather.network.failures import NoConnection


@dataclass(frozen=True)
class Proxy:
    """Where a proxy listens, and the headers that it wants."""

    host: str
    port: int
    headers: dict = field(default_factory=dict)


def find_proxy(url: str):
    """The proxy for an address, or None; NoConnection when it cannot be used."""
    text = select_proxy(url, get_environ_proxies(url))
    if not text:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        proxy = Proxy(parts.hostname or "", parts.port or 80, authorization(parts))
    except ValueError:
        raise NoConnection("the address of the proxy is malformed") from None
    if parts.scheme != "http" or not proxy.host:
        raise NoConnection(
            f"the proxy begins with {parts.scheme}://, and only http:// is understood"
        )
    return proxy


def authorization(parts):
    """The header with the name and password of a proxy's address, {} without a name."""
    if not parts.username:
        return {}
    words = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    code = base64.b64encode(words.encode()).decode()
    return {"Proxy-Authorization": f"Basic {code}"}
