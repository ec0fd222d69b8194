import os
import pickle
import shutil

import numpy as np
import pytest
from PIL import Image

import artgan.data.cache
import artgan.data.pictures
from artgan.data.dataset import Dataset
from artgan.system.errors import ArtganError
from artgan.system.lock import only_one


@pytest.fixture
def folder(tmp_path):
    """Three usable pictures, one of them nested, and two files that are not."""
    folder = tmp_path / "my pictures"
    (folder / "inner").mkdir(parents=True)
    for name, colour in (("b.png", "red"), ("a.png", "lime"), ("inner/c.png", "blue")):
        Image.new("RGB", (40, 30), colour).save(folder / name)
    (folder / "notes.jpg").write_text("no picture", encoding="utf-8")
    (folder / "empty.png").touch()
    (folder / "torn.png").write_bytes((folder / "a.png").read_bytes()[:60])
    return folder


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were decoded since the test began."""
    names = []

    def counting(path, *arguments, decode=artgan.data.pictures.read_picture):
        names.append(path.name)
        return decode(path, *arguments)

    monkeypatch.setattr("artgan.data.pictures.read_picture", counting)
    return names


def contents(folder):
    """Every file under a folder with its bytes."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def caches(place):
    """The names of what preparing left in a folder, but for folders of pictures."""
    return sorted(path.name for path in place.iterdir() if "px" in path.name)


def remove_caches(place):
    """Let the next call prepare anew."""
    for name in caches(place):
        (place / name).unlink()


def test_usable_pictures_in_the_order_of_their_names(folder):
    before = contents(folder)
    dataset = Dataset(folder, 16)
    assert len(dataset) == 3
    assert dataset.names == ["a.png", "b.png", "inner/c.png"]
    assert (dataset.images.shape, dataset.images.dtype) == ((3, 16, 16, 3), "u1")
    colours = [tuple(image[8, 8].tolist()) for image in dataset.images]
    assert colours == [(0, 255, 0), (255, 0, 0), (0, 0, 255)]
    assert sorted(dataset.problems) == ["empty.png", "notes.jpg", "torn.png"]
    assert all(dataset.problems.values())
    assert contents(folder) == before


def test_the_second_time_nothing_is_decoded_and_the_same_comes_back(folder, read):
    first = Dataset(folder, 16)
    assert len(read) == 4
    second = Dataset(folder, 16)
    assert len(read) == 4
    assert (second.images == first.images).all()
    assert second.names == first.names
    assert second.problems == first.problems


def test_the_pictures_stay_on_disk_until_they_are_read(folder):
    for _ in range(2):
        assert isinstance(Dataset(folder, 16).images, np.memmap)


def test_another_size_or_fit_or_content_is_prepared_anew(folder, read):
    Dataset(folder, 16)
    assert Dataset(folder, 32).images.shape == (3, 32, 32, 3)
    Dataset(folder, 16, "squash")
    assert len(read) == 12
    Image.new("RGB", (40, 30), "white").save(folder / "a.png")
    assert (Dataset(folder, 16).images[0] == 255).all()
    (folder / "b.png").unlink()
    assert Dataset(folder, 16).names == ["a.png", "inner/c.png"]
    Dataset(folder, 32)
    assert len(read) == 12 + 4 + 3 + 3


def test_a_renamed_picture_is_known_by_its_new_name(folder):
    Dataset(folder, 16)
    (folder / "a.png").rename(folder / "z.png")
    assert "z.png" in Dataset(folder, 16).names


def test_one_usable_picture_is_too_few_and_the_reasons_are_told(folder):
    for name in ("a.png", "inner/c.png"):
        (folder / name).write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(ArtganError) as caught:
        Dataset(folder, 16)
    words = str(caught.value)
    assert "1 usable" in words and "2 or more" in words
    for name in ("a.png", "inner/c.png", "notes.jpg", "empty.png"):
        assert name in words
    assert caches(folder.parent) == []


def test_a_missing_or_empty_folder_is_an_error_in_words(tmp_path):
    with pytest.raises(ArtganError, match="no folder"):
        Dataset(tmp_path / "nowhere", 16)
    with pytest.raises(ArtganError, match="0 files: 0 used"):
        Dataset(tmp_path, 16)


def test_an_unwritable_neighbourhood_falls_back_to_temporary_files(
    folder, tmp_path, monkeypatch, read
):
    temporary, make = tmp_path / "temporary", artgan.data.cache.tempfile.TemporaryFile

    def refuse(dir):
        if dir == folder.resolve().parent:
            raise PermissionError(13, "read-only")
        return make(dir=dir)

    monkeypatch.setattr("artgan.data.cache.tempfile.TemporaryFile", refuse)
    monkeypatch.setattr("artgan.data.cache.tempfile.gettempdir", lambda: str(temporary))
    assert len(Dataset(folder, 16)) == 3
    assert caches(folder.parent) == []
    [place] = (temporary / "artgan").iterdir()
    assert len(caches(place)) == 2
    Dataset(folder, 16)
    assert len(read) == 4


