"""Walks become films, from seeds and from what was found for a photograph."""

import gradio as gr
import numpy as np
import pytest
from PIL import Image, ImageSequence

from artgan.demo import films
from artgan.paint.paint import seed_latents


@pytest.fixture
def film(painters, tmp_path):
    """Paint a walk of 30 frames: (the update of the page, its frames)."""

    def painted(text, *begin, kind="GIF"):
        asked = "tiny", 1.0, 64, text, kind, 30, 10, *begin
        update = films.walk(painters, tmp_path, *asked)
        with Image.open(update["value"]) as image:
            pages = ImageSequence.Iterator(image)
            frames = [np.asarray(page.convert("RGB")) for page in pages]
        return update, np.stack(frames)

    return painted


@pytest.mark.parametrize("kind", ["GIF", "WebP"])
def test_a_walk_is_a_film_with_words(film, kind):
    update, frames = film(" 3,7 , 11", kind=kind)
    assert frames.shape == (30, 64, 64, 3) and (frames[0] != frames[9]).any()
    assert update["alt_text"] == "A walk through the seeds 3, 7, 11 by tiny"
    assert update["value"].name == f"tiny-walk.{kind.lower()}"


def test_a_walk_begins_with_what_was_found_with_its_model(film, painters):
    latents = seed_latents(painters.open("tiny").config, [7])
    assert (film("3", True, ("tiny", latents))[1] == film("7 3")[1]).all()
    for found in None, ("other", latents):
        with pytest.raises(gr.Error, match="Find the picture of this model"):
            film("3", True, found)


@pytest.mark.parametrize("text", ["", "-3", "a", "3; 7", "9" * 5000, "1 " * 20])
def test_what_cannot_be_walked_is_told(film, text):
    with pytest.raises(gr.Error) as caught:
        film(text)
    assert not caught.value.print_exception  # no traceback


def test_the_nearest_so_far_is_shown_until_the_last_step(painters, monkeypatch):
    config, image = painters.open("tiny").config, np.zeros([9, 9, 3], np.uint8)
    found = [(seed_latents(config, [seed]), 1 / (seed + 1)) for seed in range(26)]
    monkeypatch.setattr(films, "search", lambda *asked: found)
    *early, (shown, told) = films.find_nearest(painters, "tiny", 0, image, 25)
    assert told == ("tiny", found[25][0])
    [wanted] = painters.open("tiny").generate([25])
    assert (np.asarray(shown["value"]) == wanted).all() and len(early) == 3
    assert shown["alt_text"] == "The nearest after 25 of 25 steps: distance 0.04"
    with pytest.raises(gr.Error, match="Choose a photograph"):
        next(films.find_nearest(painters, "tiny", 0, None, 20))
