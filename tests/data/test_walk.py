import os
import socket

import pytest

from artgan.data.kinds import PASSED_OVER
from artgan.data.walk import OURS, walk_files

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def walked(folder):
    """What `walk_files` finds: name -> problem."""
    found = list(walk_files(folder))
    names = {path.relative_to(folder).as_posix(): problem for path, problem in found}
    assert len(names) == len(found)
    return names


def test_files_of_any_nesting_and_name(tmp_path):
    touch(tmp_path, "b/c/2.PNG", "a.jpg", "z ü.webp", "x", "album.jpg/1.jpg!Large")
    assert walked(tmp_path) == dict.fromkeys(
        ["a.jpg", "x", "z ü.webp", "album.jpg/1.jpg!Large", "b/c/2.PNG"], ""
    )


def test_hidden_files_and_notes_are_passed_over(tmp_path):
    names = ".hidden.jpg", "._a.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", ".venv/1"
    names += "README.md", "metadata.csv", "manifest.csv", "LICENSE", "__MACOSX/._a.jpg"
    names += ("villas.64px.0123abcd.0123456789abcdef.npy",)
    touch(tmp_path, *names, "readme.jpg", "notes.txt")
    found = walked(tmp_path)
    assert found.pop("readme.jpg") == found.pop("notes.txt") == ""
    assert found == dict.fromkeys((name.split("/")[0] for name in names), PASSED_OVER)


def test_a_hidden_folder_may_be_named_itself(tmp_path):
    touch(tmp_path, ".pictures/1.jpg")
    assert walked(tmp_path / ".pictures") == {"1.jpg": ""}


def test_our_own_folders_are_left_out_below_the_named_one(tmp_path):
    touch(tmp_path, "trip/mine/log.jsonl", "trip/mine/samples/1.png", "env/pyvenv.cfg")
    touch(tmp_path, "env/lib/logo.png", "runs/x/1.png", "results/x.png")
    touch(tmp_path, "checkpoints/x/1.png", "imgs/1.png", "trip/2.png")
    ours = dict.fromkeys(["trip/mine", "env", "runs", "results", "checkpoints"], OURS)
    assert walked(tmp_path) == {"imgs/1.png": "", "trip/2.png": ""} | ours
    assert walked(tmp_path / "runs") == {"x/1.png": ""}
    assert walked(tmp_path / "trip" / "mine")["samples/1.png"] == ""


def test_of_a_copy_of_this_project_only_the_pictures_count(tmp_path):
    touch(tmp_path, "copy/GAN_generation.ipynb", "copy/imgs/x.png", "copy/data/1.jpg")
    found = walked(tmp_path)
    assert found["copy/imgs"] == OURS and found["copy/data/1.jpg"] == ""
    assert walked(tmp_path / "copy")["imgs"] == OURS


def test_this_project_is_no_collection_of_pictures(repository):
    used = [p for p, problem in walk_files(repository) if not problem]
    assert not [path for path in used if path.suffix == ".png"]


@posix
def test_links_are_followed_once_and_circles_end(tmp_path):
    touch(tmp_path, "data/1.jpg", "elsewhere/2.jpg", "0.jpg")
    data = tmp_path / "data"
    (data / "loop").symlink_to(data)
    (data / "up").symlink_to(tmp_path)
    (data / "more").symlink_to(tmp_path / "elsewhere")
    (data / "twice").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(data)
    (data / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (data / "self.jpg").symlink_to(data / "self.jpg")
    found = walked(data)
    assert found.pop("gone.jpg") == "not opened (No such file or directory)"
    assert found.pop("self.jpg").startswith("not opened (Too many levels")
    assert found == {"1.jpg": "", "more/2.jpg": ""}


@posix
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "null.jpg").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as server:
        before = os.getcwd()
        os.chdir(tmp_path)
        server.bind("socket.jpg")  # its whole path may be too long
        os.chdir(before)
        found = walked(tmp_path)
    assert found == dict.fromkeys(
        ["null.jpg", "pipe.jpg", "socket.jpg"], "a pipe, socket or device"
    )


@posix
def test_folders_in_folders_without_end(tmp_path):
    before = os.getcwd()
    os.chdir(tmp_path)
    depth = 1500
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    open("1.jpg", "wb").close()
    os.chdir(before)
    [(path, problem)] = walk_files(tmp_path)
    assert (path.name, problem) == ("1.jpg", "")
    path.unlink()
    for parent in list(path.parents)[:depth]:  # for pytest would recurse
        parent.rmdir()


def test_a_folder_that_cannot_be_opened_is_told_and_the_rest_listed(
    tmp_path, monkeypatch
):
    touch(tmp_path, "a/1.jpg", "secret/2.jpg", "z/3.jpg")

    def scan(place, scandir=os.scandir):
        if place.name == "secret":
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    monkeypatch.setattr("artgan.data.walk.os.scandir", scan)
    assert walked(tmp_path) == {
        "a/1.jpg": "",
        "secret": "not opened (Permission denied)",
        "z/3.jpg": "",
    }
