"""Sharing weights through the Hub, from the command line."""

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
