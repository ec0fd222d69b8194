"""The tab that follows a training while it runs, maybe in another window."""

from pathlib import Path

import gradio as gr

from artgan.demo.following import View, follow, newest_run
from artgan.demo.models import Models
from artgan.storage.run_folder import run_names

PAUSE = 4  # seconds between two looks


def add_training_tab(models: Models, run: str | None) -> None:
    """Add the tab; run: the one to follow at first."""
    names, first = run_names(models.runs), run or newest_run(models.runs)
    with gr.Tab("Training", id="training") as tab:
        with gr.Row(elem_classes="level"):
            chosen = gr.Dropdown(names, value=first, label="Run to follow")
            refresh = gr.Button("Look for new runs", scale=0, min_width=220)
        sentence = gr.HTML(elem_id="run-sentence", padding=False)
        with gr.Row():
            grid = gr.HTML(elem_id="grid", padding=False)
            curves = gr.HTML(elem_id="curves", padding=False)
    # Who never opens the tab is spared the looks.
    seen, timer = gr.State(()), gr.Timer(PAUSE, active=run is not None)
    tab.select(lambda: gr.Timer(active=True), None, timer)

    def tick(name, before):
        return outputs_of(follow(models.runs, name, before))

    gr.on(
        [timer.tick, chosen.change, tab.select],
        tick,
        [chosen, seen],
        [sentence, grid, curves, seen],
        show_progress="hidden",
    )
    refresh.click(lambda name: runs_to_choose(models.runs, name), chosen, chosen)


def runs_to_choose(runs: Path, name: str | None) -> gr.Dropdown:
    """The runs that there are now; the newest if the chosen one is not among them."""
    names = run_names(runs)
    chosen = name if name in names else newest_run(runs)
    return gr.Dropdown(choices=names, value=chosen)


def outputs_of(view: View) -> tuple:
    """What the components are set to; what is as it was is left alone."""
    parts = (view.sentence, view.grid, view.curves)
    return *(gr.skip() if part is None else part for part in parts), view.seen
