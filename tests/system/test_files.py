import os

import pytest

import artgan.system.files
from artgan.system.files import replacing


def test_a_file_takes_the_place_of_the_old_one(tmp_path):
    target = tmp_path / "a.txt"
    for text in ("old", "new"):
        with replacing(target) as temporary:
            temporary.write_text(text, encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path, error):
    target = tmp_path / "a.txt"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(error), replacing(target) as temporary:
        temporary.write_text("ne", encoding="utf-8")
        raise error
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_error_is_told_when_there_is_nothing_to_remove(tmp_path):
    with pytest.raises(FileNotFoundError, match="a.txt.part"):
        with replacing(tmp_path / "missing" / "a.txt") as temporary:
            temporary.touch()


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


def test_a_rename_that_windows_refuses_for_a_moment_is_tried_again(tmp_path, refusals):
    refusals += 3 * [None]
    with replacing(tmp_path / "a.txt") as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "new"


def test_a_rename_that_is_refused_for_good_is_an_error(tmp_path, refusals):
    refusals += 99 * [None]
    with pytest.raises(PermissionError), replacing(tmp_path / "a.txt") as temporary:
        temporary.touch()
    assert len(refusals) == 99 - len(artgan.system.files.PAUSES)
    assert not list(tmp_path.iterdir())
