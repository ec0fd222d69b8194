"""What WikiArt, the Cleveland Museum and pinned lists name, in order or torn."""

import pytest
from fake_museum import first_then, json_response, open_museum, sending

from artgan.gather.download import picture_name
from artgan.gather.session import PoliteSession
from artgan.gather.sources import cleveland, search
from artgan.system.errors import ArtganError

pytestmark = pytest.mark.usefixtures("waits")
VEDUTA = "/en/paintings-by-genre/veduta"
LINK = "https://uploads1.wikiart.org/a.jpg"
HEAD = "artist,title,image_url\n"


@pytest.fixture
def museum(monkeypatch):
    """A museum with three paintings on a page."""
    monkeypatch.setattr(cleveland, "PAGE_SIZE", 3)
    with open_museum(page_size=3) as museum:
        yield museum


def listed(museum, *queries, limit=None):
    """The titles that a search finds, and its problems."""
    with PoliteSession(0) as session:
        found, problems = search(session, queries, limit, museum.url)
    return [painting["title"] for painting in found], problems


def read(path):
    """The paintings of a pinned list."""
    with PoliteSession(0) as session:
        return search(session, [("listing", path)])[0]


def test_wikiart_is_asked_page_after_page_until_one_is_empty(museum):
    item = museum.add("veduta", "two\nlines", "A. Canal", year="1730")
    museum.add_many("veduta", 5)
    with PoliteSession(0) as session:
        rows, problems = search(session, [("genre", "Veduta")], site=museum.url)
    assert rows[0].pop("rights").startswith("free in most places")
    assert rows[0] == {
        "title": "two lines",
        "artist": "A. Canal",
        "year": "1730",
        "death_year": "",
        "genre": "veduta",
        "page_url": museum.url + item["paintingUrl"],
        "image_url": item["image"],
    }
    assert len(rows) == 6 and problems == []
    asked = [request.arguments["page"] for request in museum.requests]
    first = museum.requests[0]
    assert asked == ["1", "2", "3"] and first.arguments["json"] == "2"
    assert first.headers["X-Requested-With"] == "XMLHttpRequest"


def test_a_painter_and_genres_are_searched_together_up_to_a_limit(museum):
    museum.genres["bernardo-bellotto"] = museum.add_many("veduta", 5)[:4]
    museum.add("capriccio", "Ruin")
    queries = [("artist", "Bernardo Bellotto"), ("genre", "veduta")]
    titles, problems = listed(museum, *queries, ("genre", "capriccio"))
    assert titles == [*(f"Facade {n}" for n in range(5)), "Ruin"] and problems == []
    assert museum.requests[0].path == "/en/bernardo-bellotto/mode/all-paintings"
    museum.requests.clear()
    assert len(listed(museum, *queries, limit=3)[0]) == len(museum.requests) * 3 == 3


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (sending(b"<!doctype html><title>Sorry</title>"), "it is no listing"),
        (sending(b"[1, 2]"), "it is no listing"),
        (sending(b'{"Paintings": "text"}'), "it is no listing"),
        (sending(b"no", 400), "400 Client Error"),
    ],
)
def test_what_was_listed_before_a_torn_page_is_kept(museum, handler, words):
    good = [item["image"] for item in museum.add_many("veduta", 1)]
    torn = [None, {}, {"image": None}, {"image": good[0]}, {"image": LINK}]
    page = {"Paintings": torn}
    museum.answers[VEDUTA] = first_then(lambda r: json_response(page), 1, handler)
    titles, [problem] = listed(museum, ("genre", "veduta"))
    assert titles == ["", ""]
    assert problem.startswith("--genre veduta ends early: ") and words in problem


def test_nothing_listed_is_a_sentence(museum):
    with pytest.raises(ArtganError, match="--genre vedutta .* check the spelling"):
        listed(museum, ("genre", "vedutta"))
    museum.add_many("capriccio", 1)
    titles, problems = listed(museum, ("genre", "capriccio"), ("genre", "vedutta"))
    assert titles == ["Facade 0"] and "spelling" in problems[0]


def test_cleveland_pages_until_a_short_one_and_takes_free_pictures_only(museum):
    items = museum.add_many("palace", 6)
    items[0]["license"], items[5]["image"] = "Copyrighted", None
    with PoliteSession(0) as session:
        found, problems = search(session, [("cleveland", "palace")], site=museum.url)
    assert [painting["year"] for painting in found] == ["1701", "1702", "1703", "1704"]
    assert problems == []
    asked = [request.arguments for request in museum.requests]
    assert [each["skip"] for each in asked] == ["0", "3", "6"]
    assert asked[0]["cc0"] == "1" and asked[0]["type"] == "Painting"
    assert (found[0]["artist"], found[0]["death_year"]) == ("Anna Ancher", "1935")
    assert found[0]["rights"] == "CC0"


def test_cleveland_may_leave_anything_out(museum):
    free = {"share_license_status": "CC0", "images": {"web": {"url": LINK}}}
    page = {"data": [{"share_license_status": "CC0"}, free | {"creators": []}]}
    museum.answers["/api/artworks/"] = lambda request: json_response(page)
    assert listed(museum, ("cleveland", "palace")) == ([""], [])


@pytest.mark.parametrize(("name", "count"), [("architecture", 1410), ("flowers", 317)])
def test_the_shipped_lists_are_whole(repository, name, count):
    found = read(repository / "data" / f"{name}.csv")
    assert len(found) == len({picture_name(painting) for painting in found}) == count
    assert all(painting["artist"] and painting["genre"] for painting in found)
    assert all("else fair use" in painting["rights"] for painting in found)


def test_a_list_may_have_accents_quotes_and_columns_of_its_own(tmp_path):
    path = tmp_path / "list.csv"
    text = f'image_url,colour,title,artist\n{LINK},red,"A ""view"", é","B, Younger"\n'
    path.write_text(text + f"{LINK},red,again,B\n", "utf-8-sig")
    [painting] = read(path)
    assert (painting["title"], painting["artist"]) == ('A "view", é', "B, Younger")
    path.write_text(f"artist,title,image_url,rights\nA,T,{LINK},CC0\n", "utf-8")
    assert read(path)[0]["rights"] == "CC0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "list.csv.*nothing is there"),
        ("artist,title,link\nA,T,L\n", "line 1: it lacks image_url"),
        (HEAD, "nothing is there"),
        (HEAD + f"A,T,{LINK}\nA,T\n", "line 3"),
        (HEAD + f"A,T,{LINK},more\n", "line 2"),
        (HEAD + f'A,"T,{LINK}\n', "cannot be read"),
        (HEAD + f"\xe9,T,{LINK}", "must be a CSV in UTF-8"),
    ],
)
def test_a_mistake_in_a_list_is_a_sentence_with_its_line(tmp_path, text, words):
    path = tmp_path / "list.csv"
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ArtganError, match=words):
        read(path)
