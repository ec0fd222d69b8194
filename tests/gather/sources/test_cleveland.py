import pytest
from fake_museum import html_page, open_museum, session_for

from artgan.gather.network import session as session_module
from artgan.gather.sources import cleveland
from artgan.gather.sources.cleveland import MUSEUM, parse_artworks
from artgan.gather.sources.museum import search
from artgan.gather.sources.problems import SourceError


@pytest.fixture
def museum(monkeypatch):
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)
    monkeypatch.setattr(cleveland, "PAGE_SIZE", 2)
    with open_museum() as museum:
        yield museum


@pytest.fixture
def session(museum):
    with session_for(museum) as session:
        yield session


def test_pages_until_a_short_one(museum, session):
    museum.add_many("palace", 5)
    artworks, problems = search(MUSEUM, session, ["palace"], museum.url)
    assert [artwork.title for artwork in artworks] == [f"Facade {n}" for n in range(5)]
    assert problems == []
    skips = [request.arguments["skip"] for request in museum.requests]
    assert skips == ["0", "2", "4"]
    asked = museum.requests[0].arguments
    assert asked["cc0"] == "1" and asked["type"] == "Painting"
    artwork = artworks[0]
    assert artwork.artist == "Anna Ancher"
    assert artwork.rights == "CC0"
    assert (artwork.year, artwork.death_year) == ("1700", "1935")
    assert artwork.image_url == museum.url + "/images/anna-ancher-facade-0.jpg"


def test_only_cc0_and_limit(museum, session):
    items = museum.add_many("palace", 5)
    items[0]["license"] = "Copyrighted"
    artworks, _ = search(MUSEUM, session, ["palace"], museum.url, limit=2)
    assert [artwork.title for artwork in artworks] == ["Facade 1", "Facade 2"]


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"data": None},
        {"data": "text"},
        {"data": [None, 3, {}, {"share_license_status": "CC0", "images": None}]},
        {"data": [{"share_license_status": "CC0", "images": {"web": []}}]},
    ],
)
def test_what_is_no_picture_is_left_out(page):
    assert parse_artworks(page) == []


def test_missing_artist_and_title():
    item = {
        "share_license_status": "CC0",
        "creators": [],
        "title": None,
        "images": {"web": {"url": "https://a.org/b.jpg"}},
    }
    (artwork,) = parse_artworks({"data": [item]})
    assert (artwork.artist, artwork.title, artwork.year) == ("", "", "")


def test_nothing_found_and_no_answer_become_sentences(museum, session):
    with pytest.raises(SourceError, match="no pictures for 'nothing'"):
        search(MUSEUM, session, ["nothing"], museum.url)
    museum.answers["/api/artworks/"] = html_page
    with pytest.raises(SourceError, match="not the JSON page"):
        search(MUSEUM, session, ["palace"], museum.url)
