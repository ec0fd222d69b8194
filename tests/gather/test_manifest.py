import pytest
from fake_museum import picture_bytes

from artgan.gather.manifest import (
    COLUMNS,
    agrees,
    describe,
    read_manifest,
    write_manifest,
)
from artgan.gather.sources.artwork import Artwork
from artgan.gather.sources.listing import read_listing
from artgan.system.errors import ArtganError

ARTWORK = Artwork(
    'A "view", 🎨\nof=Rome',
    "Canaletto",
    "1740",
    "https://a.org/p",
    "https://a.org/i",
    "",
    "",
)


@pytest.fixture
def manifest(tmp_path):
    """A manifest of three pictures."""
    rows = {}
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(picture_bytes(name))
        rows[name] = describe(tmp_path / name, ARTWORK)
    write_manifest(tmp_path / "manifest.csv", rows)
    return tmp_path / "manifest.csv"


def test_what_is_written_is_read(manifest):
    rows = read_manifest(manifest)
    assert list(rows) == ["a.jpg", "b.jpg", "c.jpg"]
    row = rows["a.jpg"]
    assert row["title"] == ARTWORK.title
    assert (row["width"], row["height"]) == ("160", "120")
    assert tuple(row) == COLUMNS
    assert agrees(row, manifest.with_name("a.jpg"))
    assert not agrees(row, manifest.with_name("b.jpg"))
    assert not agrees(row, manifest.with_name("gone.jpg"))


def test_a_manifest_is_a_listing_too(manifest):
    assert read_listing(manifest)[0].artist == "Canaletto"


def test_cut_anywhere_it_gives_whole_rows_only(manifest):
    whole, data = read_manifest(manifest), manifest.read_bytes()
    header = data.index(b"\n") + 1
    for length in range(header, len(data), 3):
        manifest.write_bytes(data[:length])
        rows = read_manifest(manifest)
        assert rows == {name: whole[name] for name in rows}
        assert len(rows) >= data[:length].count(b"\n") // 2 - 1


def test_none_and_empty_are_no_rows(tmp_path):
    assert read_manifest(tmp_path / "manifest.csv") == {}
    (tmp_path / "manifest.csv").touch()
    assert read_manifest(tmp_path / "manifest.csv") == {}


@pytest.mark.parametrize("data", [b"file,title\na,b\n", b"\xff\xfe\x00", b"hello"])
def test_a_foreign_file_is_left_alone(tmp_path, data):
    path = tmp_path / "manifest.csv"
    path.write_bytes(data)
    with pytest.raises(ArtganError, match="Move it away"):
        read_manifest(path)
    assert path.read_bytes() == data


def test_rows_that_point_elsewhere_are_left_out(manifest):
    text = manifest.read_text(encoding="utf-8").replace("\na.jpg,", "\n../a.jpg,")
    manifest.write_text(text, encoding="utf-8")
    assert list(read_manifest(manifest)) == ["b.jpg", "c.jpg"]
