"""Searching any museum, and how a new one is added."""

import pytest
from fake_museum import html_page, json_response, sending, session_for

from artgan.__main__ import main
from artgan.commands import scrape
from artgan.gather.network import session as session_module
from artgan.gather.network.web import fetch_json, items_at, text_at
from artgan.gather.sources import museum as museum_module
from artgan.gather.sources.artwork import Artwork, tidy
from artgan.gather.sources.museum import Museum, search
from artgan.gather.sources.problems import SourceError
from artgan.gather.sources.registry import MUSEUMS


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)


@pytest.fixture
def session(museum):
    with session_for(museum) as session:
        yield session


def list_example(session, words, url):
    """Yield the paintings of the Example Museum that answer to search words."""
    for number in range(1, 101):
        page = fetch_json(session, f"{url}/search", {"q": words, "page": number})
        items = items_at(page, "results")
        for item in items:
            yield Artwork(
                title=text_at(item, "title"),
                artist=text_at(item, "maker", "name"),
                death_year=text_at(item, "maker", "died"),
                year=text_at(item, "year"),
                page_url=text_at(item, "link"),
                image_url=text_at(item, "image"),
                genre=words,
                rights=text_at(item, "licence"),
            )
        if not items:
            return


EXAMPLE = Museum(
    name="the Example Museum",
    url="https://api.example.org",
    listing=list_example,
    help="search the Example Museum's paintings",
)


def answer_search(museum):
    """Let the fake museum answer as the Example Museum does."""
    listed = [
        {
            "title": item["title"],
            "maker": {"name": item["artistName"], "died": 1935},
            "image": item["image"],
            "licence": "CC0",
        }
        for item in museum.add_many("church", 3)
    ]
    pages = {"1": listed[:2], "2": listed[2:]}
    museum.answers["/search"] = lambda request: json_response(
        {"results": pages.get(request.args["page"], [])}
    )


def test_a_new_museum_is_a_function_and_a_line(museum, session):
    answer_search(museum)
    artworks, problems = search(EXAMPLE, session, ["church"], museum.url)
    assert [artwork.title for artwork in artworks] == [f"Facade {n}" for n in range(3)]
    assert {artwork.death_year for artwork in artworks} == {"1935"}
    assert problems == []


def test_the_command_line_follows_from_the_registry(
    museum, tmp_path, monkeypatch, capsys
):
    answer_search(museum)
    monkeypatch.setitem(scrape.MUSEUMS, "example", EXAMPLE)
    place = ["--example-url", museum.url, "--out", str(tmp_path / "out")]
    command = ["scrape", "--example", "church", "--delay", "0.001"]
    assert main([*command, *place]) == 0
    assert "3 new" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["scrape", "--help"])
    output = capsys.readouterr().out
    assert all(f"--{name} " in output for name in MUSEUMS)
    assert "search the Example Museum's paintings" in " ".join(output.split())


@pytest.mark.parametrize("museum_name", MUSEUMS)
def test_every_museum_says_what_it_is(museum_name):
    museum = MUSEUMS[museum_name]
    assert museum.name and museum.help and callable(museum.listing)
    assert museum.url.startswith("https://")
    assert museum.check("flower-painting") == "flower-painting"


def test_queries_share_no_picture(museum, session):
    wikiart = MUSEUMS["wikiart"]
    shared, alone = museum.add_many("veduta", 2)
    museum.genres["cityscape"] = [shared, shared, alone]
    museum.add("cityscape", "Harbour")
    found, _ = search(wikiart, session, ["veduta", "cityscape"], museum.url)
    assert [art.title for art in found] == ["Facade 0", "Facade 1", "Harbour"]
    assert [art.genre for art in found] == ["veduta", "veduta", "cityscape"]
    few, _ = search(wikiart, session, ["veduta", "cityscape"], museum.url, limit=1)
    assert [art.title for art in few] == ["Facade 0"]


def test_a_query_that_breaks_off_keeps_the_others(museum, session):
    museum.add_many("veduta", 2)
    museum.answers["/en/paintings-by-genre/cityscape"] = html_page
    queries = ["cityscape", "veduta"]
    found, problems = search(MUSEUMS["wikiart"], session, queries, museum.url)
    assert len(found) == 2
    assert len(problems) == 1 and "'cityscape' is not complete" in problems[0]


def test_a_list_without_end_stops(museum, session, monkeypatch):
    monkeypatch.setattr(museum_module, "MOST_LISTED", 5)

    def endless(session, query, url):
        number = 0
        while True:
            number += 1
            yield Artwork("", "", "", "", f"{url}/{number}.jpg", "", "")

    found, _ = search(Museum("x", "", endless, ""), session, ["any"], museum.url, 99)
    assert len(found) == 5


DEEP = "[" * 900 + "]" * 900
VALUES = ["1", "null", "true", "[]", "{}", '"text"', "[1]", DEEP, "9" * 5000, "1e999"]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", ["wikiart", "cleveland"])
def test_any_json_is_artworks_or_a_sentence(museum, session, name, value):
    keys = ("title", "artistName", "year", "creators", "url", "type")
    odd = ", ".join(f'"{key}": {value}' for key in keys)
    good = '"image": "/a.jpg", "images": {"web": {"url": "http://a.org/a.jpg"}}'
    row = f'{{{odd}, {good}, "share_license_status": "CC0"}}'
    for text in (value, listed(value), listed(f"[{value}]")):
        answer(museum, text)
        with pytest.raises(SourceError, match="Nothing was lost"):
            search(MUSEUMS[name], session, ["x"], museum.url)
    answer(museum, listed(f"[{row}]"))
    if value.startswith("999"):  # No JSON that Python reads.
        with pytest.raises(SourceError, match="not the JSON page"):
            search(MUSEUMS[name], session, ["x"], museum.url)
    else:
        [artwork], _ = search(MUSEUMS[name], session, ["x"], museum.url)
        assert len(artwork.title) <= 1000


def listed(rows):
    """The JSON of a page of WikiArt and of Cleveland."""
    return f'{{"Paintings": {rows}, "data": {rows}}}'


def answer(museum, text):
    """Answer each listing with a text."""
    for path in ("/en/paintings-by-genre/x", "/api/artworks/"):
        museum.answers[path] = sending(text, "application/json")


def test_text_that_steers_a_terminal_is_made_harmless():
    assert tidy("a\x1b[2J\x9bb\u202ec\r\nd\x00") == "a [2J b c d"


def test_only_texts_and_numbers_are_text():
    assert [tidy(value) for value in (1730, 1.5, "x", None)] == ["1730", "1.5", "x", ""]
    assert tidy(["list"]) == tidy({"a": 1}) == ""
    deep = []
    for _ in range(5000):
        deep = [deep]
    assert tidy(deep) == ""