def test_where_nothing_can_be_written_memory_holds_the_pictures(
    folder, monkeypatch, capsys
):
    expected = np.array(Dataset(folder, 16).images)
    remove_caches(folder.parent)

    def refuse(dir):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("artgan.data.cache.tempfile.TemporaryFile", refuse)
    dataset = Dataset(folder, 16)
    assert (dataset.images == expected).all()
    assert "(Read-only file system), so they are prepared" in capsys.readouterr().err
    assert caches(folder.parent) == []


@pytest.mark.parametrize("at", ["first picture", "first rename", "second rename"])
def test_a_cache_counts_only_when_it_is_whole(folder, at, monkeypatch, read):
    class Killed(BaseException):
        pass

    def die(*arguments):
        raise Killed

    replace, renames = artgan.system.files.os.replace, []

    def die_late(source, target):
        renames.append(target)
        if len(renames) == (1 if at == "first rename" else 2):
            raise Killed
        replace(source, target)

    with monkeypatch.context() as patch:
        if at == "first picture":
            patch.setattr("artgan.data.pictures.cut_squares", die)
        else:
            patch.setattr("artgan.system.files.os.replace", die_late)
        with pytest.raises(Killed):
            Dataset(folder, 16)
    read.clear()
    assert len(Dataset(folder, 16)) == 3
    assert len(read) == 4


@pytest.mark.parametrize("suffix", [".npy", ".json"])
def test_a_damaged_cache_is_made_again(folder, suffix):
    first = np.array(Dataset(folder, 16).images)
    [cache] = [p for p in folder.parent.iterdir() if p.name.endswith(suffix)]
    cache.write_bytes(cache.read_bytes()[:-100])
    again = Dataset(folder, 16)
    assert (again.images == first).all()
    assert len(again.problems) == 3


@pytest.mark.parametrize("notes", ["[]", "7", '{"names": 3, "problems": {}}'])
def test_notes_of_another_kind_are_made_again(folder, notes):
    Dataset(folder, 16)
    [cache] = folder.parent.glob("*.json")
    cache.write_text(notes, encoding="utf-8")
    assert len(Dataset(folder, 16).problems) == 3


def test_pictures_of_another_shape_are_made_again(folder):
    Dataset(folder, 16)
    [cache] = folder.parent.glob("*.npy")
    np.save(cache, np.zeros([3, 8, 8, 3], np.uint8))
    assert Dataset(folder, 16).images.shape == (3, 16, 16, 3)


def test_what_killed_processes_left_is_removed_and_no_more(folder):
    killed, living, empty, foreign = (folder.parent / f".artgan-{n}" for n in "abcd")
    for work in killed, living, empty, foreign:
        work.mkdir()
        (work / "raw").write_bytes(b"half")
    (killed / ".lock").touch()
    (empty / "raw").unlink()
    with only_one(living, "preparing pictures in"):
        Dataset(folder, 16)
        assert (living / "raw").exists()
    assert not killed.exists()
    assert not empty.exists()
    assert (foreign / "raw").exists()


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), OSError("9 requested, 5 written")]
)
def test_a_full_disk_is_told_leaves_nothing_and_ends_nothing(
    folder, monkeypatch, error, capsys
):
    def full(*arguments):
        raise error

    monkeypatch.setattr("artgan.data.cache.np.save", full)
    assert len(Dataset(folder, 16)) == 3
    assert "(no space is left)" in capsys.readouterr().err.replace(
        "No space left on device", "no space is left"
    )
    assert list(folder.parent.iterdir()) == [folder]


def test_a_file_that_cannot_be_opened_is_reported_and_the_rest_used(
    folder, monkeypatch
):
    def open_or_refuse(path, *arguments):
        if path.name == "b.png":
            raise PermissionError(13, "Permission denied")
        return open(path, *arguments)

    monkeypatch.setattr("artgan.data.kinds.open", open_or_refuse, raising=False)
    dataset = Dataset(folder, 16)
    assert dataset.names == ["a.png", "inner/c.png"]
    assert dataset.problems["b.png"] == "not opened (Permission denied)"


def test_two_folders_of_one_name_and_place_do_not_mix(folder, tmp_path):
    Dataset(folder, 16)
    shutil.rmtree(folder)
    folder.mkdir()
    for number, colour in enumerate(["white", "black"]):
        Image.new("RGB", (9, 9), colour).save(folder / f"{number}.png")
    assert Dataset(folder, 16).names == ["0.png", "1.png"]


def test_caches_of_pictures_that_have_changed_are_removed(folder):
    bystander = folder.parent / "my pictures 2.16px.0123456789abcdef.npy"
    earlier = folder.parent / "my pictures.16px.0123456789abcdef.npy"
    bystander.touch(), earlier.touch()
    for number in range(4):
        Image.new("RGB", (40, 30), (0, 0, 50 * number)).save(folder / f"{number}.png")
        for size in 16, 8:
            Dataset(folder, size)
    assert len(caches(folder.parent)) == 4 + 1  # .npy and .json of two sizes
    assert bystander.exists() and not earlier.exists()


