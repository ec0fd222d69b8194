"""What a run knows of itself, and which folders are left alone."""

import json
import shutil
from dataclasses import asdict

import pytest

from artgan.runs.run import Run
from artgan.system.errors import ArtganError


def test_a_run_knows_its_settings_and_pictures(run, photos, tiny_config, tmp_path):
    known = run.read()
    assert known["config"] == asdict(tiny_config) and known["warm_start"] is None
    assert known["data"]["folder"] == str(photos)
    assert known["data"]["pictures"] == 3 and known["data"]["fingerprint"]
    assert run.find_pictures() == photos
    shutil.rmtree(photos)
    with pytest.raises(ArtganError, match="photos, which is not there.*--data, once"):
        run.find_pictures()
    new = Run(tmp_path / "new")
    assert new.read() is None
    with pytest.raises(ArtganError, match="knows its pictures"):
        new.find_pictures()


@pytest.mark.parametrize(
    "text",
    ["", "3", "[" * 9999, "{}"]
    + [json.dumps({"format": 1, "config": {}, "data": d}) for d in (None, {}, [3])]
    + ['{"format": 9, "config": {}, "data": {"folder": "", "fingerprint": ""}}'],
)
def test_a_damaged_file_is_a_sentence(run, text):
    run.file.write_text(text, "utf-8")
    with pytest.raises(ArtganError, match="run.json.* damaged.* Remove that file"):
        run.read()


def test_a_run_never_lies_in_a_folder_of_something_else(run, photos, tmp_path):
    run.check_place(photos)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to mum.txt").touch()
    for folder in photos, tmp_path, tmp_path / "letters":  # as with `--runs .`
        with pytest.raises(ArtganError, match="is there and no run"):
            Run(folder).check_place(photos)


def test_what_is_of_later_steps_is_renamed_and_nothing_lost(run):
    for step in 10, 20:
        (run.checkpoints / f"step-{step:07d}.safetensors").touch()
    run.samples.mkdir()
    for name in "0000000.png", "0000020.png", "favourite.png", "0000030.png.part":
        (run.samples / name).write_text(name)
    run.log.write_text('{"step": 10}\n{"step": 20}\n{"step": 30, "disc')
    run.tidy(10)
    names = {path.name for path in run.folder.rglob("*") if path.is_file()}
    assert names == {
        *("run.json", "log.jsonl", "log.jsonl.old", "0000000.png", "favourite.png"),
        *("0000020.png.old", "step-0000010.safetensors"),
        "step-0000020.safetensors.old",
    }
    assert run.log.read_text("utf-8") == '{"step": 10}\n'  # and no half row
    assert "20" in (run.folder / "log.jsonl.old").read_text("utf-8")


def test_a_run_set_aside_keeps_all(run, contents):
    before = sorted(contents(run.folder).values())
    run.folder.with_name("mine-old-1").mkdir()
    aside = run.set_aside()
    assert aside.name == "mine-old-2" and not run.folder.exists()
    assert sorted(contents(aside).values()) == before


def test_what_cannot_be_drawn_is_a_sentence(run):
    run.samples.mkdir()
    for name in "none", "0000001.png":
        with pytest.raises(ArtganError, match="has no sample that is whole. Train"):
            run.draw()
        (run.samples / name).touch()
