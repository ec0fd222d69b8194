"""What WikiArt, the Cleveland Museum and pinned lists name, in order or torn."""

import pytest
from fake_museum import (
    first_then,
    html_page,
    json_response,
    open_museum,
    sending,
    status,
    wikiart_page,
)

from artgan.gather import session as session_module
from artgan.gather.picture import picture_name
from artgan.gather.search import search
from artgan.gather.session import PoliteSession
from artgan.gather.sources import cleveland
from artgan.system.errors import ArtganError

VEDUTA = "/en/paintings-by-genre/veduta"
HEAD = "artist,title,year,genre,image_url\n"
LINK = "https://uploads1.wikiart.org/a.jpg"


@pytest.fixture
def museum(monkeypatch):
    monkeypatch.setattr(session_module, "SHORTEST_DELAY", 0.0)
    monkeypatch.setattr(cleveland, "PAGE_SIZE", 3)
    with open_museum(page_size=3) as museum:
        yield museum


def listed(museum, *queries, limit=None):
    """The titles that a search finds, and its problems."""
    with PoliteSession(0) as session:
        found, problems = search(session, queries, limit, museum.url)
    return [painting["title"] for painting in found], problems


def read(*paths):
    """The paintings of pinned lists."""
    with PoliteSession(0) as session:
        return search(session, [("listing", path) for path in paths])[0]


def answer_pages(museum, pages):
    """Answer with these lists of items, in order, and with null after them."""
    museum.answers[VEDUTA] = lambda request: json_response(
        wikiart_page((pages + [None] * 60)[int(request.args["page"]) - 1])
    )


def test_wikiart_is_asked_page_after_page_until_one_is_empty(museum):
    museum.add_many("veduta", 7)
    titles, problems = listed(museum, ("genre", "Veduta"))
    assert titles == [f"Facade {n}" for n in range(7)] and problems == []
    asked = [request.arguments["page"] for request in museum.requests]
    assert asked == ["1", "2", "3", "4"]
    first = museum.requests[0]
    assert first.arguments["json"] == "2" and first.arguments["resultType"] == "masonry"
    assert first.headers["X-Requested-With"] == "XMLHttpRequest"


def test_a_row_has_what_wikiart_says_of_a_painting(museum):
    item = museum.add("veduta", "two\nlines\x00\ud800", "A. Canal", year="1730")
    with PoliteSession(0) as session:
        [[row], _] = search(session, [("genre", "veduta")], site=museum.url)
    assert row.pop("rights").startswith("free in most places")
    assert row == {
        "title": "two lines",
        "artist": "A. Canal",
        "year": "1730",
        "death_year": "",
        "genre": "veduta",
        "page_url": museum.url + item["paintingUrl"],
        "image_url": item["image"],
    }


def test_a_painter_and_genres_may_be_searched_together(museum):
    museum.genres["bernardo-bellotto"] = museum.add_many("veduta", 5)[:4]
    museum.add("capriccio", "Ruin")
    queries = (
        ("artist", "Bernardo Bellotto"),
        ("genre", "veduta"),
        ("genre", "capriccio"),
    )
    titles, problems = listed(museum, *queries)
    assert titles == [*(f"Facade {n}" for n in range(5)), "Ruin"] and problems == []
    assert museum.paths()[0] == "/en/bernardo-bellotto/mode/all-paintings"


def test_a_limit_asks_for_no_more_than_it_needs(museum):
    museum.add_many("veduta", 9)
    assert len(listed(museum, ("genre", "veduta"), limit=3)[0]) == 3
    assert len(museum.requests) == 1


def test_what_is_no_painting_is_left_out(museum):
    good = museum.add("veduta", "Good")
    bad = [None, {}, {"image": None}, {"image": "", "title": "Lost"}]
    answer_pages(museum, [[*bad, good, {"image": LINK, "title": None}]])
    assert listed(museum, ("genre", "veduta")) == (["Good", ""], [])


def test_the_end_of_what_wikiart_lists_is_told_with_neighbours(museum):
    def page(request):
        number = int(request.args["page"])
        items = [{"image": f"/{number}-{n}.jpg"} for n in range(60)]
        return json_response(wikiart_page(items))

    museum.answers["/en/paintings-by-genre/cityscape"] = page
    titles, [problem] = listed(museum, ("genre", "cityscape"), limit=10_000)
    assert len(titles) == 3_600 and len(museum.requests) == 60
    assert "3,600 of a genre at most" in problem
    assert "veduta" in problem and "capriccio" in problem
    assert listed(museum, ("genre", "cityscape"), limit=3_600)[1] == []


