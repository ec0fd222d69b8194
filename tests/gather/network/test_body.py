"""Answers that are packed, endless or torn, and how much of them is taken."""

import gzip
import tracemalloc
import zlib
from contextlib import contextmanager

import pytest
import requests
from fake_museum import on_the_wire, picture_bytes, sending, session_for
from werkzeug import Response

from artgan.gather.network import session as session_module
from artgan.gather.network.failures import TooLarge, reason
from artgan.gather.network.web import limited_chunks
from artgan.gather.sources.picture import download_picture

PATH = "/images/a.jpg"
LIMIT = 1_000_000
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def session(museum, monkeypatch):
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)
    with session_for(museum, most_bytes=LIMIT, longest=20) as session:
        yield session


@contextmanager
def little_memory(megabytes):
    """Fail when the block holds more than so much memory at once."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < megabytes * 1e6, f"{peak / 1e6:.0f} MB"


def endless(piece):
    """Make pieces for a gigabyte."""
    return lambda: (piece for _ in range(10**9 // len(piece)))


def packed(body, *codings):
    """Make a handler that sends bytes and says how they are packed."""

    def answer(request):
        response = Response(body)
        for coding in codings:
            response.headers.add("Content-Encoding", coding)
        return response

    return answer


def read(session, museum):
    with session.get(museum.url + PATH) as response:
        return b"".join(limited_chunks(response, LIMIT))


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)],
)
def test_what_is_packed_once_is_unpacked(museum, session, coding, pack):
    museum.answers[PATH] = packed(pack(picture_bytes()), coding)
    assert read(session, museum) == picture_bytes()
    assert museum.requests[0].headers["Accept-Encoding"] == "identity"


def test_what_is_packed_and_cut_is_an_error(museum, session):
    museum.answers[PATH] = packed(gzip.compress(picture_bytes())[:-20], "gzip")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        read(session, museum)


BOMB = gzip.compress(bytes(500_000_000), 9)


@pytest.mark.parametrize(
    "codings",
    [["gzip, gzip"], ["gzip", "gzip"], [", ".join(100 * ["gzip"])], ["br"], ["zstd"]],
)
def test_what_is_packed_in_another_way_is_refused_unread(museum, session, codings):
    museum.answers[PATH] = packed(gzip.compress(BOMB), *codings)
    with little_memory(20), pytest.raises(requests.exceptions.ContentDecodingError):
        read(session, museum)


def test_a_bomb_unpacks_to_the_limit_only(museum, session, tmp_path):
    museum.answers[PATH] = packed(BOMB, "gzip")
    with little_memory(20), pytest.raises(ValueError, match="larger than 1,000,000"):
        read(session, museum)
    with little_memory(20), pytest.raises(ValueError, match="larger than 9,999"):
        download_picture(session, museum.url + PATH, tmp_path / "a.jpg", 9_999)


@pytest.mark.parametrize(
    "pieces",
    [
        endless(b"x" * 65536),
        lambda: [CHUNKED, *endless(b"0" * 65536)()],
        lambda: [CHUNKED, *endless(b"1;" + b"x" * 60000 + b"\r\nx\r\n")()],
        lambda: [CHUNKED, b"0\r\n", *endless(b"X: " + b"x" * 60000 + b"\r\n")()],
        lambda: [b"HTTP/1.1 200 OK\r\nX: ", *endless(b"x" * 65536)()],
        lambda: [b"HTTP/1.1 200 OK\r\n", *endless(b"X: x\r\n" * 9000)()],
        endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 3000),
        lambda: [CHUNKED, b"f" * 30 + b"\r\n", *endless(b"x" * 65536)()],
        lambda: [b"HTTP/1.0 200 OK\r\n\r\n", *endless(b"x" * 65536)()],
    ],
    ids=[
        "status line",
        "chunk line",
        "chunk extensions",
        "trailers",
        "header line",
        "headers",
        "interim answers",
        "chunk",
        "body",
    ],
)
def test_nothing_on_the_wire_is_endless(museum, session, pieces):
    sent = []

    def counted():
        for piece in pieces():
            sent.append(len(piece))
            yield piece

    museum.answers[PATH] = on_the_wire(counted)
    with little_memory(20), pytest.raises((requests.RequestException, ValueError)):
        read(session, museum)
    # A connection holds some megabytes that nobody has read.
    assert sum(sent) / len(museum.requests) < 16_000_000


def test_framing_counts_as_bytes_on_the_wire(museum, session):
    frames = b"1;" + b"x" * 60_000 + b"\r\nx\r\n"
    museum.answers[PATH] = on_the_wire(lambda: [CHUNKED, *endless(frames)()])
    with pytest.raises(TooLarge) as caught:
        read(session, museum)
    assert reason(caught.value) == "larger than 1,000,000 bytes"


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "many", ""])
def test_an_absurd_length_does_no_harm(museum, session, length):
    head = f"HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n".encode()
    museum.answers[PATH] = on_the_wire(lambda: [head, picture_bytes()])
    assert read(session, museum) == picture_bytes()


def test_a_connection_is_closed_when_the_next_begins(museum, session):
    museum.answers[PATH] = sending(picture_bytes())
    first = session.get(museum.url + PATH)
    session.get(museum.url + PATH)
    assert first.raw.connection.fileno() == -1