def test_a_cache_from_a_stranger_runs_nothing(folder, tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    Dataset(folder, 16)
    [cache] = folder.parent.glob("*.npy")
    cache.write_bytes(pickle.dumps(Trap()))
    assert len(Dataset(folder, 16)) == 3
    assert not (tmp_path / "sprung").exists()


def test_a_cache_of_another_format_is_made_again(folder):
    Dataset(folder, 16)
    [cache] = folder.parent.glob("*.npy")
    np.savez(tmp := folder.parent / "other.npz", a=np.zeros(3))
    tmp.replace(cache)
    assert len(Dataset(folder, 16)) == 3


def test_without_locks_no_work_folder_of_another_process_is_cleared(
    folder, monkeypatch
):
    def refuse(file):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("artgan.system.lock.lock", refuse)
    work = folder.parent / ".artgan-x"
    work.mkdir()
    (work / ".lock").touch()
    assert len(Dataset(folder, 16)) == 3
    assert work.exists()


def test_the_fingerprint_is_that_of_the_pixels(folder, tmp_path):
    first = Dataset(folder, 16).fingerprint
    assert len(first) == 16
    (folder / "more notes.txt").touch()
    (folder / "a.png").touch()
    assert Dataset(folder, 16).fingerprint == first
    shutil.copytree(folder, tmp_path / "elsewhere" / "copy")
    assert Dataset(tmp_path / "elsewhere" / "copy", 16).fingerprint == first
    assert Dataset(folder, 8).fingerprint != first
    Image.new("RGB", (40, 30), "white").save(folder / "a.png")
    assert Dataset(folder, 16).fingerprint != first


def test_a_change_that_keeps_size_and_time_is_seen(folder):
    path = folder / "0.bmp"
    for colour in "red", "lime":
        Image.new("RGB", (40, 30), colour).save(path)
        os.utime(path, (10**9, 10**9))
        first = Dataset(folder, 16).images[0, 8, 8].tolist()
    assert first == [0, 255, 0]


def test_several_squares_of_an_oblong_picture(folder):
    wide = Image.new("RGB", (90, 30), "red")
    wide.paste("lime", (30, 0, 60, 30))
    wide.paste("blue", (60, 0, 90, 30))
    wide.save(folder / "wide.png")
    dataset = Dataset(folder, 16, crops=3)
    rows = [i for i, name in enumerate(dataset.names) if name == "wide.png"]
    colours = [dataset.images[row, 8, 8].tolist() for row in rows]
    assert colours == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    assert "7 files: 4 used (as 12 squares)" in dataset.report()
    assert len(Dataset(folder, 16)) == 4
    assert "squares" not in Dataset(folder, 16).report()


def test_bars_stay_if_one_wants(folder):
    Image.new("RGB", (40, 30), "white").save(folder / "a.png")
    film = Image.open(folder / "a.png")
    film.paste("black", (0, 0, 40, 5)), film.paste("black", (0, 25, 40, 30))
    film.save(folder / "a.png")
    assert Dataset(folder, 16).images[0].min() == 255
    assert Dataset(folder, 16, cut_bars=False).images[0].min() == 0


def test_a_limit_of_ones_own(folder):
    dataset = Dataset(folder, 16, most_pixels=40 * 30)
    assert len(dataset) == 3
    Image.new("RGB", (41, 30), "white").save(folder / "a.png")
    dataset = Dataset(folder, 16, most_pixels=40 * 30)
    assert "41x30" in dataset.problems["a.png"]


def test_a_folder_with_nothing_of_use_says_what_is_there(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    (tmp_path / "x" / "y").mkdir(parents=True)
    for number in range(40):
        (tmp_path / "x" / f"{number}.HEIC").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    with pytest.raises(ArtganError) as caught:
        Dataset(tmp_path / "x", 16)
    assert "40 files: 0 used, 40 .heic not read" in str(caught.value)


def test_hidden_files_and_our_own_are_no_problems(folder):
    (folder / "runs").mkdir()
    for name in "._a.png", "README.md", "runs/1.png":
        (folder / name).write_bytes(b"x")
    dataset = Dataset(folder, 16)
    assert sorted(dataset.problems) == ["empty.png", "notes.jpg", "torn.png"]
    assert sorted(dataset.passed_over) == ["._a.png", "README.md", "runs"]
    assert "2 hidden files or notes passed over" in dataset.report()
    assert "own left out (runs)" in dataset.report()


def test_poor_pictures_are_warned_of(folder):
    noise = np.random.default_rng(0).integers(0, 256, [3, 4, 3], np.uint8)
    Image.fromarray(noise).resize((400, 300)).save(folder / "x.png")
    Image.fromarray(noise).resize((400, 300)).save(folder / "y.jpg")
    report = Dataset(folder, 32).report()
    assert (
        "3 pictures are of one colour or nearly black (a.png, b.png, inner/c.png)"
        in report
    )
    assert "1 picture repeats another (y.jpg like x.png)" in report
    # The second time it comes from the cache.
    assert Dataset(folder, 32).report() == report
