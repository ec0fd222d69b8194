import gzip
import json

import pytest
import requests
from fake_museum import (
    api_limit,
    first_then,
    html_page,
    json_response,
    open_museum,
    reset_after,
    sending,
    session_for,
    status,
    wikiart_page,
)
from werkzeug import Response

from artgan.gather.network.session import polite_session
from artgan.gather.sources.museum import search
from artgan.gather.sources.problems import SourceError
from artgan.gather.sources.wikiart import (
    MUSEUM,
    list_genre,
    parse_listing,
)

BASE = "https://www.wikiart.org"
VEDUTA = "/en/paintings-by-genre/veduta"


@pytest.fixture
def museum():
    with open_museum(page_size=3) as museum:
        yield museum


@pytest.fixture
def session():
    with requests.Session() as session:
        yield session


def titles(artworks):
    return [artwork.title for artwork in artworks]


def test_parse_keeps_what_a_page_says():
    item = {
        "title": "Winter",
        "year": "1916",
        "artistName": "A. Deyneka",
        "image": "https://uploads8.wikiart.org/images/a/winter.jpg!Large.jpg",
        "paintingUrl": "/en/a/winter",
    }
    (artwork,) = parse_listing(wikiart_page([item]), "veduta", BASE)
    assert artwork.title == "Winter"
    assert artwork.artist == "A. Deyneka"
    assert artwork.year == "1916"
    assert artwork.genre == "veduta"
    assert artwork.page_url == "https://www.wikiart.org/en/a/winter"
    assert artwork.image_url == item["image"]
    assert "70 or more years" in artwork.rights


@pytest.mark.parametrize(
    "paintings",
    [
        None,
        [],
        "text",
        {"a": 1},
        [None, 7, "x", []],
        [{}],
        [{"image": None}],
        [{"image": ""}],
    ],
)
def test_parse_leaves_out_what_is_no_picture(paintings):
    assert parse_listing({"Paintings": paintings}, "veduta", BASE) == []
    assert parse_listing({}, "veduta", BASE) == []


def test_parse_completes_addresses_and_tidies_hostile_text():
    items = [
        {"image": "/images/a.jpg", "title": "two\nlines\x00\ud800", "year": 1900},
        {"image": "//uploads1.wikiart.org/b.jpg", "title": ["list"], "artistName": {}},
        {"image": "http://[", "title": "x" * 5000, "paintingUrl": None},
    ]
    first, second, third = parse_listing({"Paintings": items}, "veduta", BASE)
    assert first.image_url == "https://www.wikiart.org/images/a.jpg"
    assert (first.title, first.year, first.page_url) == ("two lines", "1900", "")
    assert second.image_url == "https://uploads1.wikiart.org/b.jpg"
    assert third.image_url == "http://["
    assert len(third.title) == 1000


def test_pages_until_empty(museum, session):
    museum.add_many("veduta", 7)
    found = list(list_genre(session, "veduta", museum.url, delay=0))
    assert titles(found) == [f"Facade {n}" for n in range(7)]
    asked = [request.arguments["page"] for request in museum.requests]
    assert asked == ["1", "2", "3", "4", "5"]
    first = museum.requests[0]
    assert first.arguments["json"] == "2"
    assert first.headers["X-Requested-With"] == "XMLHttpRequest"


def test_limit_asks_for_no_more_than_it_needs(museum, session):
    museum.add_many("veduta", 9)
    assert len(list(list_genre(session, "veduta", museum.url, 0, limit=3))) == 3
    assert len(museum.requests) == 1


def test_a_page_that_repeats_for_ever_ends(museum, session):
    items = museum.add_many("veduta", 3)
    museum.answers[VEDUTA] = lambda request: json_response(wikiart_page(items))
    assert len(list(list_genre(session, "veduta", museum.url, delay=0))) == 3
    assert len(museum.requests) == 3


def test_a_page_that_repeats_once_is_passed_over(museum, session):
    one, two = museum.add_many("veduta", 2)
    pages = {"1": [one], "2": [one], "3": [two]}
    museum.answers[VEDUTA] = lambda request: json_response(
        wikiart_page(pages.get(request.args["page"]))
    )
    assert len(list(list_genre(session, "veduta", museum.url, delay=0))) == 2


def test_new_pages_without_end_stop_at_what_wikiart_can_list(museum, session):
    museum.answers[VEDUTA] = lambda request: json_response(
        wikiart_page([{"image": f"/{request.args['page']}.jpg"}])
    )
    assert len(list(list_genre(session, "veduta", museum.url, delay=0))) == 60


