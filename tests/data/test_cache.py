import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

import artgan.data.preparation
from artgan.commands import runs
from artgan.data.cache import clean_cache
from artgan.data.dataset import Dataset


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were decoded since the test began."""
    names = []

    def counting(
        path, *arguments, decode=artgan.data.preparation.read_pieces, **settings
    ):
        names.append(path.name)
        return decode(path, *arguments, **settings)

    monkeypatch.setattr("artgan.data.preparation.read_pieces", counting)
    return names


def test_the_second_time_nothing_is_decoded_and_the_same_comes_back(
    folder, read, cache, capsys
):
    first = Dataset(folder, 16)
    assert len(read) == 6
    assert str(cache) in (said := capsys.readouterr().err) and "--clean-cache" in said
    second = Dataset(folder, 16)
    assert len(read) == 6
    assert (second.images == first.images).all()
    assert vars(second) | {"images": 0} == vars(first) | {"images": 0}
    Dataset(folder, 32)
    assert capsys.readouterr().err == ""  # it is told once


def test_another_size_or_fit_or_content_is_prepared_anew(folder, read, cache):
    for settings in (16,), (32,), ((16, 32),), (16, "squash"):
        Dataset(folder, *settings)
    assert len(read) == 4 * 6 and len(list(cache.iterdir())) == 4
    Image.new("RGB", (40, 30), "white").save(folder / "a.png")
    assert (Dataset(folder, 16).images[0] == 255).all()
    assert len(list(cache.iterdir())) == 1  # what was kept of the others is outdated
    (folder / "b.png").rename(folder / "z.png")
    assert Dataset(folder, 16).names == ["a.png", "inner/c.png", "z.png"]
    (folder / "z.png").unlink()
    assert len(Dataset(folder, 16)) == 2
    assert len(list(cache.iterdir())) == 1


def test_folders_of_one_name_do_not_mix(folder, tmp_path, cache):
    shutil.copytree(folder, tmp_path / "elsewhere" / folder.name)
    Dataset(tmp_path / "elsewhere" / folder.name, 16)
    Dataset(folder, 16)
    assert len(list(cache.iterdir())) == 2


class Trap:
    def __reduce__(self):
        return (open, ("sprung", "w"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("images.npy", b""),
        ("images.npy", b"\x93NUMPY\1\0"),
        ("images.npy", pickle.dumps(Trap())),
        ("notes.json", b"[]"),
        ("notes.json", b"7"),
        ("notes.json", b'{"names": 3'),
        ("notes.json", b'{"names": ["a.png"], "problems": {}}'),
    ],
)
def test_a_damaged_cache_is_made_again_and_runs_nothing(
    folder, cache, name, content, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    first = np.array(Dataset(folder, 16).images)
    [path] = cache.glob(f"*/{name}")
    path.write_bytes(content)
    again = Dataset(folder, 16)
    assert (again.images == first).all() and again.names[2] == "inner/c.png"
    assert json.loads(next(cache.glob("*/notes.json")).read_text())["names"]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), OSError()])
def test_a_full_disk_is_told_leaves_nothing_and_ends_nothing(
    folder, cache, monkeypatch, error, capsys
):
    expected = np.array(Dataset(folder, 16).images)
    clean_cache()
    write = artgan.data.preparation.write_header

    def full(out, count, shape):
        if count and hasattr(out, "name"):  # not in memory
            raise error
        write(out, count, shape)

    monkeypatch.setattr("artgan.data.preparation.write_header", full)
    dataset = Dataset(folder, 16)
    assert (dataset.images == expected).all()
    assert "pace " in (said := capsys.readouterr().err) and "in memory" in said
    assert list(cache.iterdir()) == []


def test_where_nothing_can_be_written_memory_holds_the_pictures(
    folder, tmp_path, monkeypatch, capsys
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ARTGAN_CACHE", str(tmp_path / "file"))
    assert Dataset(folder, 16).images.shape == (3, 16, 16, 3)
    assert "cannot be kept" in capsys.readouterr().err


PREPARE = """
import sys, time
import artgan.data.preparation as preparation
from artgan.data.dataset import Dataset
squares = preparation.read_pieces
def slowly(*arguments, **settings):
    print(flush=True)
    time.sleep(float(sys.argv[2]))
    return squares(*arguments, **settings)
preparation.read_pieces = slowly
Dataset(sys.argv[1], 16)
"""


def preparing(folder, repository, seconds):
    """Start a process that prepares a folder, this slowly for each picture."""
    command = [sys.executable, "-c", PREPARE, str(folder), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=repository)


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_killed_while_caching(folder, cache, repository):
    process = preparing(folder, repository, 60)
    process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    [left] = cache.iterdir()
    assert len(Dataset(folder, 16)) == 3
    assert left.exists()  # for all we know, another process is at work
    os.utime(left, (time.time() - 2 * 24 * 3600,) * 2)
    Dataset(folder, 32)
    assert not left.exists()
    assert len(Dataset(folder, 16)) == 3


def test_two_processes_at_once(folder, cache, repository):
    both = [preparing(folder, repository, 0.2) for _ in range(2)]
    assert [process.communicate() and process.returncode for process in both] == [0, 0]
    [place] = cache.iterdir()
    assert sorted(path.name for path in place.iterdir()) == ["images.npy", "notes.json"]
    assert len(Dataset(folder, 16)) == 3


def test_the_cache_is_cleaned_by_the_command(folder, cache, capsys):
    Dataset(folder, 256)
    options = type("Options", (), {"clean_cache": True})
    runs.runs.run(options)
    assert "Removed 1 MB of prepared pictures" in capsys.readouterr().out
    assert not cache.exists()
    runs.runs.run(options)
    assert "Removed 0 MB" in capsys.readouterr().out
