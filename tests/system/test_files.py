import pytest

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