def redirect_to_error(request):
    return Response(status=302, headers={"Location": "/en/App/Home/Error"})


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (html_page, "not the JSON page"),
        (sending(json.dumps(wikiart_page([]))[:40]), "not the JSON page"),
        (sending(b"[" * 200_000), "not the JSON page"),
        (sending(b"[1, 2]"), "not the JSON page"),
        (sending(b" " * 6_000_000), "larger than 5,000,000 bytes"),
        (api_limit, "hourly limit"),
        (status(403), "refuses"),
        (status(429), "go slower"),
        (status(400), "HTTP 400"),
        (redirect_to_error, "HTTP 404"),
        (lambda request: Response(status=302, headers={"Location": VEDUTA}), "end"),
    ],
)
def test_a_bad_answer_becomes_a_sentence(museum, monkeypatch, handler, words):
    monkeypatch.setattr("artgan.gather.network.session.SHORTEST_DELAY", 0.0)
    museum.answers[VEDUTA] = handler
    with session_for(museum) as session, pytest.raises(SourceError) as caught:
        search(MUSEUM, session, ["veduta"], museum.url)
    assert words in str(caught.value)
    assert "The list of WikiArt for 'veduta'" in str(caught.value)
    assert "Try again later" in str(caught.value)


def test_no_network_becomes_a_sentence(museum, monkeypatch):
    monkeypatch.setattr("artgan.gather.network.session.SHORTEST_DELAY", 0.0)
    nowhere = "http://127.0.0.1:9"
    with polite_session(trusted=[nowhere]) as session:
        with pytest.raises(SourceError) as caught:
            search(MUSEUM, session, ["veduta"], nowhere)
    assert "no connection" in str(caught.value)


def test_an_unknown_genre_becomes_a_sentence(museum):
    with session_for(museum) as session, pytest.raises(SourceError, match="spelling"):
        search(MUSEUM, session, ["no such/genre?"], museum.url)


def test_what_was_listed_before_a_problem_is_kept(museum, monkeypatch):
    monkeypatch.setattr("artgan.gather.network.session.SHORTEST_DELAY", 0.0)
    museum.add_many("veduta", 5)
    museum.answers[VEDUTA] = first_then(
        lambda request: json_response(museum.listing(request)), 1, html_page
    )
    with session_for(museum) as session:
        artworks, problems = search(MUSEUM, session, ["veduta"], museum.url)
    assert len(artworks) == 3
    assert len(problems) == 1 and "is not complete" in problems[0]


def listing_but(museum, number, handler):
    """Answer the page `number` of a genre in another way than the museum does."""
    museum.answers[VEDUTA] = lambda request: (
        handler(request)
        if request.args["page"] == str(number)
        else json_response(museum.listing(request))
    )


@pytest.mark.parametrize("handler", [status(403), html_page, api_limit])
def test_a_page_that_always_fails_does_not_hide_those_after_it(
    museum, monkeypatch, handler
):
    monkeypatch.setattr("artgan.gather.network.session.SHORTEST_DELAY", 0.0)
    museum.add_many("veduta", 9)
    listing_but(museum, 2, handler)
    with session_for(museum) as session:
        artworks, problems = search(MUSEUM, session, ["veduta"], museum.url)
    assert titles(artworks) == [f"Facade {n}" for n in (0, 1, 2, 6, 7, 8)]
    assert len(problems) == 1 and "is not complete" in problems[0]


def test_an_empty_page_does_not_hide_those_after_it(museum, session):
    museum.add_many("veduta", 9)
    listing_but(museum, 2, lambda request: json_response({"Paintings": None}))
    assert len(list(list_genre(session, "veduta", museum.url, delay=0))) == 6


@pytest.mark.parametrize("handler", [html_page, reset_after(b"{" * 100_000)])
def test_a_page_that_fails_once_is_asked_for_again(museum, session, handler):
    museum.add_many("veduta", 5)
    listing = first_then(handler, 1, lambda r: json_response(museum.listing(r)))
    listing_but(museum, 2, listing)
    assert len(list(list_genre(session, "veduta", museum.url, delay=0))) == 5


def test_gzip_is_unpacked(museum, session):
    body = gzip.compress(json.dumps(wikiart_page([{"image": "/a.jpg"}])).encode())
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    museum.answers[VEDUTA] = lambda request: Response(body, headers=packed)
    assert len(list(list_genre(session, "veduta", museum.url, delay=0))) == 1
