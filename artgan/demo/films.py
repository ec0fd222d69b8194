"""The tabs of one's own photograph, and of walks: through seeds, or on from there."""

import tempfile
from functools import partial
from pathlib import Path

import gradio as gr
import numpy as np

from artgan.demo.painters import Painters, picture_box, told
from artgan.paint.invert import search
from artgan.paint.paint import seed_latents
from artgan.system.arguments import check_seeds
from artgan.system.errors import ArtganError

SHOWN_EVERY = 10  # steps of the search
EXPLANATION = """
The page looks for the latent whose picture is most like your photograph. A model paints
only what it has learnt: of other subjects it finds a likeness in colours and shapes at
best. The photograph stays on this machine, and is deleted when the page is ended.
"""


def add_photograph(painters: Painters, controls: list, found: gr.State) -> None:
    """Add the tab; controls: of the model's name, the truncation and the size.

    found: gets the name of a model and its latents [1, latent_size + classes].
    """
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
    inputs = [*controls[::2], photograph, steps]
    running = find.click(partial(find_nearest, painters), inputs, [nearest, found])
    stop.click(None, cancels=[running])


def find_nearest(
    painters: Painters, name: str, size: int, image: np.ndarray | None, steps: int
):
    """Yield the picture most like an image so far, and (name, latents [1, size])."""
    with told():
        if image is None:
            raise ArtganError("Choose a photograph first.")
        painter = painters.open(name)
        for step, (latents, distance) in enumerate(search(painter, image, steps)):
            if step % SHOWN_EVERY and step < steps:
                continue
            done = f"{step} of {steps} steps"
            words = f"The nearest after {done}: distance {distance:.2f}"
            [shown] = painter.generate(latents=latents, size=size or None)
            yield gr.update(value=shown, label=words, alt_text=words), (name, latents)


def add_walk(painters: Painters, folder: Path, controls: list, found: gr.State) -> None:
    """Add the tab; folder: where films are put; the others as for `add_photograph`."""
    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            seeds = gr.Textbox("3, 7, 11", label="Seeds to walk through, and back")
            begin = gr.Checkbox(label="Begin with what was found for the photograph")
            kind = gr.Radio(["GIF", "WebP"], value="GIF", label="Kind of film")
            frames = gr.Slider(30, 240, 60, step=10, label="Frames")
            fps = gr.Slider(5, 50, 15, step=1, label="Frames per second")
            paint = gr.Button("Paint the walk", variant="primary")
        with gr.Column(scale=3, min_width=320):
            film = picture_box("The walk")
    inputs = [*controls, seeds, kind, frames, fps, begin, found]
    paint.click(partial(walk, painters, folder), inputs, film)


@told()
def walk(
    painters: Painters,
    folder: Path,
    name: str,
    truncation: float,
    size: int,
    text: str,
    kind: str,
    frames: int,
    fps: int,
    begin: bool = False,
    found: tuple[str, np.ndarray] | None = None,
    progress=gr.Progress(track_tqdm=True),  # noqa: B008
):
    """Paint a walk through the seeds of a text, maybe from what was found: a film."""
    words = text.replace(",", " ").split()
    seeds = check_seeds([int(w) if w.isdecimal() and len(w) < 11 else w for w in words])
    painter = painters.open(name)
    latents = seed_latents(painter.config, seeds, step=painter.step)
    if begin:
        if not found or found[0] != name:
            raise ArtganError("Find the picture of this model nearest to yours first.")
        latents = np.concatenate([found[1], latents])
    target = Path(tempfile.mkdtemp(dir=folder), f"{painter.name}-walk.{kind.lower()}")
    asked = seeds, target, frames, fps, size or None, truncation
    painter.save_walk(*asked, latents=latents)
    label = f"A walk through the seeds {', '.join(map(str, seeds))} by {name}"
    return gr.update(value=target, label=label, alt_text=label)