TORN = [
    (html_page, "not the page expected"),
    (sending(b'{"Paintings": [{"ima'), "not the page expected"),
    (sending(b"[1, 2]"), "not the page expected"),
    (sending(b'{"Paintings": "text"}'), "not the page expected"),
    (sending(b" " * 21_000_000), "larger than 20,000,000 bytes"),
    (status(500), "HTTP 500"),
    (status(400), "HTTP 400"),
]


@pytest.mark.parametrize(("handler", "words"), TORN)
def test_what_was_listed_before_a_torn_page_is_kept(museum, handler, words):
    museum.add_many("veduta", 5)
    whole = museum.listing
    museum.answers[VEDUTA] = first_then(lambda r: json_response(whole(r)), 1, handler)
    titles, [problem] = listed(museum, ("genre", "veduta"))
    assert titles == ["Facade 0", "Facade 1", "Facade 2"]
    assert problem.startswith("The list of --genre veduta") and words in problem


def test_nothing_listed_is_a_sentence(museum):
    with pytest.raises(
        ArtganError, match="--genre vedutta ends early: nothing is there, so check"
    ):
        listed(museum, ("genre", "vedutta"))
    museum.answers[VEDUTA] = status(403)
    with pytest.raises(ArtganError, match="HTTP 403.*Try again later"):
        listed(museum, ("genre", "veduta"))
    museum.add_many("capriccio", 1)
    titles, problems = listed(museum, ("genre", "capriccio"), ("genre", "vedutta"))
    assert titles == ["Facade 0"] and "spelling" in problems[0]


def test_cleveland_pages_until_a_short_one_and_takes_free_pictures_only(museum):
    museum.add_many("palace", 5)[0]["license"] = "Copyrighted"
    with PoliteSession(0) as session:
        found, problems = search(session, [("cleveland", "palace")], site=museum.url)
    assert [painting["title"] for painting in found] == [
        f"Facade {n}" for n in range(1, 5)
    ]
    assert problems == []
    assert [request.arguments["skip"] for request in museum.requests] == ["0", "3"]
    asked = museum.requests[0].arguments
    assert asked["cc0"] == "1" and asked["type"] == "Painting"
    row = found[0]
    assert (row["artist"], row["death_year"]) == ("Anna Ancher", "1935")
    assert (row["year"], row["rights"]) == ("1701", "CC0")


def test_cleveland_may_leave_anything_out(museum):
    picture = {"web": {"url": LINK}}
    free = {"share_license_status": "CC0", "images": picture, "title": None}
    items = [{"images": picture}, {"share_license_status": "CC0", "images": None}, free]
    page = {"data": items[:2] + [free | {"creators": []}]}
    pages = [page, {"data": None}]
    museum.answers["/api/artworks/"] = lambda request: json_response(pages.pop(0))
    assert listed(museum, ("cleveland", "palace")) == ([""], [])


@pytest.mark.parametrize(("name", "count"), [("architecture", 1410), ("flowers", 317)])
def test_the_shipped_lists_are_whole(repository, name, count):
    found = read(repository / "data" / f"{name}.csv")
    assert len(found) == len({picture_name(painting) for painting in found}) == count
    assert all(painting["artist"] and painting["genre"] for painting in found)
    assert all("else fair use" in painting["rights"] for painting in found)


def test_a_list_may_have_accents_quotes_and_columns_of_its_own(tmp_path):
    path = tmp_path / "list.csv"
    text = (
        f'image_url,colour,title,artist\n{LINK},red,"A ""view"", é","B, the Younger"\n'
    )
    path.write_text(text + f"{LINK},red,again,B\n", "utf-8-sig")
    [painting] = read(path)
    assert (painting["title"], painting["artist"]) == ('A "view", é', "B, the Younger")
    path.write_text(f"artist,title,image_url,rights\nA,T,{LINK},CC0\n", "utf-8")
    assert read(path)[0]["rights"] == "CC0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read.*No such file"),
        ("", "line 1: it lacks artist, title, image_url"),
        ("artist,title,link\nA,T,L\n", "line 1: it lacks image_url"),
        (HEAD, "nothing is there"),
        (HEAD + f"A,T,,g,{LINK}\nA,T\n", "line 3"),
        (HEAD + f"A,T,,g,{LINK},more\n", "line 2"),
        (HEAD + "A,T,,g,file:///etc/hosts\n", "line 2"),
        (HEAD + '"A\nB",T,,g,nowhere\n', "line 3"),
        (HEAD + f'A,"T,,g,{LINK}\n', "cannot be read"),
        (HEAD + "\xe9,T,,g," + LINK, "must be a CSV in UTF-8"),
    ],
)
def test_a_mistake_in_a_list_is_a_sentence_with_its_line(tmp_path, text, words):
    path = tmp_path / "list.csv"
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ArtganError, match=words) as caught:
        read(path)
    assert "list.csv" in str(caught.value)
