"""Manners: who asks, how often, how long, and what is not believed."""

import time

import pytest
import requests
from fake_museum import first_then, reset_after, sending, status
from werkzeug import Response

from artgan.gather import session as session_module
from artgan.gather.session import PoliteSession, ask, reason

PATH = "/images/a.jpg"


@pytest.fixture
def hurried(monkeypatch):
    """Sessions without a shortest delay, for tests that are not about it."""
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)


def gaps(museum):
    times = [request.time for request in museum.requests]
    return [later - sooner for sooner, later in zip(times, times[1:], strict=False)]


def refused(museum, path=PATH, **limits):
    """The reason why an address cannot be had."""
    with PoliteSession(0) as session:
        vars(session).update(limits)
        with pytest.raises((requests.RequestException, ValueError)) as caught:
            ask(session, museum.url + path)
    return reason(caught.value)


def test_says_who_asks_and_keeps_no_cookies(museum, hurried):
    museum.answers[PATH] = sending(b"picture", Set_Cookie="id=7")
    with PoliteSession(0) as session:
        for _ in range(2):
            assert ask(session, museum.url + PATH).content == b"picture"
    agent = museum.requests[0].headers["User-Agent"]
    assert agent.startswith("artgan/") and "educational" in agent
    assert "Cookie" not in museum.requests[1].headers


@pytest.mark.parametrize("delay", [-1, 0, float("nan"), 0.3])
def test_asks_no_faster_than_promised(museum, delay):
    museum.answers[PATH] = lambda request: Response(
        status=302, headers={"Location": "/b"}
    )
    museum.answers["/b"] = sending(b"picture")
    with PoliteSession(delay) as session:
        for _ in range(2):
            assert ask(session, museum.url + PATH).content == b"picture"
    assert museum.paths() == [PATH, "/b", PATH, "/b"]
    assert min(gaps(museum)) >= (0.3 if delay == 0.3 else 0.2)


def test_asks_once_a_second_unless_told_otherwise(museum):
    museum.answers[PATH] = sending(b"picture")
    for session in PoliteSession(), requests.Session():  # the notebook has a plain one
        with session:
            began = time.monotonic()
            ask(session, museum.url + PATH)
            assert time.monotonic() - began >= 1


@pytest.mark.parametrize(("code", "seconds"), [(429, 1), (500, 0), (503, 0)])
def test_a_busy_server_is_asked_again_when_it_said(museum, hurried, code, seconds):
    busy = status(code, Retry_After=seconds)
    museum.answers[PATH] = first_then(busy, 1, sending(b"ok"))
    with PoliteSession(0) as session:
        assert ask(session, museum.url + PATH).content == b"ok"
    assert gaps(museum)[0] >= seconds


def test_a_server_that_stays_busy_is_given_longer_pauses(museum, monkeypatch):
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.03)
    museum.answers[PATH] = status(503, Retry_After="soon")
    assert refused(museum) == "HTTP 503 SERVICE UNAVAILABLE"
    first, second = gaps(museum)
    assert first >= 0.15 and second >= 0.9


def test_no_wait_is_longer_than_a_minute(museum, hurried, monkeypatch):
    waits = []
    monkeypatch.setattr("time.sleep", waits.append)
    museum.answers[PATH] = status(429, Retry_After="9" * 99)
    assert refused(museum) == "HTTP 429 TOO MANY REQUESTS"
    assert max(waits) == 60


LOOP = Response(status=302, headers={"Location": PATH})


@pytest.mark.parametrize(
    ("handler", "words", "requests_made"),
    [
        (status(404), "HTTP 404 NOT FOUND", 1),
        (status(403), "HTTP 403 FORBIDDEN", 1),
        (status(418), "HTTP 418 I'M A TEAPOT", 1),
        (lambda request: LOOP, "the server sends from one address to the next", 6),
        (sending(bytes(300_000)), "larger than 200,000 bytes", 1),
        (sending(b"short", Content_Length=60_000), "the connection broke off", 1),
        (reset_after(bytes(100_000)), "the connection broke off", 1),
    ],
)
def test_an_unusable_answer_has_its_reason(
    museum, hurried, handler, words, requests_made
):
    museum.answers[PATH] = handler
    assert refused(museum, most_bytes=200_000) == words
    assert len(museum.requests) == requests_made


def test_an_answer_without_end_ends(museum, hurried):
    def drops():
        for _ in range(1_000):
            yield bytes(2_000)
            time.sleep(0.02)

    museum.answers[PATH] = lambda request: Response(drops())
    began = time.monotonic()
    assert refused(museum, longest=0.2) == "the server took too long"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://[", "no address"])
def test_what_is_no_address_is_never_asked(museum, hurried, address):
    museum.url = ""
    assert refused(museum, address) and not museum.requests


def test_without_a_network_it_says_so(museum, hurried):
    museum.url = "http://127.0.0.1:9"  # where nothing answers
    assert refused(museum) == "no connection to the server"


def test_a_proxy_of_the_user_is_asked(museum, hurried, monkeypatch):
    monkeypatch.setenv("http_proxy", museum.url)
    monkeypatch.delenv("no_proxy", raising=False)
    museum.answers["/a.jpg"] = sending(b"by proxy")
    with PoliteSession(0) as session:
        assert ask(session, "http://museum.example/a.jpg").content == b"by proxy"
