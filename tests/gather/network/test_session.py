import threading
import time

import pytest
import requests
from fake_museum import (
    dripping,
    first_then,
    html_page,
    on_the_wire,
    reset_after,
    sending,
    session_for,
    status,
)
from werkzeug import Response

from artgan.gather.network import session as session_module
from artgan.gather.network.failures import reason

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
    with session_for(museum, 1) as session:
        assert get(session, museum.url + PATH) == (200, b"picture")
    agent = museum.requests[0].headers["User-Agent"]
    assert agent.startswith("artgan/") and "educational; one connection" in agent


@pytest.mark.parametrize("asked", [-1, 0, 0.01, float("nan")])
def test_never_faster_than_the_shortest_delay(museum, asked):
    museum.answers[PATH] = sending(b"picture")
    with session_for(museum, delay=asked) as session:
        for _ in range(3):
            get(session, museum.url + PATH)
    assert min(gaps(museum)) >= 0.2


def test_retries_and_redirects_keep_the_delay(museum):
    redirect = Response(status=302, headers={"Location": "/b"})
    museum.answers[PATH] = lambda request: redirect
    museum.answers["/b"] = first_then(status(500), 2, sending(b"picture"))
    with session_for(museum, delay=0.25) as session:
        assert get(session, museum.url + PATH) == (200, b"picture")
    assert museum.paths() == [PATH, "/b", "/b", "/b"]
    assert min(gaps(museum)) >= 0.25


def test_retry_after_is_obeyed(museum, hurried):
    museum.answers[PATH] = first_then(status(429, Retry_After=1), 1, sending(b"ok"))
    with session_for(museum, delay=0) as session:
        assert get(session, museum.url + PATH) == (200, b"ok")
    assert gaps(museum)[0] >= 1.0


def test_what_follows_waits_as_long_as_the_last_answer_asked(
    museum, hurried, monkeypatch
):
    monkeypatch.setattr(session_module, "LONGEST_WAIT", 0.3)
    museum.answers[PATH] = status(429, Retry_After=1)
    museum.answers["/b"] = sending(b"another")
    with session_for(museum, delay=0) as session:
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
    with session_for(museum, delay=0) as session:
        assert get(session, museum.url + PATH)[0] == 429
    assert len(museum.requests) == 4


def test_a_refusal_is_not_asked_again(museum, hurried):
    museum.answers[PATH] = status(403)
    with session_for(museum, delay=0) as session:
        assert get(session, museum.url + PATH)[0] == 403
    assert len(museum.requests) == 1


def test_a_stall_ends(museum, hurried):
    released = threading.Event()
    museum.answers[PATH] = lambda request: released.wait(10) and html_page(request)
    with session_for(museum, delay=0, timeout=(1, 0.2)) as session:
        with pytest.raises(requests.ReadTimeout, match="timed out"):
            get(session, museum.url + PATH)
    released.set()
    assert len(museum.requests) == 2


@pytest.mark.parametrize("length", [100_000, None])
def test_a_slow_drip_ends(museum, hurried, length):
    museum.answers[PATH] = dripping(length=length)
    with session_for(museum, delay=0, longest=0.3) as session:
        with pytest.raises(requests.ReadTimeout, match="in all"):
            get(session, museum.url + PATH)
        museum.answers[PATH] = sending(b"next")
        assert get(session, museum.url + PATH) == (200, b"next")


def slow_bytes(*parts):
    """Yield the bytes of some parts one by one, the last part again and again."""
    for part in (*parts[:-1], *(200 * [parts[-1]])):
        yield from (part[i : i + 1] for i in range(len(part)))


@pytest.mark.parametrize(
    "parts",
    [
        [b"HTTP/1.0 "],
        [b"HTTP/1.0 200 OK\r\nX-Slow: ", b"x"],
        [b"HTTP/1.1 100 Continue\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"],
    ],
    ids=["status line", "header", "interim answers", "chunk line"],
)
def test_an_answer_that_comes_byte_by_byte_ends(museum, hurried, parts):
    museum.answers[PATH] = on_the_wire(lambda: slow_bytes(*parts), pause=0.02)
    began = time.monotonic()
    with session_for(museum, longest=0.3) as session:
        with pytest.raises(requests.ReadTimeout, match="in all"):
            get(session, museum.url + PATH)
    assert time.monotonic() - began < 2
    assert len(museum.requests) == 1


