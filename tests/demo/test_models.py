"""Models are opened once, by the names that are offered."""

import shutil

import pytest
from painters import publish_gan

from artgan.demo.models import MOST_OPEN, Models
from artgan.storage.catalogue import add_to_catalogue
from artgan.system.errors import ArtganError


def test_runs_are_offered_before_published_weights(runs, tiny_gan, tmp_path):
    weights = tmp_path / "checkpoints" / "flowers-32"
    publish_gan(tiny_gan, weights, {"licence": "CC0-1.0"})
    add_to_catalogue(weights, ["flowers"])
    models = Models(runs, tmp_path / "checkpoints")
    assert models.first == "flowers-32"
    assert models.names() == ["flowers-32", "villas"]
    named = Models(runs, tmp_path / "checkpoints", "villas@best")
    assert named.names() == ["villas@best", "villas", "flowers-32"]
    assert Models(runs, tmp_path / "checkpoints", "flowers").names() == models.names()
    (tmp_path / "checkpoints" / "catalogue.json").write_text("{", "utf-8")
    assert Models(runs, tmp_path / "checkpoints", "villas").names() == ["villas"]


def test_a_model_is_opened_once_until_it_is_read_again(models):
    model = models.open("villas")
    assert models.open("villas") is model and models.first == "villas"
    assert models.reopen("villas") is not model


def test_the_oldest_model_is_let_go(models, runs):
    for number in range(MOST_OPEN):
        shutil.copytree(runs / "villas", runs / f"run-{number}")
        models.open(f"run-{number}")
    models.open("villas")
    assert len(models.kept) == MOST_OPEN and "run-0" not in models.kept


def test_a_deleted_run_is_an_error_that_lists_the_others(models, runs):
    shutil.rmtree(runs / "villas")
    with pytest.raises(ArtganError, match="no model 'villas'"):
        models.reopen("villas")


def test_without_any_model_there_is_none_to_begin_with(tmp_path):
    assert Models(tmp_path / "runs", tmp_path / "checkpoints").names() == []
