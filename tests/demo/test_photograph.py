"""From a photograph to the nearest picture, shown while it is looked for."""

import gradio as gr
import numpy as np
import pytest

from artgan.demo.photograph import find_nearest
from artgan.paint.paint import paint_latents


def test_the_nearest_so_far_is_shown_until_the_last_step(painters, tiny_images):
    *early, last = find_nearest(painters, "tiny", 0, tiny_images[0], 20)
    assert len(early) == 2
    shown, (name, latents) = last
    painted = next(paint_latents(painters.open("tiny"), latents))
    assert name == "tiny" and (np.asarray(shown["value"]) == painted).all()
    assert "after 20 of 20 steps: distance" in shown["alt_text"]


@pytest.mark.parametrize(
    ("name", "image", "words"),
    [
        ("tiny", None, "Choose a photograph first"),
        ("young", np.zeros([9, 9, 3], np.uint8), "no checkpoint yet"),
    ],
)
def test_what_is_missing_is_told(painters, name, image, words):
    with pytest.raises(gr.Error, match=words):
        next(find_nearest(painters, name, 0, image, 20))
