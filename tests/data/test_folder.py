import os

import pytest

from artgan.data.folder import list_folder
from artgan.gather.sources.problems import SourceError


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_lists_pictures_of_any_nesting_sorted(tmp_path):
    touch(tmp_path, "b/c/2.PNG", "a.jpg", "b/1.tiff", "z ü.webp", "b/3.gif")
    touch(tmp_path, "notes.txt", "b/x.npy", "jpg", "d.jpg.part")
    touch(tmp_path, ".hidden.jpg", ".cache/1.jpg", "b/.trash/1.jpg")
    found = [path.relative_to(tmp_path).as_posix() for path in list_folder(tmp_path)]
    assert found == ["a.jpg", "b/1.tiff", "b/3.gif", "b/c/2.PNG", "z ü.webp"]


def test_a_folder_named_like_a_picture_is_no_picture(tmp_path):
    touch(tmp_path, "album.jpg/1.jpg")
    assert list_folder(tmp_path) == [tmp_path / "album.jpg" / "1.jpg"]


def test_a_hidden_folder_may_be_named_itself(tmp_path):
    touch(tmp_path, ".pictures/1.jpg")
    assert len(list_folder(str(tmp_path / ".pictures"))) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_followed_once_and_loops_end(tmp_path):
    touch(tmp_path, "data/1.jpg", "elsewhere/2.jpg")
    (tmp_path / "data" / "loop").symlink_to(tmp_path / "data")
    (tmp_path / "data" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "data" / "twice").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "data" / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    found = [path.name for path in list_folder(tmp_path / "data")]
    assert found == ["1.jpg", "2.jpg"]


def test_missing_and_empty_folders_become_sentences(tmp_path):
    with pytest.raises(SourceError, match="There is no folder"):
        list_folder(tmp_path / "nowhere")
    touch(tmp_path, "notes.txt")
    with pytest.raises(SourceError, match="There is no folder"):
        list_folder(tmp_path / "notes.txt")
    with pytest.raises(SourceError, match="holds no pictures"):
        list_folder(tmp_path)
