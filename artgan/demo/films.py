"""Walks: from seeds, or from what was found for a photograph, to a film."""

import tempfile
from functools import partial
from pathlib import Path

import gradio as gr
import numpy as np

from artgan.demo.painters import Painters, picture_box, told
from artgan.paint.animation import check_animation, save_animation
from artgan.paint.paint import resample, seed_latents
from artgan.paint.walk import walk_pictures
from artgan.system.arguments import check_seeds
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

MOST = 12  # seeds that a walk passes
KINDS = ["GIF", "MP4"]


def add_film(painters: Painters, folder: Path, controls: list, *found: gr.State):
    """Add the controls of a walk and its film.

    folder: where it is put; controls: of the model's name, the truncation and the size;
    found: holds the name of a model and its latents [1, latent_size], where the walk
    is to begin.
    """
    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            seeds = gr.Textbox(
                "3, 7, 11",
                label="Seeds to walk through",
                info=f"Up to {MOST}; the walk ends where it began",
            )
            kind = gr.Radio(KINDS, value=KINDS[0], label="Kind of film")
            frames = gr.Slider(30, 240, 60, step=10, label="Frames")
            fps = gr.Slider(5, 50, 15, step=1, label="Frames per second")
            paint = gr.Button("Paint the walk", variant="primary")
        with gr.Column(scale=3, min_width=320):
            picture = picture_box("The walk")
            video = gr.Video(
                visible=False, buttons=["download"], autoplay=True, loop=True
            )
    inputs = [*controls, seeds, kind, frames, fps, *found]
    action = walk_from if found else walk
    paint.click(partial(action, painters, folder), inputs, [picture, video])


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
    start: np.ndarray | None = None,
    progress=gr.Progress(track_tqdm=True),  # noqa: B008
):
    """Paint a walk; what the picture and the video of it become, one of them hidden."""
    chosen, painter = seeds_in(text), painters.open(name)
    place = tempfile.mkdtemp(dir=folder)
    target = Path(place, f"{painter.name}-walk.{kind.lower()}")
    check_animation(target, fps)
    latents = seed_latents(painter.config, chosen, step=painter.step)
    latents = latents if start is None else np.concatenate([start, latents])
    pictures = walk_pictures(painter, chosen, frames, truncation, latents)
    images = (resample(p, size or painter.config.size) for p in pictures)
    save_animation(images, target, fps)
    words = f"A walk through the seeds {', '.join(map(str, chosen))} by {name}"
    moving = {"value": target, "label": words, "visible": True}
    hidden = gr.update(value=None, visible=False)
    if kind == KINDS[0]:
        return gr.update(**moving, alt_text=words), hidden
    return hidden, gr.update(**moving)


@told()
def walk_from(painters: Painters, folder: Path, name: str, *options):
    """As `walk`, from what was found for a photograph: (name, latents) or None."""
    *controls, found = options
    if not found or found[0] != name:
        raise ArtganError("Find the picture of this model nearest to yours first.")
    return walk(painters, folder, name, *[*controls, found[1]])


def seeds_in(text: str) -> list[int]:
    """The seeds that a text such as "3, 7, 11" names; ArtganError if it does not."""
    words = text.replace(",", " ").split()
    if not 1 <= len(words) <= MOST or not all(word.isdecimal() for word in words):
        raise ArtganError(
            f"'{printable(text, 40)}' are not from 1 to {MOST} seeds. Type whole "
            "numbers, such as 3, 7, 11."
        )
    return check_seeds(map(int, words))
