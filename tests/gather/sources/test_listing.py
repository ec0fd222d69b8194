from pathlib import Path

import pytest

from artgan.gather.sources.listing import read_listing
from artgan.gather.sources.picture import safe_name
from artgan.gather.sources.problems import SourceError

DATA = Path(__file__).parents[3] / "data"
HEAD = "artist,title,year,genre,image_url\n"


def write(folder, text, encoding="utf-8"):
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(("name", "count"), [("architecture", 1410), ("flowers", 317)])
def test_the_shipped_lists_are_whole(name, count):
    artworks = read_listing(DATA / f"{name}.csv")
    assert len(artworks) == count
    assert len({safe_name(artwork) for artwork in artworks}) == count
    assert all(artwork.artist and artwork.genre for artwork in artworks)
    assert all("fair use on wikiart.org" in artwork.rights for artwork in artworks)
    assert not any("-" in artwork.title for artwork in artworks)


def test_reads_names_with_commas_quotes_accents_and_a_mark(tmp_path):
    path = write(
        tmp_path,
        HEAD + '"Brueghel, the Younger","A ""view""",1600,veduta,https://a.org/é.jpg\n',
        "utf-8-sig",
    )
    (artwork,) = read_listing(path)
    assert artwork.artist == "Brueghel, the Younger"
    assert artwork.title == 'A "view"'
    assert artwork.year == "1600"
    assert artwork.image_url == "https://a.org/é.jpg"
    assert artwork.page_url == ""
    assert artwork.rights.startswith("unknown")


def test_three_columns_are_enough_others_are_ignored(tmp_path):
    text = "image_url,colour,title,artist\nhttp://a.org/1.jpg,red,T,A\n"
    (artwork,) = read_listing(write(tmp_path, text))
    assert (artwork.title, artwork.artist, artwork.genre) == ("T", "A", "")


def test_a_picture_listed_twice_is_kept_once(tmp_path):
    row = "A,T,,g,https://a.org/1.jpg\n"
    assert len(read_listing(write(tmp_path, HEAD + row + "\n" + row))) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "lacks in line 1: artist, title, image_url"),
        ("artist,title,link\nA,T,L\n", "lacks in line 1: image_url"),
        (HEAD, "names no pictures"),
        (HEAD + "A,T,,g,https://a.org/1.jpg\nA,T\n", "line 3: it has not as many"),
        (HEAD + "A,T,,g,https://a.org/1.jpg,more\n", "line 2: it has not as many"),
        (HEAD + "A,T,,g,file:///etc/hosts\n", "line 2: 'file:///etc/hosts' is not an"),
        (HEAD + "A,T,,g,\n", "line 2: '' is not an http address"),
        (HEAD + "A,T,,g,http://[\n", "line 2: 'http://[' is not an http address"),
        (HEAD + '"A\nB",T,,g,nowhere\n', "line 3"),
        (HEAD + "A,T,,g,a\x1b[2J\x9b\u202eb\n", r"'a\x1b[2J\x9b\u202eb' is not an"),
        (HEAD + 'A,"T,,g,https://a.org/1.jpg\n', "cannot be read"),
    ],
)
def test_mistakes_become_sentences_with_their_line(tmp_path, text, words):
    with pytest.raises(SourceError) as caught:
        read_listing(write(tmp_path, text))
    assert words in str(caught.value)
    assert "list.csv" in str(caught.value)


def test_missing_and_foreign_files_become_sentences(tmp_path):
    with pytest.raises(SourceError, match="There is no list"):
        read_listing(tmp_path / "nowhere.csv")
    with pytest.raises(SourceError, match="UTF-8"):
        read_listing(write(tmp_path, HEAD + "é,T,,g,https://a.org/1.jpg\n", "latin-1"))
    with pytest.raises(SourceError, match="cannot be read"):
        read_listing(tmp_path)
