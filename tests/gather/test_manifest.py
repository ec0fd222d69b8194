import csv

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
    write_manifest(tmp_path, rows)
    return tmp_path / "metadata.csv"


def test_what_is_written_is_read(manifest):
    rows = read_manifest(manifest.parent)
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
    whole, data = read_manifest(manifest.parent), manifest.read_bytes()
    header = data.index(b"\n") + 1
    for length in range(header, len(data), 3):
        manifest.write_bytes(data[:length])
        rows = read_manifest(manifest.parent)
        assert rows == {name: whole[name] for name in rows}
        assert len(rows) >= data[:length].count(b"\n") // 2 - 1


def test_none_and_empty_are_no_rows(tmp_path):
    assert read_manifest(tmp_path) == {}
    (tmp_path / "metadata.csv").touch()
    assert read_manifest(tmp_path) == {}


@pytest.mark.parametrize("data", [b"file,title\na,b\n", b"\xff\xfe\x00", b"hello"])
def test_a_foreign_file_is_left_alone(tmp_path, data):
    path = tmp_path / "metadata.csv"
    path.write_bytes(data)
    with pytest.raises(ArtganError, match="Move it away"):
        read_manifest(tmp_path)
    assert path.read_bytes() == data


def test_rows_that_point_elsewhere_are_left_out(manifest):
    text = manifest.read_text(encoding="utf-8").replace(
        "\nimages/a.jpg,", "\nimages/../a.jpg,"
    )
    manifest.write_text(text, encoding="utf-8")
    assert list(read_manifest(manifest.parent)) == ["b.jpg", "c.jpg"]


def test_its_form_is_that_of_imagefolder(tmp_path):
    """As `datasets` and pandas read it: the files first, relative to the table."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.jpg").write_bytes(picture_bytes())
    row = describe(tmp_path / "images" / "a.jpg", ARTWORK)
    write_manifest(tmp_path, {"a.jpg": row})
    with open(tmp_path / "metadata.csv", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        [read] = reader
    assert reader.fieldnames[0] == "file_name"
    assert (tmp_path / read["file_name"]).is_file()
    assert {"title", "artist", "year", "death_year", "rights"} <= set(read)
    assert read["image_url"] == ARTWORK.image_url


def test_a_manifest_of_an_earlier_version_is_taken_over(manifest):
    rows, folder = read_manifest(manifest.parent), manifest.parent
    columns = ["file", *[name for name in COLUMNS[1:] if name != "death_year"]]
    manifest.unlink()
    with open(folder / "manifest.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({"file": name, **row} for name, row in rows.items())
    taken = read_manifest(folder)
    assert list(taken) == list(rows)
    assert all(agrees(row, folder / name) for name, row in taken.items())
    write_manifest(folder, taken)
    assert read_manifest(folder) == rows
    assert not (folder / "manifest.csv").exists()
    assert (folder / "manifest.csv.old").exists()


@pytest.mark.parametrize("cell", ["", "[1]", "null", "9" * 5000, "images/" + "x" * 300])
@pytest.mark.parametrize("column", [0, 8, 11, 12])
def test_a_damaged_row_is_left_out(manifest, column, cell):
    with open(manifest, encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    lines[2][column] = cell
    with open(manifest, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    rows = read_manifest(manifest.parent)
    whole = {
        name for name, row in rows.items() if agrees(row, manifest.with_name(name))
    }
    assert {"a.jpg", "c.jpg"} <= whole
