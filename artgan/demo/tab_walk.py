"""The tab of walks: from seeds to a file that moves."""

import gradio as gr

from artgan.demo.markup import awaited
from artgan.demo.sharing import Shared
from artgan.demo.walking import KINDS, walk


def add_walk_tab(shared: Shared) -> None:
    """Add the tab."""
    with gr.Tab("Walk", id="walk"), gr.Row():
        with gr.Column(scale=2, min_width=320):
            seeds = gr.Textbox(
                "3, 7, 11",
                label="Seeds to walk through",
                info="Up to 12, as 3, 7, 11 or 0-3",
            )
            kind = gr.Radio(list(KINDS), value="GIF", label="Kind of file")
            frames = gr.Slider(24, 240, 60, step=4, label="Frames")
            fps = gr.Slider(5, 50, 15, step=1, label="Frames per second")
            paint = gr.Button("Paint the walk", variant="primary")
        with gr.Column(scale=3, min_width=420):
            shown = gr.HTML(
                awaited(
                    "A walk turns one picture into the next and ends where it began. "
                    "60 frames take some seconds."
                ),
                elem_id="walk",
                padding=False,
            )

    # Gradio finds the progress among parameters that have names of their own only.
    def paint_walk(
        model,
        seeds,
        kind,
        frames,
        fps,
        truncation,
        size,
        progress=gr.Progress(track_tqdm=True),  # noqa: B008
    ):
        options = (model, seeds, kind, frames, fps, truncation, size)
        return walk(shared.models, shared.folder, *options)

    options = [shared.model, seeds, kind, frames, fps, shared.truncation, shared.size]
    paint.click(paint_walk, options, shown)
