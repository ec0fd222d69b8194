import shutil

import numpy as np
import pytest
from PIL import Image

import artgan.data.dataset
import artgan.data.pictures
from artgan.data.dataset import load_collection
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
    return folder


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were decoded since the test began."""
    names = []

    def counting(path, decode=artgan.data.pictures.read_picture):
        names.append(path.name)
        return decode(path)

    monkeypatch.setattr("artgan.data.pictures.read_picture", counting)
    return names


def contents(folder):
    """Every file under a folder with its bytes."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def caches(place):
    """The names of what preparing left in a folder, but for folders of pictures."""
    return sorted(path.name for path in place.iterdir() if "px" in path.name)


def test_usable_pictures_in_the_order_of_their_names(folder):
    before = contents(folder)
    collection = load_collection(folder, 16)
    assert len(collection) == 3
    assert collection.names == ["a.png", "b.png", "inner/c.png"]
    assert (collection.images.shape, collection.images.dtype) == ((3, 16, 16, 3), "u1")
    colours = [tuple(image[8, 8].tolist()) for image in collection.images]
    assert colours == [(0, 255, 0), (255, 0, 0), (0, 0, 255)]
    assert sorted(collection.problems) == ["empty.png", "notes.jpg"]
    assert all(collection.problems.values())
    assert contents(folder) == before


def test_the_second_time_nothing_is_decoded_and_the_same_comes_back(folder, read):
    first = load_collection(folder, 16)
    assert len(read) == 5
    second = load_collection(folder, 16)
    assert len(read) == 5
    assert (second.images == first.images).all()
    assert second.names == first.names
    assert second.problems == first.problems


def test_the_pictures_stay_on_disk_until_they_are_read(folder):
    for _ in range(2):
        assert isinstance(load_collection(folder, 16).images, np.memmap)


def test_another_size_or_fit_or_content_is_prepared_anew(folder, read):
    load_collection(folder, 16)
    assert load_collection(folder, 32).images.shape == (3, 32, 32, 3)
    load_collection(folder, 16, "squash")
    assert len(read) == 15
    Image.new("RGB", (40, 30), "white").save(folder / "a.png")
    assert (load_collection(folder, 16).images[0] == 255).all()
    (folder / "b.png").unlink()
    assert load_collection(folder, 16).names == ["a.png", "inner/c.png"]
    load_collection(folder, 32)
    assert len(read) == 15 + 5 + 4 + 4


def test_a_renamed_picture_is_known_by_its_new_name(folder):
    load_collection(folder, 16)
    (folder / "a.png").rename(folder / "z.png")
    assert "z.png" in load_collection(folder, 16).names


def test_one_usable_picture_is_too_few_and_the_reasons_are_told(folder):
    for name in ("a.png", "inner/c.png"):
        (folder / name).write_bytes(b"broken")
    with pytest.raises(ArtganError) as caught:
        load_collection(folder, 16)
    words = str(caught.value)
    assert "1 usable" in words and "2 or more" in words
    for name in ("a.png", "inner/c.png", "notes.jpg", "empty.png"):
        assert f"{name}: " in words
    assert caches(folder.parent) == []


def test_a_missing_or_empty_folder_is_an_error_in_words(tmp_path):
    with pytest.raises(ArtganError, match="no folder"):
        load_collection(tmp_path / "nowhere", 16)
    with pytest.raises(ArtganError, match="holds no pictures"):
        load_collection(tmp_path, 16)


def test_an_unwritable_neighbourhood_falls_back_to_temporary_files(
    folder, tmp_path, monkeypatch, read
):
    temporary, make = tmp_path / "temporary", artgan.data.dataset.tempfile.TemporaryFile

    def refuse(dir):
        if dir == folder.resolve().parent:
            raise PermissionError(13, "read-only")
        return make(dir=dir)

    monkeypatch.setattr("artgan.data.dataset.tempfile.TemporaryFile", refuse)
    monkeypatch.setattr(
        "artgan.data.dataset.tempfile.gettempdir", lambda: str(temporary)
    )
    assert len(load_collection(folder, 16)) == 3
    assert caches(folder.parent) == []
    assert len(caches(temporary / "artgan")) == 2
    load_collection(folder, 16)
    assert len(read) == 5


