import numpy as np
import pytest

from artgan.data.dataset import Dataset
from artgan.data.labels import column_classes
from artgan.system.errors import ArtganError


@pytest.fixture
def places(tmp_path, fill):
    """Pictures in four folders, of which two have eight, and one beside them."""
    counts = {"canal": 8, "church/inside": 9, "bridge": 3, "tower": 2}
    for seed, (name, count) in enumerate(counts.items()):
        fill(tmp_path / name, count, seed=seed)
    return fill(tmp_path, 1, seed=9)


def test_the_first_level_of_folders(places):
    dataset = Dataset(places, 8)
    assert "2 folders that could be classes (canal, church)." in dataset.report()
    names, numbers = dataset.labels("folder")
    assert names == ["canal", "church", "other"]
    assert np.bincount(numbers).tolist() == [8, 9, 6]
    assert [
        names[numbers[dataset.names.index(name)]]
        for name in ("canal/3.png", "church/inside/0.png", "tower/1.png", "0.png")
    ] == ["canal", "church", "other", "other"]
    assert "6 of classes under 8, so other (0.png, bridge/0.png, " in dataset.report()


def test_a_column_of_the_table(tmp_path, fill):
    fill(tmp_path / "images", 20)
    rows = ["file_name,style,year"]
    rows += [f"images/{n}.png,{'Rococo' if n < 9 else 'Baroque'}," for n in range(19)]
    table = tmp_path / "metadata.csv"
    table.write_text("\n".join(rows), encoding="utf-8-sig")
    names, numbers = Dataset(tmp_path, 8).labels("style")
    assert names == ["Baroque", "Rococo", "other"]
    assert np.bincount(numbers).tolist() == [10, 9, 1]
    with pytest.raises(ArtganError, match="no class of 8"):
        Dataset(tmp_path, 8).labels("year")
    with pytest.raises(ArtganError, match="file_name and genre; it has .*style"):
        Dataset(tmp_path, 8).labels("genre")


def test_pieces_of_one_picture_count_once(tmp_path, fill):
    fill(tmp_path / "a", 4, size=(90, 30)), fill(tmp_path / "b", 8, size=(90, 30))
    dataset = Dataset(tmp_path, 8, crops=3)
    assert "could be" not in dataset.report()
    assert dataset.labels("folder")[0] == ["b", "other"]


@pytest.mark.parametrize("kind", [None, 3, b"folder", "style", "folder"])
def test_where_there_are_no_classes(kind, tmp_path, fill):
    with pytest.raises(ArtganError, match=r"\.$"):
        Dataset(fill(tmp_path, 3), 8).labels(kind)


@pytest.mark.parametrize("table", [b"", b"\xff\xfe\0\x9f", b'"a', b"a,b\n1", b"\0"])
def test_a_table_of_another_kind_is_a_sentence(table, tmp_path):
    (tmp_path / "metadata.csv").write_bytes(table)
    with pytest.raises(ArtganError, match="metadata.csv"):
        column_classes(tmp_path, ["a"], "style")
