"""Proxies, certificates and networks that fail, each told in a sentence."""

import http.server
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest
import requests
from fake_museum import QuickServer, picture_bytes, sending, session_for

from artgan.gather.network import session as session_module
from artgan.gather.network.failures import NoConnection, NotPublic, is_refusal, reason
from artgan.gather.network.limits import LimitedSocket, Limits
from artgan.gather.network.session import polite_session
from artgan.gather.sources.cleveland import MUSEUM
from artgan.gather.sources.museum import search
from artgan.gather.sources.problems import SourceError

PATH = "/images/a.jpg"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def own_settings(monkeypatch):
    """No delays, and none of the proxies and certificates of whoever runs the tests."""
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)
    for name in (*VARIABLES, *map(str.upper, VARIABLES), *BUNDLES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def named(monkeypatch):
    """Let museum.example be a public address, where nobody may connect."""
    look_up = socket.getaddrinfo

    def look_up_ours(host, port, *more, **settings):
        place = "93.184.216.34" if host == "museum.example" else host
        return look_up(place, port, *more, **settings)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_ours)


def failure(url, **settings):
    """The error that asking for an address ends with."""
    with polite_session(0, **settings) as session:
        with pytest.raises(requests.RequestException) as caught:
            session.get(url)
    return caught.value


@pytest.mark.parametrize("host", ["museum.example", "known-to-the-proxy-only.invalid"])
def test_a_proxy_may_be_on_this_machine(museum, named, monkeypatch, host):
    monkeypatch.setenv("HTTP_PROXY", museum.url.replace("//", "//me:se%20cret@"))
    museum.answers[PATH] = sending(picture_bytes())
    with polite_session(0) as session, session.get(f"http://{host}{PATH}") as response:
        assert response.content == picture_bytes()
    headers = museum.requests[0].headers
    assert headers["Host"] == host
    assert headers["Proxy-Authorization"] == "Basic bWU6c2UgY3JldA=="


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost", "10.0.0.1", "[::1]"])
def test_nobody_here_is_asked_through_a_proxy(museum, monkeypatch, host):
    monkeypatch.setenv("HTTP_PROXY", museum.url)
    with polite_session(0) as session:
        with pytest.raises(NotPublic):
            session.get(f"http://{host}/")
    assert museum.requests == []


PROXIES = [
    ("socks5h://127.0.0.1:1080", "begins with socks5h://"),
    ("socks://127.0.0.1:1080", "begins with socks://"),
    ("https://127.0.0.1:1080", "begins with https://"),
    ("http://[", "the proxy is malformed"),
    ("http://a:b:c", "the proxy is malformed"),
    ("http://", "only http:// is understood"),
    ("http://nowhere.invalid:80", "the name of the proxy is not known"),
    ("127.0.0.1:9", "no connection to the server"),
]


@pytest.mark.parametrize(("proxy", "words"), PROXIES)
def test_a_proxy_that_cannot_be_used_is_told(named, monkeypatch, proxy, words):
    monkeypatch.setenv("HTTP_PROXY", proxy)
    error = failure("http://museum.example/")
    assert words in reason(error) and reason(error).startswith("no connection")
    assert is_refusal(error)


@pytest.mark.parametrize("variable", BUNDLES)
@pytest.mark.parametrize("content", [None, "no certificates"])
def test_certificates_that_cannot_be_read_are_told(
    museum, tmp_path, monkeypatch, variable, content
):
    if content:
        (tmp_path / "bundle.pem").write_text(content)
    monkeypatch.setenv(variable, str(tmp_path / "bundle.pem"))
    url = museum.url.replace("http:", "https:")
    error = failure(url, trusted=[url])
    assert re.search("the certificates in .*bundle.pem cannot be read", reason(error))
    with polite_session(0, trusted=[url]) as session:
        with pytest.raises(SourceError, match="Nothing was lost. Try again later"):
            search(MUSEUM, session, ["church"], url)


def test_every_kind_of_no_network_has_one_sentence(museum, monkeypatch):
    closed = "http://127.0.0.1:9"
    assert reason(failure(closed, trusted=[closed])) == "no connection to the server"
    for name in ("no-such-name.invalid", "x" * 70 + ".org", "a..b"):
        words = reason(failure(f"http://{name}/"))
        assert "its name is not known" in words or "malformed" in words
    secure = museum.url.replace("http:", "https:")
    error = failure(secure, trusted=[secure])
    assert "no secure connection came about" in reason(error)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine that signs itself, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("certificate")
    files = ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    name = ["-subj", "/CN=here", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*command, *files, *name], check=True, capture_output=True)
    return folder / "certificate.pem", folder / "key.pem"


@pytest.fixture
def secure(certificate):
    """A server that speaks TLS; its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with QuickServer("127.0.0.1", 0, ssl_context=context, threaded=True) as server:
        server.expect_request(PATH).respond_with_data(picture_bytes())
        yield server.url_for(PATH)


def test_a_certificate_must_be_trusted(secure, certificate, monkeypatch):
    error = failure(secure, trusted=[secure])
    assert "its certificate is not trusted" in reason(error)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with polite_session(0, trusted=[secure]) as session:
        assert session.get(secure).content == picture_bytes()


@contextmanager
def tunnel(status):
    """A proxy that answers CONNECT with a status, and then passes bytes on."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self):
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()
            if status == 200:
                host, _, port = self.path.rpartition(":")
                with socket.create_connection((host, int(port))) as other:
                    back = threading.Thread(target=copy, args=[other, self.connection])
                    back.start()
                    copy(self.connection, other)
                    back.join()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def copy(source, sink):
    """Pass bytes on until the end."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def test_tls_goes_through_a_tunnel(secure, certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    with tunnel(200) as (proxy, asked):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with polite_session(0, trusted=[secure]) as session:
            assert session.get(secure).content == picture_bytes()
    assert asked == [re.search("//(.*?)/", secure)[1]]


def test_a_tunnel_that_is_refused_is_told(secure, monkeypatch):
    with tunnel(407) as (proxy, _):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        error = failure(secure, trusted=[secure])
    assert isinstance(error, NoConnection)
    assert "the proxy refuses with HTTP 407" in reason(error)


def test_a_handshake_that_stalls_ends(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        began = time.monotonic()
        error = failure(url, trusted=[url], timeout=(5, 5), longest=0.3)
    assert reason(error) == "the server took too long"
    assert time.monotonic() - began < 2


def test_sending_ends_in_time():
    one, other = socket.socketpair()
    with one, other, pytest.raises((requests.ReadTimeout, TimeoutError)):
        limited = LimitedSocket(one, Limits(time.monotonic() + 0.2))
        limited.sendall(bytes(10_000_000))  # Nobody reads it.


def test_an_answer_that_is_not_http_is_told(museum):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        def greet():
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(b"SSH-2.0-OpenSSH\x1b[2J\r\n")

        threading.Thread(target=greet, daemon=True).start()
        assert reason(failure(url, trusted=[url])) == "no connection to the server"
    with session_for(museum) as session:
        assert session.get(museum.url + "/nothing").status_code == 404
