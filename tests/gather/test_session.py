"""Manners: who asks, how often, how long, and what is not believed."""

import re

import pytest
import requests
from fake_museum import first_then, sending

from artgan.gather.session import FAILURES, PoliteSession, ask, reason

PATH = "/images/a.jpg"


@pytest.mark.parametrize("delay", [0, float("nan"), 0.3])
def test_asks_by_name_and_no_faster_than_promised(museum, waits, delay):
    museum.answers[PATH] = sending(b"", 302, Location="/b")
    museum.answers["/b"] = sending(b"picture")
    with PoliteSession(delay) as session:
        for _ in range(2):
            assert ask(session, museum.url + PATH).content == b"picture"
    assert [request.path for request in museum.requests] == [PATH, "/b", PATH, "/b"]
    assert [seconds for seconds in waits if seconds] == [max(0.2, delay)] * 4
    agent = museum.requests[0].headers["User-Agent"]
    assert agent.startswith("artgan/") and "educational" in agent


@pytest.mark.parametrize(
    ("code", "retry", "times", "waited"),
    [
        (200, "", 0, [1]),
        (429, "7", 1, [1, 7, 5]),
        (503, "soon", 2, [1, 5, 30]),
        (429, "9" * 99, 1, [1, 60, 5]),
    ],
)
def test_waits_a_second_and_longer_for_a_busy_server(
    museum, waits, code, retry, times, waited
):
    busy = sending(b"busy", code, Retry_After=retry)
    for session in PoliteSession(), requests.Session():  # the notebook has a plain one
        museum.answers[PATH] = first_then(busy, times, sending(b"ok"))
        waits.clear()
        assert ask(session, museum.url + PATH).content == b"ok"
        assert [seconds for seconds in waits if seconds] == waited


@pytest.mark.parametrize(
    ("address", "handler", "words"),
    [
        (PATH, sending(b"", 503), "503 .*SERVICE UNAVAILABLE"),
        (PATH, sending(b"", 302, Location=PATH), "redirects"),
        (PATH, sending(bytes(21_000_000)), "larger than 20,000,000 bytes"),
        (PATH, sending(b"short", Content_Length=60_000), "Connection broken"),
        ("http://127.0.0.1:9", None, "no connection to the server"),
        ("file:///etc/hosts", None, "No connection adapters"),
    ],
)
def test_an_unusable_answer_has_its_reason(museum, waits, address, handler, words):
    museum.answers[PATH] = handler
    with PoliteSession(0) as session, pytest.raises(FAILURES) as caught:
        ask(session, museum.url + address if address == PATH else address)
    assert re.search(words, reason(caught.value))
