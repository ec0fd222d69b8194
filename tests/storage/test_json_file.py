import pytest

from artgan.storage.json_file import read_object, write_object
from artgan.system.errors import ArtganError


def test_what_is_written_comes_back(tmp_path):
    content = {"name": "Fassade ü", "parts": [1, {"a": None}]}
    write_object(tmp_path / "a.json", content)
    assert read_object(tmp_path / "a.json") == content
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"3",
        b"null",
        b"[1]",
        b'"text"',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe{}",
        b'{"a": 1',
    ],
)
def test_anything_else_is_a_sentence(tmp_path, data):
    path = tmp_path / "a\x1b[31m.json"
    path.write_bytes(data)
    with pytest.raises(ArtganError, match="is damaged") as caught:
        read_object(path)
    assert "\x1b" not in str(caught.value) and len(str(caught.value)) < 500


def test_a_name_that_is_no_text_comes_back(tmp_path):
    content = {"folder": "/my/caf\udce9 \u00e9"}
    write_object(tmp_path / "a.json", content)
    assert read_object(tmp_path / "a.json") == content


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ArtganError, match="none.json' is missing"):
        read_object(tmp_path / "none.json")
