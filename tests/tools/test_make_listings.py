import pytest

from artgan.gather.sources.listing import read_listing
from tools.make_listings import listing_row, main, readable

HOST = "https://uploads1.wikiart.org"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("vincent-van-gogh", "Vincent van Gogh"),
        ("st-mark-s-column-in-venice", "St Mark's Column in Venice"),
        ("the-pont-de-l-europe", "The Pont de l'Europe"),
        ("west-78th-street", "West 78th Street"),
        ("", ""),
    ],
)
def test_names_become_readable(name, text):
    assert readable(name) == text


@pytest.mark.parametrize(
    ("file", "title", "year"),
    [
        ("grand-canal.jpg", "Grand Canal", ""),
        ("grand-canal-1730.jpg", "Grand Canal", "1730"),
        ("grand-canal-1730-1.jpg", "Grand Canal", "1730"),
        ("grand-canal-1730(1).jpg", "Grand Canal", "1730"),
        ("grand-canal-2.JPG", "Grand Canal 2", ""),
        ("not_detected_212148.jpg", "", ""),
    ],
)
def test_an_address_becomes_a_row(file, title, year):
    url = f"{HOST}/00246/images/henri-edmond-cross/{file}"
    row = listing_row(url, "veduta")
    assert list(row.values()) == ["Henri-Edmond Cross", title, year, "veduta", url]


def test_addresses_become_a_list(tmp_path, monkeypatch, capsys):
    addresses, listing = tmp_path / "addresses.csv", tmp_path / "listing.csv"
    addresses.write_text(
        f"genre,url\nveduta,{HOST}/images/canaletto/b.jpg\n"
        f"veduta,{HOST}/images/canaletto/a-1730.jpg\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("sys.argv", ["make", str(addresses), str(listing)])
    main()
    assert [artwork.title for artwork in read_listing(listing)] == ["A", "B"]
    assert "2 pictures" in capsys.readouterr().out
