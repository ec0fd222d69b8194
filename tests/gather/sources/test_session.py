import threading
import time

import pytest
import requests
from fake_museum import (
    dripping,
    first_then,
    html_page,
    reset_after,
    sending,
    status,
)
from werkzeug import Response

from artgan.gather.sources import session as session_module
from artgan.gather.sources.session import polite_session

PATH = "/images/a.jpg"


@pytest.fixture
def hurried(monkeypatch):
    """Sessions without a shortest delay, for tests that are not about it."""
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)


def get(session, url):
    with session.get(url, stream=True) as response:
        return response.status_code, b"".join(response.iter_content(65536))


def gaps(museum):
    times = [request.time for request in museum.requests]
    return [later - sooner for sooner, later in zip(times, times[1:], strict=False)]


def test_says_who_asks(museum):
    museum.answers[PATH] = sending(b"picture")
    with polite_session() as session:
        assert get(session, museum.url + PATH) == (200, b"picture")
    agent = museum.requests[0].headers["User-Agent"]
    assert agent.startswith("artgan/") and "educational; one connection" in agent


@pytest.mark.parametrize("asked", [-1, 0, 0.01, float("nan")])
def test_never_faster_than_the_shortest_delay(museum, asked):
    museum.answers[PATH] = sending(b"picture")
    with polite_session(delay=asked) as session:
        for _ in range(3):
            get(session, museum.url + PATH)
    assert min(gaps(museum)) >= 0.2


def test_retries_and_redirects_keep_the_delay(museum):
    redirect = Response(status=302, headers={"Location": "/b"})
    museum.answers[PATH] = lambda request: redirect
    museum.answers["/b"] = first_then(status(500), 2, sending(b"picture"))
    with polite_session(delay=0.25) as session:
        assert get(session, museum.url + PATH) == (200, b"picture")
    assert museum.paths() == [PATH, "/b", "/b", "/b"]
    assert min(gaps(museum)) >= 0.25


def test_retry_after_is_obeyed(museum, hurried):
    museum.answers[PATH] = first_then(status(429, Retry_After=1), 1, sending(b"ok"))
    with polite_session(delay=0) as session:
        assert get(session, museum.url + PATH) == (200, b"ok")
    assert gaps(museum)[0] >= 1.0


def test_what_follows_waits_as_long_as_the_last_answer_asked(
    museum, hurried, monkeypatch
):
    monkeypatch.setattr(session_module, "LONGEST_WAIT", 0.3)
    museum.answers[PATH] = status(429, Retry_After=1)
    museum.answers["/b"] = sending(b"another")
    with polite_session(delay=0) as session:
        assert get(session, museum.url + PATH)[0] == 429
        assert get(session, museum.url + "/b") == (200, b"another")
    assert museum.paths() == [PATH] * 4 + ["/b"]
    assert min(gaps(museum)) >= 0.3


@pytest.mark.parametrize(
    "value",
    [
        "99999999999",
        "9" * 5000,
        "Fri, 01 Jan 2100 00:00:00 GMT",
        "Fri, 01 Jan 99999999 00:00:00 GMT",
        "soon",
        "-5",
        "",
    ],
)
def test_an_absurd_retry_after_ends(museum, hurried, monkeypatch, value):
    monkeypatch.setattr(session_module, "LONGEST_WAIT", 0.05)
    museum.answers[PATH] = status(429, Retry_After=value)
    with polite_session(delay=0) as session:
        assert get(session, museum.url + PATH)[0] == 429
    assert len(museum.requests) == 4


def test_a_refusal_is_not_asked_again(museum, hurried):
    museum.answers[PATH] = status(403)
    with polite_session(delay=0) as session:
        assert get(session, museum.url + PATH)[0] == 403
    assert len(museum.requests) == 1


def test_a_stall_ends(museum, hurried):
    released = threading.Event()
    museum.answers[PATH] = lambda request: released.wait(10) and html_page(request)
    with polite_session(delay=0, timeout=(1, 0.2)) as session:
        with pytest.raises(requests.ConnectionError, match="timed out"):
            get(session, museum.url + PATH)
    released.set()
    assert len(museum.requests) == 2


@pytest.mark.parametrize("length", [100_000, None])
def test_a_slow_drip_ends(museum, hurried, length):
    museum.answers[PATH] = dripping(length=length)
    with polite_session(delay=0, longest=0.3) as session:
        with pytest.raises(requests.ReadTimeout, match="in all"):
            get(session, museum.url + PATH)
        museum.answers[PATH] = sending(b"next")
        assert get(session, museum.url + PATH) == (200, b"next")


def test_a_slow_drip_of_headers_ends(museum, hurried):
    def answer(request):
        wire = request.environ["werkzeug.socket"]
        wire.sendall(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        try:
            for _ in range(200):
                wire.sendall(b"x")
                time.sleep(0.05)
        except OSError:
            pass
        raise ConnectionResetError

    museum.answers[PATH] = answer
    with polite_session(delay=0, longest=0.3) as session:
        with pytest.raises(requests.ReadTimeout, match="in all"):
            get(session, museum.url + PATH)


def test_the_alarm_does_not_touch_what_comes_after(museum, hurried):
    museum.answers[PATH] = sending(b"picture")
    with polite_session(delay=0, longest=0.15) as session:
        get(session, museum.url + PATH)
        time.sleep(0.3)
        assert get(session, museum.url + PATH) == (200, b"picture")


def test_a_reset_and_a_short_body_are_errors(museum, hurried):
    with polite_session(delay=0) as session:
        for handler in (reset_after(b"x" * 500_000), sending(b"abc", length=10)):
            museum.answers[PATH] = handler
            with pytest.raises(requests.exceptions.ChunkedEncodingError):
                get(session, museum.url + PATH)


def test_the_body_of_a_redirect_is_not_read(museum, hurried):
    def endless(request):
        headers = {"Location": "/b"}
        return Response((b"x" * 65536 for _ in iter(int, 1)), 302, headers)

    museum.answers[PATH] = endless
    museum.answers["/b"] = sending(b"picture")
    with polite_session(delay=0) as session:
        assert get(session, museum.url + PATH) == (200, b"picture")


def test_only_web_addresses_are_opened(tmp_path, hurried):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    with polite_session(delay=0) as session:
        for address in (secret.as_uri(), "javascript:alert(1)", "no address", ""):
            with pytest.raises((requests.RequestException, ValueError)):
                get(session, address)
