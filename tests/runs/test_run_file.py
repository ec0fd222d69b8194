import json
from dataclasses import asdict

import pytest

from artgan.runs.run_file import check_data, read_run_file, write_run_file
from artgan.system.errors import ArtganError


class Pictures:
    """Stands in for a Dataset."""

    def __init__(self, folder, count=3, fingerprint="abc"):
        self.folder, self.count, self.fingerprint = folder, count, fingerprint

    def __len__(self):
        return self.count


def test_a_run_knows_its_settings_and_pictures(tiny_config, tmp_path):
    (tmp_path / "my [1] pictures").mkdir()
    write_run_file(tmp_path, tiny_config, Pictures(tmp_path / "my [1] pictures"))
    known = read_run_file(tmp_path)
    assert known["config"] == asdict(tiny_config)
    folder = str(tmp_path / "my [1] pictures")
    wanted = {"folder": folder, "pictures": 3, "fingerprint": "abc"}
    assert known["data"] == wanted
    assert not list(tmp_path.glob("*.part"))


def test_a_relative_folder_is_kept_absolute(tiny_config, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_run_file(tmp_path, tiny_config, Pictures("data"))
    assert read_run_file(tmp_path)["data"]["folder"] == str(tmp_path / "data")


def test_a_run_without_the_file_knows_nothing(tmp_path):
    assert read_run_file(tmp_path) is None
    check_data(tmp_path, None, Pictures("any"))


@pytest.mark.parametrize(
    "change",
    [
        {"format": 9},
        {"format": None},
        {"config": []},
        {"data": None},
        {"data": {"folder": 3, "fingerprint": "abc"}},
        {"data": {"folder": "x", "fingerprint": None}},
    ],
)
def test_a_damaged_file_is_a_sentence(tiny_config, tmp_path, change):
    write_run_file(tmp_path, tiny_config, Pictures("x"))
    path = tmp_path / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(ArtganError, match="run.json is of another.*Remove that file"):
        read_run_file(tmp_path)


@pytest.mark.parametrize("text", ["", "3", "[" * 9999, '{"format": NaN}'])
def test_nonsense_is_a_sentence(tmp_path, text):
    (tmp_path / "run.json").write_text(text, "utf-8")
    with pytest.raises(ArtganError, match="run.json is damaged.*Remove that file"):
        read_run_file(tmp_path)


def test_other_pictures_are_told_with_how_to_go_on(tiny_config, tmp_path):
    run = tmp_path / "mine"
    run.mkdir()
    write_run_file(run, tiny_config, Pictures("data/villas", 32))
    known = read_run_file(run)
    check_data(run, known, Pictures("elsewhere", 32))  # they were moved
    with pytest.raises(ArtganError) as caught:
        check_data(run, known, Pictures("data/villas", 33, "xyz"))
    words = str(caught.value)
    assert "not those that mine learns from: it had 32 in" in words
    assert "these are 33 in data/villas" in words
    for way in "--new-data", "--from mine", "--fresh":
        assert way in words


def test_it_is_written_again_only_if_something_changed(tiny_config, tmp_path):
    write_run_file(tmp_path, tiny_config, Pictures("x"))
    before = (tmp_path / "run.json").stat()
    write_run_file(tmp_path, tiny_config, Pictures("x"))
    assert (tmp_path / "run.json").stat() == before
    write_run_file(tmp_path, tiny_config, Pictures("x", 4))
    assert read_run_file(tmp_path)["data"]["pictures"] == 4