def test_a_silence_ends_when_the_whole_must(museum, hurried):
    released = threading.Event()
    museum.answers[PATH] = lambda request: released.wait(3) and html_page(request)
    began = time.monotonic()
    with session_for(museum, timeout=(9, 9), longest=0.3) as session:
        with pytest.raises(requests.ReadTimeout, match="in all"):
            get(session, museum.url + PATH)
    assert time.monotonic() - began < 1.5
    released.set()


def test_slow_redirects_have_one_limit_together(museum, hurried):
    def redirect(request):
        time.sleep(0.2)
        return Response(status=302, headers={"Location": request.path + "x"})

    for number in range(6):
        museum.answers[PATH + number * "x"] = redirect
    began = time.monotonic()
    with session_for(museum, longest=0.5) as session:
        with pytest.raises(requests.ReadTimeout):
            get(session, museum.url + PATH)
    assert time.monotonic() - began < 0.9


def test_a_block_of_requests_has_one_limit_together(museum, hurried):
    museum.answers[PATH] = dripping()
    began = time.monotonic()
    with session_for(museum, longest=0.4) as session, session.one_limit():
        for _ in range(3):
            with pytest.raises(requests.ReadTimeout):
                get(session, museum.url + PATH)
    assert time.monotonic() - began < 0.8


def test_a_wait_that_would_pass_the_limit_is_not_begun(museum, hurried):
    museum.answers[PATH] = status(503, Retry_After=30)
    with session_for(museum, longest=0.5) as session:
        assert get(session, museum.url + PATH)[0] == 503
        assert session.free_at > time.monotonic() + 25
    assert len(museum.requests) == 1


def test_redirects_end(museum, hurried):
    museum.answers[PATH] = lambda request: Response("", 302, {"Location": PATH})
    with session_for(museum) as session:
        with pytest.raises(requests.TooManyRedirects):
            get(session, museum.url + PATH)
    assert len(museum.requests) == 1 + session_module.MOST_REDIRECTS


def test_no_cookie_is_kept(museum, hurried):
    def answer(request):
        number = len(museum.requests)
        headers = {"Set-Cookie": f"c{number}={'x' * 4000}; Path=/"}
        if number < 3:
            headers["Location"] = PATH
        return Response("ok", 302 if number < 3 else 200, headers)

    museum.answers[PATH] = answer
    with session_for(museum) as session:
        for _ in range(3):
            get(session, museum.url + PATH)
    assert len(museum.requests) == 5
    assert not any("Cookie" in request.headers for request in museum.requests)


def test_no_password_is_taken_along(museum, hurried, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    museum.answers[PATH] = sending(b"ok")
    with session_for(museum) as session:
        get(session, museum.url + PATH)
    assert "Authorization" not in museum.requests[0].headers


@pytest.mark.parametrize("place", ["http://[", "http://a b/", "ftp://a.org/"])
def test_a_redirect_to_no_address_is_an_error(museum, hurried, place):
    head = f"HTTP/1.0 302 Found\r\nLocation: {place}\r\n\r\n".encode()
    museum.answers[PATH] = on_the_wire(lambda: [head])
    with session_for(museum) as session:
        with pytest.raises(requests.RequestException) as caught:
            get(session, museum.url + PATH)
    assert "malformed" in reason(caught.value) or "not known" in reason(caught.value)


def test_a_limit_does_not_touch_what_comes_after(museum, hurried):
    museum.answers[PATH] = sending(b"picture")
    with session_for(museum, delay=0, longest=0.15) as session:
        get(session, museum.url + PATH)
        time.sleep(0.3)
        assert get(session, museum.url + PATH) == (200, b"picture")


def test_a_reset_and_a_short_body_are_errors(museum, hurried):
    with session_for(museum, delay=0) as session:
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
    with session_for(museum, delay=0) as session:
        assert get(session, museum.url + PATH) == (200, b"picture")


def test_only_web_addresses_are_opened(museum, tmp_path, hurried):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    with session_for(museum, delay=0) as session:
        for address in (secret.as_uri(), "javascript:alert(1)", "no address", ""):
            with pytest.raises((requests.RequestException, ValueError)):
                get(session, address)
