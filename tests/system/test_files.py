import os

import pytest

import artgan.system.files
from artgan.system.errors import ArtganError
from artgan.system.files import read_object, replacing, shipped, write_object


@pytest.fixture
def target(tmp_path):
    """A file that is there already."""
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    return path


@pytest.fixture
def refusals(monkeypatch):
    """Let renaming fail as often as the list has entries; each pause is removed one."""
    left = []

    def replace(source, target, rename=os.replace):
        if left:
            raise PermissionError(13, "a virus scanner has it open")
        rename(source, target)

    monkeypatch.setattr("artgan.system.files.os.replace", replace)
    monkeypatch.setattr("artgan.system.files.time.sleep", lambda _: left.pop())
    return left


@pytest.mark.parametrize("refused", [0, 3])
def test_a_file_takes_the_place_of_the_old_one(target, refusals, refused):
    refusals += refused * [None]  # Windows refuses for a moment
    with replacing(target) as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "new"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, PermissionError])
def test_what_fails_leaves_the_old_file_and_nothing_else(target, error, refusals):
    with pytest.raises(error), replacing(target) as temporary:
        temporary.write_text("ne", encoding="utf-8")
        if error is not PermissionError:
            raise error
        refusals += 99 * [None]
    assert len(refusals) in (0, 99 - len(artgan.system.files.PAUSES))
    assert target.read_text(encoding="utf-8") == "old"
    assert list(target.parent.iterdir()) == [target]


def test_an_object_comes_back_even_with_names_that_are_no_text(tmp_path):
    content = {"name": "Fassade ü", "parts": [1, {"a": None}], "place": "/caf\udce9 é"}
    write_object(tmp_path / "a.json", content)
    assert read_object(tmp_path / "a.json") == content
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    with pytest.raises(ArtganError, match="none.json' is missing"):
        read_object(tmp_path / "none.json")


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"3", b"[1]", b'"text"', b"\xff\xfe{}", b'{"a": 1', b"[" * 100_000),
        *(b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": ' + b"9" * 5000 + b"}"),
    ],
)
def test_what_is_no_object_is_a_sentence(tmp_path, data):
    path = tmp_path / "a\x1b[31m.json"
    path.write_bytes(data)
    with pytest.raises(ArtganError, match="is damaged") as caught:
        read_object(path)
    assert "\x1b" not in str(caught.value) and len(str(caught.value)) < 500


def test_weights_lie_beside_a_checkout_or_inside_an_installed_package(
    repository, tmp_path, monkeypatch
):
    assert shipped() == repository / "checkpoints"
    package = tmp_path / "artgan"
    monkeypatch.setattr(
        artgan.system.files, "__file__", str(package / "system" / "files.py")
    )
    assert shipped("a", "b") == tmp_path / "checkpoints" / "a" / "b"
    (package / "checkpoints").mkdir(parents=True)
    assert shipped("a", "b") == package / "checkpoints" / "a" / "b"
