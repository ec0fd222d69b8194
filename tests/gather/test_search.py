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
def museum():
    """A museum with three paintings on a page."""
    with open_museum(page_size=3) as museum:
        yield museum


@pytest.fixture
def find(museum):
    """Search the museum, or a list: (rows, problems)."""
    return lambda *queries, limit=None: search(
        PoliteSession(0), queries, limit, museum.url
    )


def test_wikiart_is_asked_page_after_page_until_one_is_empty(museum, find):
    item = museum.add("veduta", "two\nlines", "A. Canal", year="1730")
    museum.add_many("veduta", 5)
    rows, problems = find(("genre", "Veduta"))
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


def test_the_end_of_what_wikiart_lists_is_told_with_neighbours(museum, find):
    def page(request):
        number = int(request.args["page"])
        items = [{"image": f"/{number}-{n}.jpg"} for n in range(60)]
        items[0]["image"] = items[0]["image"] if number < 60 else None  # as some are
        return json_response({"Paintings": items})

    museum.answers["/en/paintings-by-genre/cityscape"] = page
    rows, [problem] = find(("genre", "cityscape"), limit=10_000)
    assert len(rows) == 3_599 and "--genre cityscape ends early: " in problem
    assert "3,600 at most: add cityscape, veduta or capriccio" in problem
    assert find(("genre", "cityscape"), limit=3_599)[1] == []


def test_a_painter_and_genres_are_searched_together_up_to_a_limit(museum, find):
    museum.genres["bernardo-bellotto"] = museum.add_many("veduta", 5)[:4]
    museum.add("capriccio", "Ruin")
    queries = [("artist", "Bernardo Bellotto"), ("genre", "veduta")]
    rows, problems = find(*queries, ("genre", "capriccio"), ("genre", "vedutta"))
    assert [row["title"][-1] for row in rows] == [*"01234", "n"]
    assert "--genre vedutta" in problems[0] and "spelling" in problems[0]
    assert museum.requests[0].path == "/en/bernardo-bellotto/mode/all-paintings"
    museum.requests.clear()
    assert len(find(*queries, limit=3)[0]) == len(museum.requests) * 3 == 3
    with pytest.raises(ArtganError, match="--genre vedutta .* check the spelling"):
        find(("genre", "vedutta"))


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (sending(b"<!doctype html><title>Sorry</title>"), "it is no listing"),
        (sending(b'{"Paintings": "text"}'), "it is no listing"),
        (sending(b"no", 400), "400 Client Error"),
    ],
)
def test_what_was_listed_before_a_torn_page_is_kept(museum, find, handler, words):
    page = {"Paintings": [None, {}, {"image": None}, {"image": LINK}, {"image": "b"}]}
    museum.answers[VEDUTA] = first_then(lambda r: json_response(page), 1, handler)
    rows, [problem] = find(("genre", "veduta"))
    assert [row["image_url"] for row in rows] == [LINK, "b"]
    assert problem.startswith("--genre veduta ends early: ") and words in problem


def test_cleveland_pages_until_a_short_one_and_takes_free_pictures_only(
    museum, find, monkeypatch
):
    monkeypatch.setattr(cleveland, "PAGE_SIZE", 3)
    creator = {"description": "Anna Ancher (Danish, 1859–1935)", "death_year": "1935"}
    free, pictures = {"share_license_status": "CC0"}, {"images": {"web": {"url": LINK}}}
    known = {"title": None, "creators": [creator], "creation_date": "1701"}
    items = [pictures, free, free | {"images": None}, free | pictures | known]
    items += [free | {"creators": [], "images": {"web": {"url": "b"}}}]

    def answer(request):
        assert request.args["cc0"] == "1" and request.args["type"] == "Painting"
        skip = int(request.args["skip"])
        return json_response({"data": items[skip : skip + 3]})

    museum.answers["/api/artworks/"] = answer
    [first, second], problems = find(("cleveland", "palace"))
    assert problems == [] and len(museum.requests) == 2
    assert (first["artist"], first["death_year"]) == ("Anna Ancher", "1935")
    assert (first["year"], first["rights"]) == ("1701", "CC0")
    assert second["image_url"] == "b"


def test_the_shipped_lists_are_whole(repository, find):
    for name, count in (("architecture", 1410), ("flowers", 317)):
        found, _ = find(("listing", repository / "data" / f"{name}.csv"))
        assert len(found) == len({picture_name(each) for each in found}) == count
        assert all(each["artist"] and each["genre"] for each in found)
        assert all("else fair use" in each["rights"] for each in found)


def test_a_list_may_have_accents_quotes_and_columns_of_its_own(find, tmp_path):
    path = tmp_path / "list.csv"
    text = f'image_url,colour,title,artist\n{LINK},red,"A ""view"", é","B, Younger"\n'
    path.write_text(text + f"{LINK},red,again,B\n", "utf-8-sig")
    [[row], _] = find(("listing", path))
    assert (row["title"], row["artist"]) == ('A "view", é', "B, Younger")
    path.write_text(f"artist,title,image_url,rights\nA,T,{LINK},CC0\n", "utf-8")
    assert find(("listing", path))[0][0]["rights"] == "CC0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("artist,title,link\nA,T,L\n", "line 1: it lacks image_url"),
        (HEAD, "list.csv.*nothing is there"),
        (HEAD + f"A,T,{LINK}\nA,T\n", "line 3"),
        (HEAD + f'A,"T,{LINK}\n', "cannot be read"),
        (HEAD + f"\xe9,T,{LINK}", "must be a CSV in UTF-8"),
    ],
)
def test_a_mistake_in_a_list_is_a_sentence_with_its_line(find, tmp_path, text, words):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ArtganError, match=words):
        find(("listing", path))
