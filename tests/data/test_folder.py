import os

import numpy as np
import pytest

from artgan.data.folder import check_folder, list_files
from artgan.system.errors import ArtganError

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def listed(folder):
    """The names of what may be pictures, and the remarks."""
    paths, remarks = list_files(folder)
    return [path.relative_to(folder).as_posix() for path in paths], remarks


def test_files_of_any_nesting_and_name(tmp_path):
    names = ["a.jpg", "album.jpg/1.jpg!Large", "b/c/2.PNG", "x", "z ü 写真.webp"]
    touch(tmp_path, *names)
    assert listed(tmp_path) == (names, {})


@posix
def test_a_name_in_another_encoding(tmp_path):
    with open(os.fsencode(tmp_path) + b"/caf\xe9.jpg", "wb"):
        pass
    assert listed(tmp_path)[0] == ["caf\udce9.jpg"]


def test_hidden_files_notes_and_our_own_folders_are_passed_over(tmp_path):
    passed = {".h.jpg", "._a.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", ".venv"}
    passed |= {"README.md", "dataset.json", "metadata.csv", "LICENSE", "__MACOSX"}
    passed |= {"runs", "results", "trip/mine", "env"}
    touch(tmp_path, *passed - {".venv", "__MACOSX", "runs", "results", "trip/mine"})
    (tmp_path / "env").unlink()
    touch(tmp_path, ".venv/1", "__MACOSX/._a.jpg", "runs/x/1.png", "results/x.png")
    touch(tmp_path, "trip/mine/log.jsonl", "trip/mine/samples/1.png", "env/pyvenv.cfg")
    touch(tmp_path, "trip/2.png", "env/lib/logo.png", "readme.jpg")
    found, remarks = listed(tmp_path)
    assert found == ["readme.jpg", "trip/2.png"]
    [(words, left)] = remarks.items()
    assert "hidden, notes or folders of runs" in words and set(left) == passed
    assert listed(tmp_path / "runs")[0] == ["x/1.png"]
    assert listed(tmp_path / ".venv")[0] == ["1"]


@posix
def test_links_are_followed_once_and_what_is_no_file_is_not_waited_for(tmp_path):
    touch(tmp_path, "data/1.jpg", "elsewhere/2.jpg", "0.jpg")
    data = tmp_path / "data"
    (data / "loop").symlink_to(data)
    (data / "up").symlink_to(tmp_path)
    (data / "more").symlink_to(tmp_path / "elsewhere")
    (data / "twice").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(data)
    (data / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    os.mkfifo(data / "pipe.jpg")
    found, remarks = listed(data)
    assert found == ["1.jpg", "more/2.jpg"]
    assert remarks == {
        "not opened: broken links, pipes or devices": ["gone.jpg", "pipe.jpg"]
    }


def test_a_folder_that_cannot_be_opened_is_told_and_the_rest_listed(
    tmp_path, monkeypatch
):
    touch(tmp_path, "a/1.jpg", "secret/2.jpg", "z/3.jpg")

    def scan(place, scandir=os.scandir):
        if str(place).endswith("secret"):
            raise PermissionError(13, "Permission denied", str(place))
        return scandir(place)

    monkeypatch.setattr(os, "scandir", scan)
    expected = (
        ["a/1.jpg", "z/3.jpg"],
        {"folders not opened: Permission denied": ["secret"]},
    )
    assert listed(tmp_path) == expected


@pytest.mark.parametrize(
    "folder", ["nowhere", "", "a.jpg", "x" * 300, "\0", None, b"a", 3, np.zeros(2)]
)
def test_what_is_no_folder_is_a_sentence(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    touch(tmp_path, "a.jpg")
    with pytest.raises(ArtganError, match=r"\.$"):
        check_folder(folder)
    assert check_folder(str(tmp_path)) == tmp_path
