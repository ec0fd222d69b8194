"""Published weights listed, verified and shared, from the command line."""

import json
from pathlib import Path
from unittest.mock import Mock

import numpy as np

import artgan.storage.publishing
from artgan.__main__ import main
from artgan.storage.publishing import write_weights


def test_published_weights_and_folders_are_listed_and_pushed(
    repository, tmp_path, monkeypatch, capsys
):
    push = Mock(side_effect=lambda folder, repo: f"https://hub/{repo}")
    monkeypatch.setattr(artgan.storage.publishing, "push_weights", push)
    monkeypatch.chdir(tmp_path)
    write_weights(tmp_path / "mine", {"generator": {}}, {}, 1, {})
    assert main(["weights", "list"]) == 0
    assert main(["weights", "push", "vedute", "me/vedute"]) == 0
    assert main(["weights", "push", "mine", "me/mine"]) == 0
    folders = [repository / "checkpoints" / "vedute-128", Path("mine")]
    assert [each.args[0] for each in push.call_args_list] == folders
    output = capsys.readouterr().out
    assert "flowers-256 or flowers: 7.4 MB, licence MIT\n" in output
    assert "https://hub/me/vedute has them." in output


def test_what_is_no_folder_of_published_weights_is_told(tmp_path, capsys):
    place = tmp_path / "runs" / "mine"
    (place / "checkpoints").mkdir(parents=True)
    for step in 1, 2:
        (place / "checkpoints" / f"step-000000{step}.safetensors").touch()
    (place / "run.json").write_text("{}", "utf-8")
    for words in ["list", str(place)], ["push", str(place), "me/mine"]:
        assert main(["weights", *words]) == 2
        error = capsys.readouterr().err
        assert "is no folder of published weights; tools/publish_weights.py" in error


def test_all_that_is_wrong_is_told_and_what_is_right(tmp_path, capsys):
    """One file is cut short, one does not fit its settings, one is a pickle."""
    arrays = {"a": np.float32([1, 2])}
    for name in "reds", "blues":
        write_weights(tmp_path / name, {"generator": arrays}, {"size": 32}, 1, {})
    path = tmp_path / "reds" / "generator.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    (tmp_path / "x.safetensors").write_bytes(b"\x80\x04K\x01." + 20 * b"x")
    assert main(["weights", "verify", "flowers"]) == 0
    assert "It is right: a generator of" in capsys.readouterr().out
    command = ["weights", "--checkpoints", str(tmp_path), "verify"]
    assert main(command) == 2
    error = capsys.readouterr().err
    assert "is damaged" in error and "do not fit the network" in error
    assert main([*command, str(tmp_path / "x.safetensors"), "none"]) == 2
    error = capsys.readouterr().err
    assert "no safetensors" in error and "There is no model 'none'" in error


def test_what_a_card_says_does_nothing_to_the_terminal(tmp_path, capsys):
    write_weights(tmp_path / "roses", {"generator": {}}, {}, 1, {})
    card = {"licence": "\x1b]0;x\x07", "aliases": ["no\x1b[2J"]}
    (tmp_path / "roses" / "card.json").write_text(json.dumps(card), "utf-8")
    for names in [], ["no\x1b"]:
        main(["weights", "list", *names, "--checkpoints", str(tmp_path)])
        output = capsys.readouterr()
        assert "\\x1b" in output.out + output.err
        assert "\x1b" not in output.out + output.err
