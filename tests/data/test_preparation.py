import io
import subprocess
import sys
import threading
from functools import partial

import numpy as np
import pytest
from PIL import Image
from tqdm import tqdm

from artgan.__main__ import main
from artgan.data import preparation
from artgan.data.dataset import Dataset
from artgan.system.errors import ArtganError


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were decoded since the test began."""
    names, decode = [], preparation.read_pieces

    def counting(path, **settings):
        names.append(path.name)
        return decode(path, **settings)

    monkeypatch.setattr(preparation, "read_pieces", counting)
    return names


def test_the_second_time_nothing_is_decoded_and_the_same_comes_back(
    folder, read, cache, capsys
):
    first = Dataset(folder, 16)
    assert len(read) == 6
    assert str(cache) in (said := capsys.readouterr().err) and "--clean-cache" in said
    second = Dataset(folder, 16)
    assert len(read) == 6 and capsys.readouterr().err == ""
    assert (second.images == first.images).all()
    assert vars(second) | {"images": 0} == vars(first) | {"images": 0}


def test_another_size_or_fit_or_content_is_prepared_anew(folder, read, cache):
    for settings in (16,), (32,), ((16, 32),), (16, "squash"):
        Dataset(folder, *settings)
    assert len(read) == 4 * 6 and len(list(cache.iterdir())) == 4
    Image.new("RGB", (40, 30), "white").save(folder / "a.png")
    assert (Dataset(folder, 16).images[0] == 255).all()
    assert len(list(cache.iterdir())) == 1  # what was kept of the others is outdated
    (folder / "b.png").rename(folder / "z.png")
    assert Dataset(folder, 16).names == ["a.png", "inner/c.png", "z.png"]
    other = folder.rename(folder.parent / "moved")
    assert Dataset(other, 16).names[0] == "a.png"
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [("images", b""), ("images", b"x" * 99), ("notes.json", b'{"names": 3')]
    + [("notes.json", b'{"names": ["a.png"], "problems": {}}')],
)
def test_a_damaged_cache_is_made_again(folder, cache, name, content):
    first = np.array(Dataset(folder, 16).images)
    [path] = cache.glob(f"*/{name}")
    path.write_bytes(content)
    again = Dataset(folder, 16)
    assert (again.images == first).all() and again.names[2] == "inner/c.png"
    assert path.read_bytes() != content


def test_where_nothing_can_be_kept_is_a_sentence_and_nothing_is_left(
    folder, cache, tmp_path, monkeypatch
):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(preparation, "write_pieces", full)
    with pytest.raises(ArtganError, match="cannot be kept .*No space.*ARTGAN_CACHE"):
        Dataset(folder, 16)
    assert list(cache.iterdir()) == []
    (tmp_path / "file").touch()
    monkeypatch.setenv("ARTGAN_CACHE", str(tmp_path / "file"))
    with pytest.raises(ArtganError, match="cannot be kept"):
        Dataset(folder, 16)


PREPARE = """
import sys, time
from artgan.data import preparation
from artgan.data.dataset import Dataset
read = preparation.read_pieces
def slowly(*arguments, **settings):
    time.sleep(0.2)
    return read(*arguments, **settings)
preparation.read_pieces = slowly
Dataset(sys.argv[1], 16)
"""


def test_what_a_killed_process_left_stays_until_the_files_are_others(folder, cache):
    Dataset(folder, 16)
    [place] = cache.iterdir()
    left = place.rename(f"{place}.killed")
    assert len(Dataset(folder, 16)) == 3
    assert left.exists()  # for all we know, another process is at work
    (folder / "b.png").unlink()
    assert len(Dataset(folder, 16)) == 2 and not left.exists()


def test_two_processes_at_once(folder, cache, repository):
    command = [sys.executable, "-c", PREPARE, str(folder)]
    both = [subprocess.Popen(command, cwd=repository) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    [place] = cache.iterdir()
    assert sorted(path.name for path in place.iterdir()) == ["images", "notes.json"]
    assert len(Dataset(folder, 16)) == 3


def test_the_cache_is_cleaned_by_the_command(folder, cache, capsys):
    Dataset(folder, 256)
    assert main(["runs", "--clean-cache"]) == 0
    assert "Removed the prepared pictures" in capsys.readouterr().out
    assert not any(cache.iterdir())
    (cache / "holiday.jpg").touch()  # the variable names a folder of something else
    assert main(["runs", "--clean-cache"]) == 0
    assert (cache / "holiday.jpg").exists()


def test_many_files_keep_their_order(tmp_path):
    for number in range(300):
        picture = Image.new("RGB", (2, 2), (number % 256,) * 3)
        picture.save(tmp_path / f"{number:03}.png")
    (tmp_path / "007.png").write_bytes(b"")
    levels = Dataset(tmp_path, 2).images[:, 0, 0, 0].tolist()
    assert levels == [number % 256 for number in range(300) if number != 7]


def test_every_core_reads_and_progress_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    together, told = threading.Barrier(3, timeout=60), io.StringIO()
    read = preparation.read_pieces

    def read_together(path, **settings):
        together.wait()
        return read(path, **settings)

    monkeypatch.setattr(preparation, "read_pieces", read_together)
    monkeypatch.setattr(preparation, "tqdm", partial(tqdm, file=told))
    for number in range(3):
        Image.new("RGB", (2, 2)).save(tmp_path / f"{number}.png")
    monkeypatch.setattr(told, "isatty", lambda: True)
    Dataset(tmp_path, 2)
    assert "Preparing pictures: 100%" in told.getvalue() and "3/3" in told.getvalue()
