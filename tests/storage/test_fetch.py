"""Fetching published weights from servers that are slow, broken or wrong."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest
from fake_museum import dripping, reset_after, sending, session_for, status
from werkzeug import Response

from artgan.__main__ import main
from artgan.gather.network import session as session_module
from artgan.gather.network.session import polite_session
from artgan.storage import fetch as fetch_module
from artgan.storage.catalogue import add_to_catalogue
from artgan.storage.fetch import fetch_weights
from artgan.storage.publishing import write_weights
from artgan.system.errors import ArtganError
from artgan.system.lock import only_one


class Shop:
    """A catalogue whose one model lies on two servers, and where it is fetched to."""

    def __init__(self, museum, folder):
        self.museum, self.folder = museum, folder / "roses"
        numbers = np.random.default_rng(0).normal(size=[300, 200]).astype(np.float16)
        facts, networks = {"licence": "CC0-1.0"}, {"generator": {"dense": numbers}}
        write_weights(self.folder, networks, {"size": 64}, 5, facts)
        mirrors = [f"{museum.url}/first/", f"{museum.url}/second/"]
        add_to_catalogue(self.folder, mirrors=mirrors)
        self.files = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        self.weights = self.files["generator.safetensors"]
        self.path = self.folder / "generator.safetensors"
        self.partial = self.folder / "generator.safetensors.part"
        self.path.unlink()

    def serve(self, place="second", handler=None):
        """Serve the weights at a place, resumable unless a handler is given."""
        path = f"/{place}/generator.safetensors"
        self.museum.answers[path] = handler or resumable(self.weights)

    def fetch(self, timeout=5):
        """Fetch with short limits; return what the file then holds."""
        with session_for(self.museum, timeout=(timeout, timeout)) as session:
            folder = fetch_weights("roses", self.folder.parent, session)
        assert folder == self.folder
        return self.path.read_bytes()

    def ranges(self):
        """The Range headers that the server saw, "" where there was none."""
        return [request.headers.get("Range", "") for request in self.museum.requests]


@pytest.fixture
def shop(museum, tmp_path, monkeypatch):
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)
    monkeypatch.setattr(fetch_module, "polite_session", partial(session_for, museum))
    return Shop(museum, tmp_path)


def resumable(body):
    """Make a handler that serves a body, or the rest of it that a Range asks for."""

    def answer(request):
        match = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        start = int(match[1]) if match else 0
        response = Response(body[start:], status=206 if match else 200)
        if match:
            last = len(body) - 1
            response.headers["Content-Range"] = f"bytes {start}-{last}/{len(body)}"
        return response

    return answer


def refusal(shop, **options):
    """The sentence that a fetch fails with; the file is then not there."""
    with pytest.raises(ArtganError) as caught:
        shop.fetch(**options)
    assert not shop.path.exists()
    return str(caught.value)


def test_weights_are_fetched_once_and_nothing_is_left_over(shop, capsys):
    shop.serve("first")
    checkpoints = ["--checkpoints", str(shop.folder.parent)]
    for _ in range(2):
        assert main(["weights", "fetch", "roses", *checkpoints]) == 0
    assert shop.museum.paths() == ["/first/generator.safetensors"]
    assert "whole and verified" in capsys.readouterr().out
    assert {path.name for path in shop.folder.iterdir()} == {*shop.files, ".lock"}


def test_the_first_address_that_answers_is_used(shop):
    shop.serve("second")
    assert shop.fetch() == shop.weights
    assert [path.split("/")[1] for path in shop.museum.paths()] == ["first", "second"]


def test_a_redirect_is_followed(shop):
    redirect = Response(
        status=302, headers={"Location": "/second/generator.safetensors"}
    )
    shop.serve("first", lambda request: redirect)
    shop.serve("second")
    shop.partial.write_bytes(shop.weights[:100])
    assert shop.fetch() == shop.weights
    assert shop.ranges() == 2 * ["bytes=100-"]


def test_a_broken_connection_is_resumed(shop):
    def break_first(request):
        whole = not request.headers.get("Range")
        return (reset_after if whole else resumable)(shop.weights)(request)

    shop.serve("first", break_first)
    assert shop.fetch() == shop.weights
    assert shop.ranges()[0] == "" and re.fullmatch(r"bytes=\d+-", shop.ranges()[1])


def test_a_server_that_cannot_resume_is_begun_anew(shop):
    shop.partial.write_bytes(b"left over from before")
    shop.serve("first", sending(shop.weights))
    assert shop.fetch() == shop.weights
    assert shop.ranges() == ["bytes=21-"]


@pytest.mark.parametrize("promised", ["bytes 0-9/120000", "bytes 21-99/100", "", "x"])
def test_a_server_that_resumes_elsewhere_is_not_believed(shop, promised):
    shop.partial.write_bytes(b"left over from before")
    headers = {"Content-Range": promised}
    shop.serve("first", lambda request: Response("?", status=206, headers=headers))
    shop.serve("second")
    assert shop.fetch() == shop.weights


def test_a_wrong_beginning_is_thrown_away(shop):
    shop.partial.write_bytes(bytes(5000))
    shop.serve("first")
    assert shop.fetch() == shop.weights
    assert shop.ranges() == ["bytes=5000-", ""]


@pytest.mark.parametrize("extra", [0, 1])
def test_a_partial_file_as_long_as_the_whole_is_verified_too(shop, extra):
    shop.partial.write_bytes(bytes(len(shop.weights) + extra))
    shop.serve("first")
    shop.serve("second")
    assert shop.fetch() == shop.weights
    shop.path.rename(shop.partial)
    assert shop.fetch() == shop.weights
    assert len(shop.museum.requests) == 1


def test_wrong_bytes_never_get_the_name(shop):
    shop.serve("first", sending(shop.weights[:-1] + b"?"))
    text = refusal(shop)
    assert "first/generator.safetensors: what came is not what the catalogue" in text
    assert "second/generator.safetensors: HTTP 404" in text
    assert not shop.partial.exists()


def test_a_file_of_another_size_is_not_taken(shop):
    shop.serve("first", sending(shop.weights + b"?"))
    assert f"it has {len(shop.weights) + 1} bytes, the catalogue" in refusal(shop)


def test_an_absurd_length_is_told(shop):
    shop.serve("first", sending(shop.weights, length="9" * 5000))
    assert f"it has {'9' * 20} bytes, the catalogue says" in refusal(shop)


def test_an_endless_answer_is_cut_off(shop):
    def pieces():
        while True:
            yield bytes(65536)

    shop.serve("first", lambda request: Response(pieces()))
    assert "larger than" in refusal(shop)
    assert shop.partial.stat().st_size <= len(shop.weights)


def test_a_stalled_answer_ends_and_its_beginning_is_kept(shop):
    def stall():
        yield shop.weights[:10000]
        time.sleep(5)

    length = {"Content-Length": str(len(shop.weights))}
    shop.serve("first", lambda request: Response(stall(), headers=length))
    shop.serve("second", status(503))
    text = refusal(shop, timeout=0.2)
    assert "the server took too long" in text and "bytes are kept" in text
    assert shop.weights.startswith(shop.partial.read_bytes())
    assert shop.partial.stat().st_size == 10000
    shop.serve("second")
    shop.serve("first", status(404))
    assert shop.fetch() == shop.weights


def test_an_answer_that_ends_early_is_resumed_or_told(shop):
    shop.serve("first", lambda request: Response(iter([shop.weights[:1000]])))
    assert "the connection broke off" in refusal(shop)


def test_a_changed_file_is_set_aside_for_the_right_one(shop):
    shop.path.write_bytes(b"my own")
    shop.serve("first")
    assert shop.fetch() == shop.weights
    old = shop.folder / "generator.safetensors.old"
    assert old.read_bytes() == b"my own"


def test_two_do_not_fetch_at_once(shop):
    with only_one(shop.folder, "fetching weights into"):
        assert "Another process is fetching weights into" in refusal(shop)
    assert shop.museum.requests == []


def test_a_file_without_an_address_comes_with_the_repository(shop):
    checkpoints = shop.folder.parent
    path = checkpoints / "catalogue.json"
    catalogue = json.loads(path.read_text("utf-8"))
    file = catalogue["models"]["roses"]["files"]["generator.safetensors"]
    file["addresses"] = []
    path.write_text(json.dumps(catalogue), "utf-8")
    assert "comes with the repository" in refusal(shop)


def test_what_another_process_has_just_fetched_is_kept(shop, monkeypatch):
    @contextmanager
    def ended_meanwhile(*arguments):
        shop.path.write_bytes(shop.weights)
        with only_one(*arguments):
            yield

    monkeypatch.setattr("artgan.storage.fetch.only_one", ended_meanwhile)
    assert shop.fetch() == shop.weights
    assert not shop.museum.requests and not list(shop.folder.glob("*.old"))


def test_an_address_that_is_none_is_told(shop):
    path = shop.folder.parent / "catalogue.json"
    text = path.read_text("utf-8").replace(shop.museum.url, "file:///etc")
    path.write_text(text, "utf-8")
    assert json.loads(text)
    assert "malformed (InvalidSchema)" in refusal(shop)


def test_after_a_kill_the_next_fetch_goes_on(shop, repository):
    """A process is killed in the middle of the body; another one fetches the rest."""
    shop.serve("first", lambda request: hold(shop.weights))
    program = f"""
