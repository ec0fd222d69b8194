import os

import numpy as np
import pytest

from artgan.data.dataset import Dataset
from artgan.data.folder import check_folder, list_files, plain_name
from artgan.system.errors import ArtganError


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def listed(folder):
    """The names of what may be pictures, and of what is passed over."""
    paths, passed = list_files(folder)
    return [path.relative_to(folder).as_posix() for path in paths], passed


def test_files_of_any_nesting_and_name(tmp_path):
    names = ["a.jpg", "album.jpg/1.jpg!Large", "b/c/2.PNG", "x", "z ü 写真.webp"]
    touch(tmp_path, *names)
    assert listed(tmp_path) == (names, [])
    if os.name != "nt":  # a name in another encoding
        open(os.fsencode(tmp_path) + b"/caf\xe9.jpg", "wb").close()
        assert "caf\udce9.jpg" in listed(tmp_path)[0]


def test_hidden_files_notes_and_our_own_folders_are_passed_over(tmp_path):
    passed = {".h.jpg", "._a.jpg", ".DS_Store", "Thumbs.db", "README.md", "a.NEF"}
    passed |= {"dataset.json", "metadata.csv", "LICENSE", "killed.part"}
    touch(tmp_path, *passed, "trip/2.png", "readme.jpg")
    touch(tmp_path, ".venv/1", "__MACOSX/._a.jpg", "runs/x/1.png", "results/x.png")
    touch(tmp_path, "trip/mine/log.jsonl", "trip/mine/samples/1.png")
    touch(tmp_path, "new/run.json", "new/latest.png")  # killed at its first step
    touch(tmp_path, "env/pyvenv.cfg", "env/lib/logo.png")
    found, left = listed(tmp_path)
    assert found == ["readme.jpg", "trip/2.png"]
    folders = {".venv", "__MACOSX", "runs", "results", "trip/mine", "new", "env"}
    assert set(left) == passed | folders
    assert listed(tmp_path / "runs")[0] == ["x/1.png"]
    assert listed(tmp_path / ".venv")[0] == ["1"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_links_are_followed_once_and_what_is_no_file_is_not_waited_for(
    tmp_path, monkeypatch
):
    touch(tmp_path, "data/1.jpg", "data/secret/3.jpg", "elsewhere/2.jpg", "0.jpg")
    data = tmp_path / "data"
    (data / "loop").symlink_to(data)
    (data / "up").symlink_to(tmp_path)
    (data / "more").symlink_to(tmp_path / "elsewhere")
    (data / "twice").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(data)
    (data / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    os.mkfifo(data / "pipe.jpg")

    def scan(place, scandir=os.scandir):
        if str(place).endswith("secret"):
            raise PermissionError(13, "Permission denied", str(place))
        return scandir(place)

    monkeypatch.setattr(os, "scandir", scan)
    expected = ["1.jpg", "more/2.jpg"], ["gone.jpg", "pipe.jpg", "secret"]
    assert listed(data) == expected


@pytest.mark.parametrize(
    "folder", ["nowhere", "", "a.jpg", "x" * 300, "\0", None, b"a", np.zeros(2)]
)
def test_what_is_no_folder_is_a_sentence(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    touch(tmp_path, "a.jpg")
    with pytest.raises(ArtganError, match=r"\.$"):
        check_folder(folder)
    assert check_folder(str(tmp_path)) == tmp_path


@pytest.fixture
def places(tmp_path, fill):
    """Pictures in four folders, of which two have eight, and one beside them."""
    counts = {"canal": 8, "church/inside": 9, "bridge": 3, "tower": 2}
    for seed, (name, count) in enumerate(counts.items()):
        fill(tmp_path / name, count, seed=seed)
    return fill(tmp_path, 1, seed=9)


def test_classes_of_the_first_level_of_folders(places):
    dataset = Dataset(places, 8)
    assert "2 folders that could be classes (canal, church)." in dataset.report()
    names, numbers = dataset.labels("folder")
    assert names == ["canal", "church", "other"]
    assert np.bincount(numbers).tolist() == [8, 9, 6]
    said = dict(zip(dataset.names, np.array(names)[numbers].tolist(), strict=True))
    expected = {"canal/3.png": "canal", "church/inside/0.png": "church"}
    assert said == said | expected | {"tower/1.png": "other", "0.png": "other"}


def test_classes_of_a_column_of_the_table(tmp_path, fill):
    fill(tmp_path / "images", 20)
    rows = ["file_name,style,year"]
    rows += [f"images/{n}.png,{'Rococo' if n < 9 else 'Baroque'}," for n in range(19)]
    text = "\n".join(rows).replace(",", ";")  # as Excel may keep it
    (tmp_path / "metadata.csv").write_text(text, "utf-8-sig")
    dataset = Dataset(tmp_path, 8)
    names, numbers = dataset.labels("style")
    assert names == ["Baroque", "Rococo", "other"]
    assert np.bincount(numbers).tolist() == [10, 9, 1]
    with pytest.raises(ArtganError, match="no two classes, of 8"):
        dataset.labels("year")
    with pytest.raises(ArtganError, match="it lacks genre"):
        dataset.labels("genre")


def test_classes_of_stylegans_labels(tmp_path, fill):
    fill(tmp_path / "00000", 20)
    labels = [[f"00000/{n}.png", n // 9] for n in range(20)]
    (tmp_path / "dataset.json").write_text(f'{{"labels": {labels}}}'.replace("'", '"'))
    names, numbers = Dataset(tmp_path, 8).labels("dataset.json")
    assert names == ["0", "1", "other"] and np.bincount(numbers).tolist() == [9, 9, 2]


def test_pieces_of_one_picture_count_once(tmp_path, fill):
    fill(tmp_path / "a", 4, size=(90, 30)), fill(tmp_path / "b", 8, size=(90, 30))
    dataset = Dataset(tmp_path, 8, crops=3)
    assert "could be" not in dataset.report()
    assert dataset.labels("folder")[0] == ["b", "other"]
    assert plain_name("caf\udce9:  of  old") == r"caf\udce9 of old"  # not in UTF-8


@pytest.mark.parametrize(
    ("kind", "table", "words"),
    [
        ("folder", b"", "has no two classes, of 8"),
        ("style", b"\xff\xfe\0\x9f", r"metadata.csv\S* cannot be read, line 1"),
        ("style", b"a,b\n1,2", "it lacks file_name, style; it has a, b"),
        ("dataset.json", b"[]", r"dataset.json\S* is damaged"),
        ("dataset.json", b'{"labels": null}', r"dataset.json\S* tells no classes"),
        ("none.json", b"", r"none.json\S* is missing"),
    ],
)
def test_where_there_are_no_classes(kind, table, words, tmp_path, fill):
    for name in "metadata.csv", "dataset.json":
        (tmp_path / name).write_bytes(table)
    with pytest.raises(ArtganError, match=words):
        Dataset(fill(tmp_path, 3), 8).labels(kind)
