"""Published weights listed, verified and shared, from the command line."""

import json
import subprocess
import sys

import numpy as np
import pytest

import artgan.storage.publishing
from artgan.__main__ import main
from artgan.storage.publishing import write_weights


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What would be asked of the Hub, which is not asked."""
    calls = []

    def push(folder, repo):
        calls.append((folder, repo))
        return f"https://hub/{repo}"

    monkeypatch.setattr(artgan.storage.publishing, "push_weights", push)
    monkeypatch.chdir(tmp_path)
    return calls


def test_published_weights_and_folders_are_pushed(asked, repository, tmp_path, capsys):
    write_weights(tmp_path / "mine", {"generator": {}}, {}, 1, {})
    assert main(["weights", "push", "vedute", "me/vedute"]) == 0
    assert main(["weights", "push", "mine", "me/mine"]) == 0
    folders = [str(folder) for folder, _ in asked]
    assert folders == [str(repository / "checkpoints" / "vedute-128"), "mine"]
    assert "https://hub/me/vedute has them." in capsys.readouterr().out


def test_the_list_loads_no_tensorflow(repository):
    program = """import sys
from artgan.__main__ import main
sys.exit(main(["weights", "list"]) or "tensorflow" in sys.modules)"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=repository, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"flowers-256 (flowers): 9.0 MB, licence MIT\n" in done.stdout


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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["push", "vedute"], "Give a name and the Hub's"),
        (["push", "nobody", "me/x"], "no model 'nobody'"),
        (["list", "nobody"], "no model 'nobody'"),
    ],
)
def test_mistakes_are_sentences(asked, words, told, capsys):
    assert main(["weights", *words]) == 2
    assert told in capsys.readouterr().err and not asked
