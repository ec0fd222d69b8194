"""The tab that follows a training while it runs, maybe in another window."""

import tempfile
import time
from functools import lru_cache, partial
from pathlib import Path

import gradio as gr
from PIL import Image

from artgan.demo.painters import changed, picture_box
from artgan.evaluation.health import WARM_UP, health_sentence
from artgan.runs.log import minutes_trained, plot_curves, read_log
from artgan.runs.run import Run
from artgan.storage.resolve import run_names

PAUSE = 5  # seconds between two looks
QUIET = 90  # seconds without a new line in the log, after which a run seems to rest


def add_training(runs: Path, first: str, tab: gr.Tab) -> None:
    """Add the tab; first: the run to follow, if it is one."""
    chosen = gr.Dropdown(**runs_to_choose(runs, first), label="Run to follow")
    sentence = gr.Markdown()
    with gr.Row():
        grid = picture_box("What it paints")
        curves = picture_box("Losses and health", show_label=False)
    # Who never opens the tab is spared the looks.
    timer = gr.Timer(PAUSE, active=False)
    tab.select(lambda: gr.Timer(active=True), None, timer)
    tab.select(lambda name: gr.update(**runs_to_choose(runs, name)), chosen, chosen)
    gr.on(
        [tab.select, timer.tick, chosen.change],
        partial(watch_run, runs),
        chosen,
        [sentence, grid, curves],
        show_progress="hidden",
    )


def runs_to_choose(runs: Path, name: str | None) -> dict:
    """The runs to choose from, and of them the one of that name, else the newest."""
    names = run_names(runs)
    newest = max(names, key=lambda n: changed(Run(runs / n).log), default=None)
    return {"choices": names, "value": name if name in names else newest}


def watch_run(runs: Path, name: str | None) -> tuple:
    """A sentence on a run, its latest pictures and its curves; None without any."""
    if name not in run_names(runs):
        return "There is no such run. `artgan train` begins one.", None, None
    run = Run(runs / name)
    if not (rows := read_log(run.log)):
        return f"{name} has written nothing yet. Its first steps take long.", None, None
    grid = None
    if run.latest.is_file():
        words = f"18 pictures of fixed seeds at step {rows[-1]['step']:,}"
        grid = gr.update(value=Image.open(run.latest).convert("RGB"), alt_text=words)
    return sentence_on(name, rows), grid, curves_of(run.log, changed(run.log))


def sentence_on(name: str, rows: list[dict]) -> str:
    """How far a run is, whether it is training now, and its health."""
    silence = time.time() - rows[-1].get("time", 0)
    doing = "is training" if silence < QUIET else "rests"
    looks = [row for row in rows if "structure" in row]
    health = health_sentence(looks, name) or "Health: nothing looks wrong."
    if len(looks) < WARM_UP:
        health = f"Health: too early to tell ({len(looks)} of {WARM_UP} looks)."
    done = f"step {rows[-1]['step']:,}, {minutes_trained(rows):.0f} minutes trained"
    return f"{name} {doing}: {done}.\n\n{health}"


@lru_cache(1)
def curves_of(log: Path, saved: int) -> dict:
    """The curves of losses and health; saved: when, so that new ones are drawn then."""
    with tempfile.TemporaryDirectory() as place:
        plot_curves(log, Path(place, "curves.png"))
        picture = Image.open(Path(place, "curves.png")).convert("RGB")
    return gr.update(value=picture, alt_text="Curves of the losses and the health")
