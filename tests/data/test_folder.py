import io

import pytest
from PIL import Image, features

from artgan.data.folder import check_folder, list_pictures
from artgan.data.kinds import PASSED_OVER, can_read, picture_kind, problem_of
from artgan.system.errors import ArtganError

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 300
FORMATS = ["JPEG", "PNG", "GIF", "BMP", "TIFF", "PPM", "WEBP", "AVIF", "JPEG2000"]


def picture(kind):
    """The bytes of a small picture."""
    file = io.BytesIO()
    Image.new("RGB", (9, 7), "teal").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_is_known_by_its_first_bytes(kind):
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    assert picture_kind(picture(kind)[:64]) == kind
    assert can_read(kind)


@pytest.mark.parametrize(
    "name",
    ["a.jfif", "a.jpe", "a.jpg!Large.jpg", "a.jpg?w=800", "a", "A.JPG", "a.txt", "a.b"],
)
def test_the_name_of_a_picture_does_not_matter(name, tmp_path):
    path = tmp_path / name.replace("?", "_")
    path.write_bytes(picture("JPEG"))
    assert list_pictures(tmp_path) == ([path], {})


OTHERS = {
    "empty.jpg": (b"", "empty (0 bytes)"),
    "cloud.jpg": (b"\0" * 999, "only zeros (not yet loaded from the cloud?)"),
    "page.jpg": (
        b"\r\n<!DOCTYPE HTML><p>403",
        "a web page (no picture came from the server)",
    ),
    "denied.jpg": (
        b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
        "a web page (no picture came from the server)",
    ),
    "limit.jpg": (
        b'{"error": "rate limit"}',
        "a web page (no picture came from the server)",
    ),
    "saved.jpg": (
        "<!-- saved --><!doctype html>".encode("utf-16"),
        "a web page (no picture came from the server)",
    ),
    "pointer.jpg": (
        b"version https://git-lfs.github.com/spec/v1",
        "a note of Git LFS (git lfs pull brings the picture)",
    ),
    "renamed.jpg": (b"\xff\x0a" + b"1" * 30, ".jxl not read (save them as PNG)"),
    "drawing.png": (b"<svg xmlns=''></svg>", ".svg not read (save them as PNG)"),
    "double.jpg": (b"\0\5\x16\7\0\2\0\0Mac OS X", PASSED_OVER),
    "notes.txt": (b"BMW", "no picture"),
    "a.jpg": (HEIC, ".heic not read (pip install pillow-heif)"),
    "a.NEF": (b"II*\0" + b"1" * 99, ".nef not read (save them as JPEG)"),
    "a.psd": (b"8BPS", ".psd not read (save them as PNG)"),
    "a.zip": (b"PK\3\4", ".zip not read (unpack them)"),
    "a.jpg.part": (b"\xff\xd8\xff", ".part not read (unfinished downloads)"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_each_other_file_has_its_reason(name, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    can_read.cache_clear()
    path = tmp_path / name
    contents, reason = OTHERS[name]
    path.write_bytes(contents)
    assert list_pictures(tmp_path) == ([], {path: reason})
    can_read.cache_clear()


def test_the_plugin_for_heic_is_loaded_when_it_is_first_needed(tmp_path, monkeypatch):
    calls = []

    class Plugin:
        register_heif_opener = staticmethod(lambda: calls.append("registered"))

    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", Plugin)
    can_read.cache_clear()
    for number in range(2):
        (tmp_path / f"{number}.heic").write_bytes(HEIC)
    (tmp_path / "a.jpg").write_bytes(picture("JPEG"))
    assert problem_of(tmp_path / "a.jpg") == "" and not calls
    assert len(list_pictures(tmp_path)[0]) == 3
    assert calls == ["registered"]
    can_read.cache_clear()


def test_a_pillow_without_a_format_asks_for_a_newer_one(tmp_path, monkeypatch):
    monkeypatch.setattr("artgan.data.kinds.features.check", lambda name: False)
    can_read.cache_clear()
    (tmp_path / "a.webp").write_bytes(b"RIFF1234WEBPVP8 ")
    assert "pip install --upgrade pillow" in problem_of(tmp_path / "a.webp")
    can_read.cache_clear()


def test_a_missing_folder_is_a_sentence(tmp_path):
    check_folder(tmp_path)
    with pytest.raises(ArtganError, match="There is no folder"):
        check_folder(tmp_path / "nowhere")
    (tmp_path / "a.jpg").touch()
    with pytest.raises(ArtganError, match="a.jpg is a file"):
        check_folder(tmp_path / "a.jpg")
