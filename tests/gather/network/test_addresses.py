"""Addresses of this computer and its network are never asked."""

import csv
import socket

import pytest
import requests
from fake_museum import open_museum, picture_bytes, sending, session_for
from werkzeug import Response

from artgan.__main__ import main
from artgan.gather.network import session as session_module
from artgan.gather.network.addresses import is_public
from artgan.gather.network.failures import NotPublic, is_refusal, reason
from artgan.gather.network.session import polite_session

PATH = "/images/a.jpg"
PUBLIC = [
    "93.184.216.34",
    "2606:2800:220:1::1",
    "64:ff9b::5db8:d822",
    "2002:5db8:d822::1",
]
NOT_PUBLIC = [
    *["127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255"],
    *["192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "0.0.0.0"],
    *["0.1.2.3", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"],
    *["192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"],
    *["192.88.99.1", "::", "::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0"],
    *["fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1"],
    *["::ffff:93.184.216.34", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1"],
    *["2002:a00:1::1", "2001::1", "2001:db8::1", "100::1", "4000::1"],
]
LOCAL_HOSTS = [
    *["127.0.0.1", "localhost", "LOCALHOST", "0x7f.1", "2130706433", "017700000001"],
    *["127.1", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]"],
    "me:secret@127.0.0.1",
    # Not every resolver takes these for a name or a number.
    *["①②⑦.0.0.1", "127.0.0.1%2e", "127。0。0。1", "localhost."],
]


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)


@pytest.fixture
def neighbour():
    """A server on this machine that nobody has allowed."""
    with open_museum() as neighbour:
        neighbour.answers[PATH] = sending(picture_bytes())
        yield neighbour


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


def local_address(neighbour, host):
    return f"http://{host}:{neighbour.server.port}{PATH}"


@pytest.mark.parametrize("host", LOCAL_HOSTS)
def test_no_local_address_is_asked(museum, neighbour, hurried, host):
    address = local_address(neighbour, host)
    museum.answers[PATH] = lambda request: Response("", 302, {"Location": address})
    with session_for(museum) as session:
        for url in (address, museum.url + PATH):
            with pytest.raises(requests.RequestException) as caught:
                session.get(url)
            if host in LOCAL_HOSTS[:-4]:
                assert isinstance(caught.value, NotPublic)
    assert neighbour.requests == []


def test_that_is_told_and_does_not_count_as_a_refusal(neighbour, hurried):
    with polite_session(delay=0) as session, pytest.raises(NotPublic) as caught:
        session.get(neighbour.url)
    assert "this computer or its network" in reason(caught.value)
    assert not is_refusal(caught.value)


def test_only_the_very_host_and_port_are_trusted(museum, neighbour, hurried):
    with session_for(museum) as session:
        with pytest.raises(NotPublic):
            session.get(neighbour.url + PATH)
        with pytest.raises(NotPublic):
            session.get(museum.url.replace("127.0.0.1", "localhost") + PATH)
    assert museum.requests == neighbour.requests == []


def test_a_listing_cannot_lead_here(neighbour, tmp_path, capsys):
    with open(tmp_path / "list.csv", "w", encoding="utf-8", newline="") as file:
        rows = [["A", f"T{n}", f"{neighbour.url}/{n}.jpg"] for n in range(25)]
        csv.writer(file).writerows([["artist", "title", "image_url"], *rows])
    place = ["--out", str(tmp_path / "out"), "--delay", "0.2"]
    assert main(["scrape", "--listing", str(tmp_path / "list.csv"), *place]) == 1
    assert "25 x it points to this computer" in capsys.readouterr().out
    assert neighbour.requests == []


def answer_names(monkeypatch, *answers):
    """Let every name resolve to these addresses, one list after the other."""
    answers = [[(socket.AF_INET, 1, 6, "", (ip, 80)) for ip in ips] for ips in answers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answers.pop(0))


def test_a_name_that_resolves_here_is_not_asked(monkeypatch, hurried):
    for ips in (["10.0.0.1"], ["93.184.216.34", "127.0.0.1"]):
        answer_names(monkeypatch, ips)
        with polite_session(delay=0) as session, pytest.raises(NotPublic):
            session.get("http://museum.example/")


def test_what_was_checked_is_what_is_connected_to(monkeypatch, hurried):
    """DNS that answers otherwise the second time finds nobody who asks it."""
    answer_names(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    places = []

    def connect(self, place):
        places.append(place)
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with polite_session(delay=0) as session:
        with session.one_limit(), pytest.raises(requests.Timeout):
            session.ask(session.prepare("http://museum.example/", None, None), 1)
        with pytest.raises(NotPublic):
            session.get("http://museum.example/")
    assert places == [("93.184.216.34", 80)]
