"""The tab of one's own photograph: the nearest picture that the model can paint."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from artgan.demo.films import add_film
from artgan.demo.painters import Painters, picture_box, told
from artgan.paint.invert import search
from artgan.paint.paint import paint_latents, resample
from artgan.system.errors import ArtganError

if TYPE_CHECKING:
    import numpy as np

SHOWN_EVERY = 10  # steps
EXPLANATION = """
The page looks for the latent whose picture is most like your photograph: it paints,
compares both through a network that has seen a million photographs, and follows the
gradient. A model paints only what it has learnt: of other subjects it finds a likeness
in colours and shapes at best. The photograph stays on this machine, and is deleted when
the page is ended.
"""


def add_photograph(painters: Painters, folder: Path, controls: list) -> None:
    """Add the tab; the arguments are those of `add_film`."""
    gr.Markdown(EXPLANATION)
    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            words = "Your photograph"
            photograph = gr.Image(label=words, alt_text=words, height=320)
            steps = gr.Slider(20, 600, 200, step=20, label="Steps: more come closer")
            with gr.Row():
                find = gr.Button("Find it", variant="primary", min_width=110)
                stop = gr.Button("Stop", min_width=110)
        with gr.Column(scale=3, min_width=320):
            nearest = picture_box("The nearest that the model paints")
    found = gr.State()
    gr.Markdown("### A walk from it")
    add_film(painters, folder, controls, found)
    inputs = [*controls[::2], photograph, steps]
    running = find.click(partial(find_nearest, painters), inputs, [nearest, found])
    stop.click(None, cancels=[running])


def find_nearest(
    painters: Painters, name: str, size: int, image: "np.ndarray | None", steps: int
):
    """Yield the picture most like an image so far, and (name, latents [1, size])."""
    with told():
        if image is None:
            raise ArtganError("Choose a photograph first.")
        painter = painters.open(name)
        for step, (latents, distance) in enumerate(search(painter, image, steps)):
            if step % SHOWN_EVERY and step < steps:
                continue
            words = (
                f"The nearest after {step} of {steps} steps: distance {distance:.2f}"
            )
            painted = next(paint_latents(painter, latents))
            shown = resample(painted, size or painter.config.size)
            update = gr.update(value=shown, label=words, alt_text=words)
            yield update, (name, latents)
