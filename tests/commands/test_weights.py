"""Sharing weights through the Hub, from the command line."""

import json
import subprocess
import sys

import pytest

import artgan.storage.hub
from artgan.__main__ import main


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What would be asked of the Hub, which is not asked."""
    calls = []

    def push(folder, repo):
        calls.append((folder, repo))
        return f"https://hub/{repo}"

    def pull(repo, folder):
        calls.append((repo, folder))
        return folder

    monkeypatch.setattr(artgan.storage.hub, "push_weights", push)
    monkeypatch.setattr(artgan.storage.hub, "pull_weights", pull)
    monkeypatch.chdir(tmp_path)
    return calls


def test_published_weights_and_folders_are_pushed(asked, repository, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "card.json").write_text("{}", "utf-8")
    assert main(["weights", "push", "villas", "me/villas"]) == 0
    assert main(["weights", "push", "mine", "me/mine"]) == 0
    folders = [str(folder) for folder, _ in asked]
    assert folders == [str(repository / "checkpoints" / "villas-128"), "mine"]
    assert "https://hub/me/villas has them." in capsys.readouterr().out


def test_weights_are_pulled_into_a_folder_of_their_name(asked, capsys):
    assert main(["weights", "pull", "roses", "them/roses-128"]) == 0
    [(repo, folder)] = asked
    assert (repo, folder.parts) == ("them/roses-128", ("checkpoints", "roses"))
    assert " generate -w checkpoints" in capsys.readouterr().out


def test_the_list_and_fetching_load_no_tensorflow(repository):
    program = """import sys
from artgan.__main__ import main
import artgan.storage.fetch
status = main(["weights", "list"])
sys.exit(status or "tensorflow" in sys.modules or "keras" in sys.modules)"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=repository, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_a_catalogue_says_does_nothing_to_the_terminal(tmp_path, capsys):
    files = {"card.json": {"bytes": 1, "sha256": "0", "addresses": []}}
    entry = {"aliases": [], "licence": "\x1b]0;x\x07", "files": files}
    content = {"format": 2, "models": {"roses": entry}}
    (tmp_path / "catalogue.json").write_text(json.dumps(content), "utf-8")
    for names in [], ["no\x1b"]:
        main(["weights", "list", *names, "--checkpoints", str(tmp_path)])
        output = capsys.readouterr()
        assert "\\x1b" in output.out + output.err
        assert "\x1b" not in output.out + output.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["push", "villas"], "Give a name and the Hub's"),
        (["pull", "a", "b", "c"], "Give a name and the Hub's"),
        (["pull", "../up", "me/x"], "a-z, 0-9"),
        (["push", "nobody", "me/x"], "no weights 'nobody'"),
    ],
)
def test_mistakes_are_sentences(asked, words, told, capsys):
    assert main(["weights", *words]) == 2
    assert told in capsys.readouterr().err and not asked