from artgan.gather.network.session import polite_session
from artgan.storage.fetch import fetch_weights
session = polite_session(trusted=[{shop.museum.url!r}])
fetch_weights("roses", {str(shop.folder.parent)!r}, session)
"""
    process = subprocess.Popen([sys.executable, "-c", program], cwd=repository)
    while not (shop.partial.exists() and shop.partial.stat().st_size):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    process.wait()
    kept = shop.partial.stat().st_size
    assert 0 < kept < len(shop.weights) and not shop.path.exists()
    shop.serve("first")
    assert shop.fetch() == shop.weights
    assert shop.ranges()[-1] == f"bytes={kept}-"


def hold(body):
    """Send all but the end of a body, and keep the other waiting for that."""

    def pieces():
        yield body[:70000]
        time.sleep(1)
        yield body[70000:-1]
        time.sleep(30)

    return Response(pieces(), headers={"Content-Length": str(len(body))})


def test_a_dripping_server_is_left_after_a_while(shop):
    shop.serve("first", dripping(length=len(shop.weights)))
    shop.serve("second")
    with session_for(shop.museum, longest=0.3) as session:
        fetch_weights("roses", shop.folder.parent, session)
    assert shop.path.read_bytes() == shop.weights


def test_a_server_that_drips_has_the_limit_of_pictures(shop, monkeypatch):
    """Without a session given, each address has as long as a picture would."""
    limits = []

    def watched(*arguments, **settings):
        session = session_for(shop.museum, **settings)
        limits.append((session.longest, session.most_bytes, session.slowest))
        session.longest = 0.3
        return session

    monkeypatch.setattr(fetch_module, "polite_session", lambda delay, **s: watched(**s))
    shop.serve("first", dripping(length=len(shop.weights)))
    shop.serve("second", dripping(length=len(shop.weights)))
    began = time.monotonic()
    with pytest.raises(ArtganError, match="the server took too long.*bytes are kept"):
        fetch_weights("roses", shop.folder.parent)
    assert time.monotonic() - began < 2
    assert len(shop.museum.requests) == 2  # One try of each address.
    assert limits == [(120.0, len(shop.weights) + 1_000_000, 20_000)]


def test_a_large_file_may_take_long_if_it_comes_quickly(shop):
    def pieces():
        for start in range(0, len(shop.weights), 10_000):
            yield shop.weights[start : start + 10_000]
            time.sleep(0.05)

    shop.serve("first", lambda request: Response(pieces()))
    with session_for(shop.museum, longest=0.2, slowest=20_000) as session:
        fetch_weights("roses", shop.folder.parent, session)
    assert shop.path.read_bytes() == shop.weights
    assert len(shop.museum.requests) == 1


def test_a_catalogue_cannot_lead_to_this_computer(shop):
    shop.serve("first")
    with polite_session(0) as session, pytest.raises(ArtganError, match="never asked"):
        fetch_weights("roses", shop.folder.parent, session)
    assert shop.museum.requests == []


def test_what_a_server_says_does_not_steer_the_terminal(shop):
    shop.partial.write_bytes(b"left over from before")
    promised = "bytes \x9b2J 0-9"
    headers = {"Content-Range": promised}
    shop.serve("first", lambda request: Response("?", status=206, headers=headers))
    text = refusal(shop)
    assert "\x9b" not in text and "\\x9b2J" in text
