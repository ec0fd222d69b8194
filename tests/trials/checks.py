"""What must be true of a folder of gathered pictures, whatever happened."""

from hashlib import sha256

from artgan.gather.table import read_table


def assert_sound(folder):
    """The table parses, and each of its rows tells of a file as it is; its rows."""
    rows = {
        row["file_name"]: row for row in read_table(folder / "metadata.csv", "title")
    }
    for name, row in rows.items():
        assert sha256((folder / name).read_bytes()).hexdigest() == row["sha256"], name
    return rows


def assert_in_order(folder):
    """Besides, the table names all that is there, and nothing else was left."""
    rows = assert_sound(folder)
    names = {path.name for path in folder.iterdir()}
    assert names == {*rows, "metadata.csv", ".lock"}
    return rows
