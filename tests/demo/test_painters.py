"""Models are opened once, by the names that are offered."""

import shutil

import gradio as gr
import pytest
from painters import publish_gan

from artgan.demo.painters import MOST_OPEN, told
from artgan.storage.checkpoints import save_checkpoint
from artgan.system.errors import ArtganError


def test_runs_are_offered_before_published_weights(painters, tiny_gan):
    weights = painters.checkpoints / "roses-32"
    publish_gan(tiny_gan, weights, {"aliases": ["roses"]})
    assert painters.names() == ["tiny", "young", "roses-32"]
    assert painters.names("roses") == ["roses", "tiny", "young"]
    assert painters.names("tiny@best") == ["tiny@best", "tiny", "young", "roses-32"]


def test_a_model_is_opened_once_until_its_run_has_learnt_more(painters, runs, tiny_gan):
    painter = painters.open("tiny")
    assert painters.open("tiny") is painter
    save_checkpoint(tiny_gan, runs / "tiny" / "checkpoints", "best")
    assert painters.open("tiny") is not painter
    assert painters.open("tiny@best") is painters.open("tiny@best")


def test_the_oldest_model_is_let_go(painters, runs):
    first = painters.open("tiny")
    for number in range(MOST_OPEN):
        shutil.copytree(runs / "tiny", runs / f"run-{number}")
        painters.open(f"run-{number}")
    assert painters.open("tiny") is not first


@pytest.mark.parametrize(
    ("name", "words"),
    [("gone", "no model 'gone'.*tiny, young"), ("young", "no checkpoint yet")],
)
def test_what_cannot_paint_is_a_sentence(painters, name, words):
    with pytest.raises(ArtganError, match=words):
        painters.open(name)


def test_an_error_is_told_on_the_page_without_a_traceback():
    with pytest.raises(gr.Error, match="No room") as caught, told():
        raise OSError("No room")
    assert not caught.value.print_exception
