"""The tab that follows a training while it runs, maybe in another window."""

import gradio as gr

from artgan.demo.following import View, follow
from artgan.demo.models import Models
from artgan.storage.run_folder import run_names

PAUSE = 4  # seconds between two looks


def add_training_tab(models: Models, run: str | None) -> None:
    """Add the tab; run: the one to follow at first."""
    names = run_names(models.runs)
    first = run or (names[-1] if names else None)
    with gr.Tab("Training", id="training"):
        with gr.Row():
            chosen = gr.Dropdown(names, value=first, label="Run to follow")
            refresh = gr.Button("Look for new runs", scale=0, min_width=180)
        sentence = gr.HTML(elem_id="run-sentence")
        with gr.Row():
            grid, curves = gr.HTML(elem_id="grid"), gr.HTML(elem_id="curves")
    seen, timer = gr.State(()), gr.Timer(PAUSE)

    def tick(name, before):
        return outputs_of(follow(models.runs, name, before))

    gr.on(
        [timer.tick, chosen.change],
        tick,
        [chosen, seen],
        [sentence, grid, curves, seen],
        show_progress="hidden",
    )
    refresh.click(lambda: gr.Dropdown(choices=run_names(models.runs)), None, chosen)


def outputs_of(view: View) -> tuple:
    """What the components are set to; what is as it was is left alone."""
    parts = (view.sentence, view.grid, view.curves)
    return *(gr.skip() if part is None else part for part in parts), view.seen
