"""The catalogue of published weights, and the command that lists and verifies them."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from artgan.__main__ import main
from artgan.storage.builders import build_stored_generator
from artgan.storage.catalogue import (
    add_to_catalogue,
    published_folder,
    read_catalogue,
)
from artgan.storage.legacy.flowers import FlowersConfig
from artgan.storage.publishing import write_weights
from artgan.storage.weights import named_arrays
from artgan.system.errors import ArtganError

CONFIG = FlowersConfig(size=16, width=1, latent_size=2)
ROSES = {
    "generator": named_arrays(build_stored_generator(CONFIG)),
    "discriminator": {"logits/bias": np.ones(2)},
}


def publish_roses(checkpoints, name="roses-64", facts=None, **options):
    """Publish a small model and enter it into the catalogue; return its folder."""
    facts = {"licence": "CC0-1.0"} if facts is None else facts
    write_weights(checkpoints / name, ROSES, asdict(CONFIG), 5, facts)
    add_to_catalogue(checkpoints / name, **options)
    return checkpoints / name


def test_the_catalogue_of_the_project_agrees_with_its_files(repository):
    checkpoints = repository / "checkpoints"
    models = read_catalogue(checkpoints)
    for name in models:
        published_folder(name, checkpoints)
    cards = {path.parent.name for path in checkpoints.glob("*/card.json")}
    assert {name for name in cards if not name.startswith("imported-")} == {*models}


def test_a_model_is_found_by_name_and_alias(tmp_path):
    folder = publish_roses(tmp_path, aliases=["roses"])
    for name in ("roses", "roses-64"):
        assert published_folder(name, tmp_path) == folder
    entry = read_catalogue(tmp_path)["roses-64"]
    assert entry["licence"] == "CC0-1.0" and entry["aliases"] == ["roses"]
    sizes = {name: file["bytes"] for name, file in entry["files"].items()}
    assert sizes == {path.name: path.stat().st_size for path in folder.iterdir()}


def test_an_unknown_name_lists_the_known(tmp_path):
    publish_roses(tmp_path, aliases=["roses"])
    with pytest.raises(ArtganError, match="no weights 'tulips'.*roses-64, roses"):
        published_folder("tulips", tmp_path)


def test_publishing_again_replaces_the_entry(tmp_path):
    publish_roses(tmp_path, aliases=["roses"])
    publish_roses(tmp_path, facts={"licence": "MIT"}, mirrors=["https://a.org/x/"])
    (entry,) = read_catalogue(tmp_path).values()
    assert entry["licence"] == "MIT" and entry["aliases"] == []
    addresses = entry["files"]["card.json"]["addresses"]
    assert addresses == ["https://a.org/x/card.json"]


def test_what_would_not_agree_is_not_entered(tmp_path):
    publish_roses(tmp_path, aliases=["roses"])
    before = (tmp_path / "catalogue.json").read_bytes()
    with pytest.raises(ArtganError, match="'roses' is taken"):
        publish_roses(tmp_path, "reds", aliases=["roses"])
    with pytest.raises(ArtganError, match="names no licence"):
        publish_roses(tmp_path, "blues", facts={})
    with pytest.raises(ArtganError, match="a-z, 0-9"):
        publish_roses(tmp_path, "My Roses")
    weights = tmp_path / "roses-64" / "discriminator.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x31")
    with pytest.raises(ArtganError, match="its SHA-256 is another"):
        add_to_catalogue(tmp_path / "roses-64")
    assert (tmp_path / "catalogue.json").read_bytes() == before


def test_every_changed_file_is_found(tmp_path):
    folder = publish_roses(tmp_path)
    for path in folder.iterdir():
        right = path.read_bytes()
        path.write_bytes(right[:-1] + b"!")
        with pytest.raises(ArtganError, match="the catalogue says: its SHA-256"):
            published_folder("roses-64", tmp_path)
        path.write_bytes(right)
    published_folder("roses-64", tmp_path)
    (folder / "card.json").unlink()
    with pytest.raises(ArtganError, match="weights fetch roses-64"):
        published_folder("roses-64", tmp_path)


def model(**changes):
    """A catalogue with one model, and changes in it."""
    file = {"bytes": 1, "sha256": "0", "addresses": []}
    entry = {"aliases": [], "licence": "MIT", "files": {"card.json": file}} | changes
    return json.dumps({"format": 2, "models": {"roses": entry}})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is damaged"),
        ("[]", "is damaged"),
        ("{}", "not a catalogue"),
        ('{"format": 2, "models": []}', "is damaged"),
        ('{"format": 3, "models": {}}', "not a catalogue of format 2"),
        ('{"format": "\\u001b[2J", "models": {}}', "not a catalogue of format 2"),
        (model(aliases=[1]), "is damaged"),
        (model(licence=None), "is damaged"),
        (model(aliases=["\x1b[31mroses"]), "an alias of .* is not a plain name"),
        (
            model(files={"a": {"bytes": 10**400, "sha256": "", "addresses": []}}),
            "has no size",
        ),
        (
            model(files={"a": {"bytes": True, "sha256": "", "addresses": []}}),
            "has no size",
        ),
        (model(files={"../card.json": {}}), "not a plain file name"),
        (model(files={"C:card.json": {}}), "not a plain file name"),
        (model(files={"card.json": {"bytes": 1}}), "is damaged"),
        (
            model(files={"a": {"bytes": "1", "sha256": "", "addresses": []}}),
            "has no size",
        ),
    ],
)
def test_a_damaged_catalogue_is_a_sentence(tmp_path, text, words):
    (tmp_path / "catalogue.json").write_text(text, "utf-8")
    with pytest.raises(ArtganError, match=words):
        read_catalogue(tmp_path)


def command(checkpoints, *arguments):
    """Run `weights` with a catalogue; return the exit code."""
    return main(["weights", *map(str, arguments), "--checkpoints", str(checkpoints)])


def test_list_and_verify_tell_what_is_there(tmp_path, capsys):
    folder = publish_roses(tmp_path, aliases=["roses"])
    assert command(tmp_path, "list") == 0
    assert "roses-64 (roses): 0.0 MB, licence CC0-1.0, here" in capsys.readouterr().out
    assert command(tmp_path, "verify") == 0
    assert command(tmp_path, "verify", "roses", folder / "generator.safetensors") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "roses-64: published weights, step 5. It is right: a gen" in lines[1]
    assert all(", step 5. It is right: a generator of " in line for line in lines)
    (folder / "card.json").unlink()
    assert command(tmp_path, "list", "roses") == 0
    assert "to be fetched" in capsys.readouterr().out


def test_verify_tells_all_that_is_wrong_and_exits_with_2(tmp_path, capsys):
    for name in ("reds", "blues"):
        path = publish_roses(tmp_path, name) / "generator.safetensors"
        path.write_bytes(path.read_bytes()[:-1])
    (tmp_path / "x.safetensors").write_bytes(b"\x80\x04K\x01." + 20 * b"x")
    names = ("reds", "blues", tmp_path / "x.safetensors", tmp_path / "none")
    assert command(tmp_path, "verify", *names) == 2
    error = capsys.readouterr().err
    assert error.count("is not what the catalogue says: its size is") == 2
    assert "a pickle" in error and "There is no model" in error


def test_an_empty_catalogue_says_so(tmp_path, capsys):
    (tmp_path / "catalogue.json").write_text('{"format": 2, "models": {}}', "utf-8")
    assert command(tmp_path, "list") == 0
    assert command(tmp_path, "verify") == 0
    assert capsys.readouterr().out == 2 * "No weights are published yet.\n"
    assert command(tmp_path, "verify", "flowers") == 2
    assert command(tmp_path, "fetch") == 2
    error = capsys.readouterr().err
    assert "Published weights: none" in error and "Name what to fetch" in error
