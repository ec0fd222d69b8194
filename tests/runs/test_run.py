"""What a run knows of itself, and which folders are left alone."""

import json
import shutil
from dataclasses import asdict

import pytest

from artgan.runs.log import read_log
from artgan.runs.run import Run
from artgan.system.errors import ArtganError


def save(run, *steps):
    """Put checkpoints of these steps into a run; what is in them is read nowhere."""
    for step in steps:
        (run.checkpoints / f"step-{step:07d}.safetensors").write_bytes(b"x")


def log(run, *rows):
    run.log.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_a_run_knows_its_settings_pictures_and_kernels(
    run, pictures, tiny_config, tmp_path
):
    known, before = run.read(), run.file.stat()
    assert known["config"] == asdict(tiny_config) and known["warm_start"] is None
    assert known["data"]["folder"] == str(tmp_path / "photos")
    assert known["data"]["pictures"] == 3 and known["data"]["fingerprint"] == "abc"
    assert set(known["kernels"]) == {"oneDNN", "threads"}
    run.write(tiny_config, pictures)
    assert run.file.stat() == before  # written only if something changed
    assert Run(tmp_path / "new").read() is None


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


def test_pictures_that_moved_with_the_run_are_found(run, tmp_path):
    assert run.find_pictures() == tmp_path / "photos"
    (tmp_path / "usb").mkdir()
    for name in "photos", "runs [1]":
        shutil.move(tmp_path / name, tmp_path / "usb" / name)
    moved = Run(tmp_path / "usb" / "runs [1]" / "mine")
    assert moved.find_pictures() == tmp_path / "usb" / "photos"
    (tmp_path / "usb" / "photos").rmdir()
    with pytest.raises(ArtganError, match="photos, which is not there.*--data, once"):
        moved.find_pictures()
    with pytest.raises(ArtganError, match="does not tell of which pictures"):
        Run(tmp_path / "nobody").find_pictures()


def test_a_run_never_lies_in_a_folder_of_something_else(run, tmp_path):
    photos = tmp_path / "photos"
    run.check_place(photos)
    (photos / "a.png").touch()
    for folder in photos, tmp_path:  # as with `--data photos --runs .`
        with pytest.raises(ArtganError, match="lie among its own pictures"):
            Run(folder).check_place(photos)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to mum.txt").touch()
    with pytest.raises(ArtganError, match="letters is there and no run"):
        Run(tmp_path / "letters").check_place(photos)


def test_checkpoints_that_are_gone_are_missed(run):
    log(run, {"step": 1, "time": 0}, {"step": 9, "time": 100})
    run.check_checkpoints()  # killed before it first saved
    log(run, *({"step": n, "time": 100 * n} for n in range(9)))
    with pytest.raises(ArtganError, match="checkpoints of .*mine are gone.*--fresh"):
        run.check_checkpoints()
    save(run, 9)
    run.check_checkpoints()
    shutil.rmtree(run.checkpoints)
    run.log.unlink()
    with pytest.raises(ArtganError, match="are gone"):
        run.check_checkpoints()


def test_what_is_of_later_steps_is_renamed_and_nothing_lost(run):
    save(run, 10, 20)
    run.samples.mkdir()
    for name in "0000000.png", "0000020.png", "favourite.png", "0000030.png.part":
        (run.samples / name).write_text(name)
    log(run, {"step": 10}, {"step": 20})
    with run.log.open("a") as file:
        file.write('{"step": 30, "disc')
    run.tidy(10)
    names = {path.name for path in run.folder.rglob("*") if path.is_file()}
    assert names == {
        *("run.json", "log.jsonl", "log.jsonl.old", "0000000.png", "favourite.png"),
        *(
            "0000020.png.old",
            "step-0000010.safetensors",
            "step-0000020.safetensors.old",
        ),
    }
    assert read_log(run.log) == [{"step": 10}]
    assert "20" in run.folder.joinpath("log.jsonl.old").read_text()


def test_a_run_set_aside_keeps_all(run, contents):
    save(run, 3)
    before = {path.name: data for path, data in contents(run.folder).items()}
    run.folder.with_name("mine-old-1").mkdir()
    aside = run.set_aside()
    assert aside.name == "mine-old-2" and not run.folder.exists()
    assert {path.name: data for path, data in contents(aside).items()} == before
