import io
import re
import struct
import zlib

import pytest
import requests
from fake_museum import (
    dripping,
    html_page,
    picture_bytes,
    reset_after,
    sending,
    session_for,
    status,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from artgan.gather.sources.artwork import Artwork
from artgan.gather.sources.picture import check_picture, download_picture, safe_name

PATH = "/images/a.jpg"
RESERVED = {"con", "prn", "aux", "nul"} | {f"com{n}" for n in range(10)}


def artwork(title="View", artist="Canaletto", url="https://a.org/x.jpg"):
    return Artwork(title, artist, "", "", url, "", "")


@pytest.fixture
def session(museum, monkeypatch):
    monkeypatch.setattr("artgan.gather.network.session.SHORTEST_DELAY", 0.0)
    with session_for(museum, longest=20) as session:
        yield session


def check_name(name):
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*\.[a-z]+", name)
    assert len(name) <= 115
    assert name.split(".")[0] not in RESERVED


def test_a_name_says_who_and_what():
    name = safe_name(artwork("The Molo, looking West", "Édouard Manet"))
    assert re.fullmatch(r"edouard-manet_the-molo-looking-west_[0-9a-f]{8}\.jpg", name)


@pytest.mark.parametrize(
    "title",
    ["../../etc/passwd", "CON", "nul.", 'a/b\\c:d*?"<>|', "🎨🖼", "x" * 300, "", " . "],
)
def test_hostile_titles_make_safe_names(title):
    check_name(safe_name(artwork(title, artist=title)))


@settings(max_examples=50, deadline=None)
@given(st.text(), st.text(), st.text())
def test_any_text_makes_a_safe_name(title, artist, url):
    check_name(safe_name(artwork(title, artist, url)))


def test_one_title_twice_makes_two_names_and_one_picture_one():
    first = artwork(url="https://a.org/x.jpg")
    second = artwork(url="https://a.org/y.jpg")
    assert safe_name(first) != safe_name(second)
    assert safe_name(first) == safe_name(artwork(url="https://a.org/x.jpg"))


@pytest.mark.parametrize(
    ("url", "suffix"),
    [
        ("https://a.org/x.PNG", ".png"),
        ("https://a.org/x.jpg!Large.jpg", ".jpg"),
        ("https://a.org/x.webp?size=1.exe", ".webp"),
        ("https://a.org/x.php", ".jpg"),
        ("https://a.org/x", ".jpg"),
        ("http://[", ".jpg"),
        ("\ud800", ".jpg"),
    ],
)
def test_the_suffix_is_that_of_a_picture(url, suffix):
    assert safe_name(artwork(url=url)).endswith(suffix)


def test_a_picture_arrives_whole(museum, session, tmp_path):
    museum.answers[PATH] = sending(picture_bytes())
    download_picture(session, museum.url + PATH, tmp_path / "a.jpg")
    assert (tmp_path / "a.jpg").read_bytes() == picture_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


def test_a_plain_session_will_do(museum, tmp_path):
    museum.answers[PATH] = sending(picture_bytes())
    with requests.Session() as plain:
        download_picture(plain, museum.url + PATH, tmp_path / "a.jpg")
    check_picture(tmp_path / "a.jpg")


def test_falls_back_to_the_plain_address_only_where_there_is_one(
    museum, session, tmp_path
):
    museum.answers[PATH] = sending(picture_bytes())
    download_picture(session, museum.url + PATH + "!Large.jpg", tmp_path / "a.jpg")
    assert museum.paths() == [PATH + "!Large.jpg", PATH]
    with pytest.raises(requests.HTTPError):
        download_picture(session, museum.url + "/b.jpg", tmp_path / "b.jpg")
    assert museum.paths()[2:] == ["/b.jpg"]


def test_accents_are_percent_encoded(museum, session, tmp_path):
    museum.answers["/images/carità (1).jpg"] = sending(picture_bytes())
    url = museum.url + "/images/carità (1).jpg"
    download_picture(session, url, tmp_path / "a.jpg")
    assert (tmp_path / "a.jpg").exists()


def bomb():
    """A PNG file of a few bytes that says it is 30,000 pixels wide and high."""

    def chunk(kind, data):
        code = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + code

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data)


def large_blank():
    """A picture of 90 million pixels in few bytes."""
    file = io.BytesIO()
    Image.new("1", (10_000, 9_000)).save(file, "PNG")
    return file.getvalue()


BIG = picture_bytes() + bytes(1_000_000)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("handler", "error"),
    [
        (html_page, "does not decode"),
        (sending(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "does not decode"),
        (sending(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"), "not decode"),
        (sending(b""), "does not decode"),
        (sending(picture_bytes()[:-400]), "does not decode"),
        (sending(picture_bytes(), length=600), "does not decode"),
        (sending(bomb()), "pixels"),
        (sending(large_blank()), "pixels"),
        (sending(BIG), "larger than 100,000 bytes"),
        (sending(BIG, length=50_000_000), "larger than 100,000 bytes"),
        (sending(picture_bytes(), length=50_000), "broke off"),
        (reset_after(BIG[:90_000]), "broke off"),
        (dripping(), "in all"),
        (dripping(length=None), "in all"),
        (status(403), "403"),
        (status(404), "404"),
    ],
)
def test_what_is_no_whole_picture_leaves_nothing(
    museum, session, tmp_path, handler, error
):
    museum.answers[PATH] = handler
    if error == "in all":  # of those that drip
        session.longest = 1.0
    with pytest.raises((requests.RequestException, ValueError), match=error):
        download_picture(session, museum.url + PATH, tmp_path / "a.jpg", 100_000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_too_many_pixels_are_never_decoded(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(large_blank())
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda image: 1 / 0)
    with pytest.raises(ValueError, match="more than 80,000,000 pixels"):
        check_picture(tmp_path / "a.png")


def test_an_earlier_picture_stays_when_the_new_one_fails(museum, session, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(picture_bytes())
    museum.answers[PATH] = html_page
    with pytest.raises(ValueError):
        download_picture(session, museum.url + PATH, path)
    assert path.read_bytes() == picture_bytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_cut_of_a_picture_is_noticed_or_harmless(tmp_path, kind):
    whole = picture_bytes(kind=kind)
    path = tmp_path / "cut"
    path.write_bytes(whole)
    check_picture(path)
    for length in range(0, len(whole) * 9 // 10, max(1, len(whole) // 15)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError):
            check_picture(path)
