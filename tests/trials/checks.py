"""What must be true of a folder of downloaded pictures, whatever happened."""

import csv
import re

from artgan.gather.manifest import agrees, read_manifest

OURS = {"images", "metadata.csv", "failed.csv", ".lock"}


def assert_sound(folder):
    """The manifest parses, and each of its rows tells of a file as it is."""
    rows = read_manifest(folder)
    for name, row in rows.items():
        assert agrees(row, folder / "images" / name), name
    return rows


def assert_in_order(folder):
    """Besides, the manifest names all that is there, and nothing else was left."""
    rows = assert_sound(folder)
    assert sorted(path.name for path in (folder / "images").iterdir()) == sorted(rows)
    assert {path.name for path in folder.iterdir()} <= OURS
    for name in rows:
        assert re.fullmatch(r"[a-z0-9-]+_[a-z0-9-]+_[0-9a-f]{8}\.[a-z]+", name), name
        assert len(name) <= 115
    return rows


def failures_in(folder):
    """The rows of `failed.csv`: {address: (file name, reason)}, {} where none is."""
    path = folder / "failed.csv"
    if not path.exists():
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    failures = {row["image_url"]: (row["file"], row["reason"]) for row in rows}
    assert len(failures) == len(rows)
    return failures
