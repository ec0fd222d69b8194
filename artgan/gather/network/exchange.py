"""One request and its answer, over a connection of its own.

It is written on `http.client`, which bounds the lines of headers and of chunked framing
and unpacks nothing, and on sockets, so that each wait has its limit.
"""

import http.client
import os
import socket
import ssl
from collections.abc import Container
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.utils import urldefragauth

from artgan.gather.network.addresses import resolve, resolve_public
from artgan.gather.network.body import Body
from artgan.gather.network.failures import NoConnection
from artgan.gather.network.limits import LimitedSocket
from artgan.gather.network.proxy import find_proxy

PORTS = {"http": 80, "https": 443}


@contextmanager
def network_errors():
    """Turn errors of sockets, TLS and http.client into `requests.RequestException`s."""
    try:
        yield
    except requests.RequestException:
        raise  # It is an OSError too.
    except TimeoutError as error:
        raise requests.ReadTimeout("timed out") from error
    except ssl.SSLCertVerificationError as error:
        raise NoConnection("its certificate is not trusted") from error
    except ssl.SSLError as error:
        raise NoConnection("no secure connection came about") from error
    except (OSError, http.client.HTTPException) as error:
        raise requests.ConnectionError(str(error)) from error


def origin(url: str):
    """The (host, port) of an http address; InvalidSchema for any other."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise requests.exceptions.InvalidSchema(f"{parts.scheme}: is no http address")
    return parts.hostname, parts.port or PORTS[parts.scheme]


def exchange(request, limits, trusted: Container[tuple[str, int]] = ()):
    """Send a `requests.PreparedRequest`; return a `requests.Response` to be read.

    trusted: the (host, port) that may be asked although they are not public. Raises
    NotPublic, or another `requests.RequestException` when no answer came.
    """
    with network_errors():
        connection, target, extra = connect(request, limits, trusted)
        try:
            headers = {**request.headers, **extra, "Connection": "close"}
            answer = send(connection, limits, request.method, target, headers)
        except BaseException:
            connection.close()
            raise
    response = requests.Response()
    response.request, response.url = request, request.url
    response.status_code, response.reason = answer.status, answer.reason
    response.headers.update(answer.headers.items())
    response.raw = Body(answer, connection)
    return response


def send(connection, limits, method: str, target: str, headers: dict[str, str]):
    """Send a request over an open connection; return what `http.client` answers."""
    client = http.client.HTTPConnection("")
    client.sock = LimitedSocket(connection, limits)
    client.request(method, target, headers=headers)
    return client.getresponse()


def connect(request, limits, trusted: Container[tuple[str, int]]):
    """Open a connection: (socket, what to ask for on it, headers that it needs)."""
    url = request.url
    (host, port), parts, proxy = origin(url), urlsplit(url), find_proxy(url)
    target, headers = request.path_url, {"Host": parts.netloc.rpartition("@")[2]}
    connection = open_socket(places_of(host, port, trusted, proxy), limits)
    try:
        if proxy and parts.scheme == "http":
            target, headers = urldefragauth(url), {**headers, **proxy.headers}
        elif proxy:
            open_tunnel(connection, limits, host, port, proxy)
        if parts.scheme == "https":
            connection.settimeout(limits.seconds(limits.connect))
            context = tls_context(certificates())
            connection = context.wrap_socket(connection, server_hostname=host)
    except BaseException:
        connection.close()
        raise
    return connection, target, headers


def places_of(host: str, port: int, trusted: Container[tuple[str, int]], proxy):
    """Where to connect to for a host, checked: a list of (family, socket address)."""
    look_up = resolve if (host, port) in trusted else resolve_public
    try:
        places = look_up(host, port)
    except NoConnection:
        if not proxy:  # A name may be known to the proxy only.
            raise
    return resolve_proxy(proxy) if proxy else places


def resolve_proxy(proxy):
    """Where the proxy listens: the user chose it, so it may be anywhere."""
    try:
        return resolve(proxy.host, proxy.port)
    except NoConnection as error:
        raise NoConnection("the name of the proxy is not known") from error


def open_socket(places, limits):
    """Connect to the first place, a (family, socket address), that answers."""
    for family, place in places:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(limits.seconds(limits.connect))
            connection.connect(place)
            return connection
        except OSError as error:
            connection.close()
            problem = error
    raise problem


def open_tunnel(connection, limits, host: str, port: int, proxy) -> None:
    """Have a proxy connect us to a host, for TLS with that."""
    name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    headers = {"Host": name, **proxy.headers}
    answer = send(connection, limits, "CONNECT", name, headers)
    if answer.status != 200:
        raise NoConnection(f"the proxy refuses with HTTP {answer.status}")


def certificates() -> str:
    """Where the trusted certificates are: the user's, else those of requests."""
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    chosen = [os.environ[name] for name in names if os.environ.get(name)]
    return chosen[0] if chosen else requests.utils.DEFAULT_CA_BUNDLE_PATH


@lru_cache
def tls_context(path: str) -> ssl.SSLContext:
    """What TLS needs to know; NoConnection when the certificates cannot be read."""
    place: dict[str, Any] = {"capath" if os.path.isdir(path) else "cafile": path}
    try:
        return ssl.create_default_context(**place)
    except OSError as error:
        text = f"the certificates in {path} cannot be read"
        raise NoConnection(text) from error
