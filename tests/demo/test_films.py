"""Walks become films, from seeds and from what was found for a photograph."""

import gradio as gr
import numpy as np
import pytest
from PIL import Image, ImageSequence

from artgan.demo.films import find_nearest, walk
from artgan.paint.paint import paint_latents, seed_latents


@pytest.fixture
def film(painters, tmp_path):
    """Paint a walk of 30 frames: (the update of the page, its frames)."""

    def painted(text, kind="GIF", *begin):
        asked = "tiny", 1.0, 64, text, kind, 30, 10, *begin
        update = walk(painters, tmp_path, *asked)
        with Image.open(update["value"]) as image:
            frames = [
                np.asarray(f.convert("RGB")) for f in ImageSequence.Iterator(image)
            ]
        return update, np.stack(frames)

    return painted


@pytest.mark.parametrize("kind", ["GIF", "WebP"])
def test_a_walk_is_a_film_with_words(film, kind):
    update, frames = film(" 3,7 , 11", kind)
    assert frames.shape == (30, 64, 64, 3) and (frames[0] != frames[9]).any()
    assert update["alt_text"] == "A walk through the seeds 3, 7, 11 by tiny"
    assert update["value"].name == f"tiny-walk.{kind.lower()}"


def test_a_walk_begins_with_what_was_found_with_its_model(film, painters):
    latents = seed_latents(painters.open("tiny").config, [7])
    assert (film("3", "GIF", True, ("tiny", latents))[1] == film("7 3")[1]).all()
    for found in None, ("other", latents):
        with pytest.raises(gr.Error, match="Find the picture of this model"):
            film("3", "GIF", True, found)


@pytest.mark.parametrize(
    "text", ["", "-3", "a", "3; 7", "9" * 11, "9" * 5000, "1 " * 20]
)
def test_what_cannot_be_walked_is_told(film, text):
    with pytest.raises(gr.Error):
        film(text)


def test_the_nearest_so_far_is_shown_until_the_last_step(painters, tiny_images):
    *early, last = find_nearest(painters, "tiny", 0, tiny_images[0], 20)
    assert len(early) == 2
    shown, (name, latents) = last
    painted = next(paint_latents(painters.open("tiny"), latents))
    assert name == "tiny" and (np.asarray(shown["value"]) == painted).all()
    assert "after 20 of 20 steps: distance" in shown["alt_text"]
    with pytest.raises(gr.Error, match="Choose a photograph first"):
        next(find_nearest(painters, "tiny", 0, None, 20))
    with pytest.raises(gr.Error, match="no checkpoint yet"):
        next(find_nearest(painters, "young", 0, tiny_images[0], 20))