def test_nowhere_to_write_is_a_sentence(folder, monkeypatch):
    def refuse(dir):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("artgan.data.dataset.tempfile.TemporaryFile", refuse)
    with pytest.raises(ArtganError, match="Nothing was changed"):
        load_collection(folder, 16)


@pytest.mark.parametrize("at", ["first picture", "first rename", "second rename"])
def test_a_cache_counts_only_when_it_is_whole(folder, at, monkeypatch, read):
    class Killed(BaseException):
        pass

    def die(*arguments):
        raise Killed

    replace, renames = artgan.data.dataset.os.replace, []

    def die_late(source, target):
        renames.append(target)
        if len(renames) == (1 if at == "first rename" else 2):
            raise Killed
        replace(source, target)

    with monkeypatch.context() as patch:
        if at == "first picture":
            patch.setattr("artgan.data.pictures.square_picture", die)
        else:
            patch.setattr("artgan.data.dataset.os.replace", die_late)
        with pytest.raises(Killed):
            load_collection(folder, 16)
    read.clear()
    assert len(load_collection(folder, 16)) == 3
    assert len(read) == 5


@pytest.mark.parametrize("suffix", [".npy", ".json"])
def test_a_damaged_cache_is_made_again(folder, suffix):
    first = np.array(load_collection(folder, 16).images)
    [cache] = [p for p in folder.parent.iterdir() if p.name.endswith(suffix)]
    cache.write_bytes(cache.read_bytes()[:-100])
    again = load_collection(folder, 16)
    assert (again.images == first).all()
    assert len(again.problems) == 2


@pytest.mark.parametrize("notes", ["[]", "7", '{"names": 3, "problems": {}}'])
def test_notes_of_another_kind_are_made_again(folder, notes):
    load_collection(folder, 16)
    [cache] = folder.parent.glob("*.json")
    cache.write_text(notes, encoding="utf-8")
    assert len(load_collection(folder, 16).problems) == 2


def test_pictures_of_another_shape_are_made_again(folder):
    load_collection(folder, 16)
    [cache] = folder.parent.glob("*.npy")
    np.save(cache, np.zeros([3, 8, 8, 3], np.uint8))
    assert load_collection(folder, 16).images.shape == (3, 16, 16, 3)


def test_what_killed_processes_left_is_removed_and_no_more(folder):
    killed, living, empty, foreign = (folder.parent / f".artgan-{n}" for n in "abcd")
    for work in killed, living, empty, foreign:
        work.mkdir()
        (work / "raw").write_bytes(b"half")
    (killed / ".lock").touch()
    (empty / "raw").unlink()
    with only_one(living, "preparing pictures in"):
        load_collection(folder, 16)
        assert (living / "raw").exists()
    assert not killed.exists()
    assert not empty.exists()
    assert (foreign / "raw").exists()


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), OSError("9 requested, 5 written")]
)
def test_a_full_disk_is_a_sentence_and_leaves_nothing(folder, monkeypatch, error):
    def full(*arguments):
        raise error

    monkeypatch.setattr("artgan.data.dataset.np.save", full)
    with pytest.raises(ArtganError, match="(?i)no space .*left.*Make room"):
        load_collection(folder, 16)
    assert list(folder.parent.iterdir()) == [folder]


def test_a_file_that_cannot_be_opened_is_reported_and_the_rest_used(
    folder, monkeypatch
):
    opened = artgan.data.dataset.Path.open

    def open_or_refuse(path, *arguments, **options):
        if path.name == "b.png":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    def read_or_refuse(path, decode=artgan.data.pictures.read_picture):
        path.open("rb").close()
        return decode(path)

    monkeypatch.setattr("artgan.data.dataset.Path.open", open_or_refuse)
    monkeypatch.setattr("artgan.data.pictures.read_picture", read_or_refuse)
    collection = load_collection(folder, 16)
    assert collection.names == ["a.png", "inner/c.png"]
    assert "Permission denied" in collection.problems["b.png"]


def test_two_folders_of_one_name_and_place_do_not_mix(folder, tmp_path):
    load_collection(folder, 16)
    shutil.rmtree(folder)
    folder.mkdir()
    for number, colour in enumerate(["white", "black"]):
        Image.new("RGB", (9, 9), colour).save(folder / f"{number}.png")
    assert load_collection(folder, 16).names == ["0.png", "1.png"]
