"""The tab that follows a training while it runs, maybe in another window."""

import os
import tempfile
import time
from functools import lru_cache, partial
from pathlib import Path

import gradio as gr
from PIL import Image

from artgan.demo.painters import changed, picture_box
from artgan.evaluation.health import WARM_UP, health_sentence
from artgan.runs.log import minutes_trained, read_log
from artgan.storage.run_folder import is_run, run_names

PAUSE = 5  # seconds between two looks
QUIET = 90  # seconds without a new line in the log, after which a run seems to rest
NONE = "There is no run yet. The command `artgan train` begins one."


def add_training(runs: Path, first: str, tab: gr.Tab, follow: bool) -> None:
    """Add the tab; first: the run to follow, if it is one; follow: from the start."""
    with gr.Row():
        chosen = gr.Dropdown(**runs_to_choose(runs, first), label="Run to follow")
        refresh = gr.Button("Look for new runs", scale=0, size="md", min_width=200)
    sentence = gr.Markdown(NONE)
    with gr.Row():
        grid = picture_box("What it paints")
        curves = picture_box("Losses and health", show_label=False)
    # Who never opens the tab is spared the looks.
    timer = gr.Timer(PAUSE, active=follow)
    tab.select(lambda: gr.Timer(active=True), None, timer)
    refresh.click(lambda name: gr.update(**runs_to_choose(runs, name)), chosen, chosen)
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
    newest = max(names, key=lambda n: changed(runs / n / "log.jsonl"), default=None)
    return {"choices": names, "value": name if name in names else newest}


def watch_run(runs: Path, name: str | None) -> tuple:
    """A sentence on a run, its latest pictures and its curves; None without any."""
    if not name:
        return NONE, None, None
    if not is_run(runs / name):
        return f"There is no run {name} any more.", None, None
    log = runs / name / "log.jsonl"
    rows = read_log(log) if log.is_file() else []
    if not rows:
        told = f"{name} has written nothing yet; its first steps take a while."
        return told, None, None
    step = rows[-1]["step"]
    return (
        sentence_on(name, rows),
        grid_of(runs / name, step),
        curves_of(log, changed(log)),
    )


def sentence_on(name: str, rows: list[dict]) -> str:
    """How far a run is, whether it is training now, and its health."""
    silence = time.time() - rows[-1].get("time", 0)
    doing = "is training" if silence < QUIET else "rests"
    looks = [row for row in rows if "structure" in row]
    health = health_sentence(looks, name) or "Health: nothing looks wrong."
    if len(looks) < WARM_UP:
        health = f"Health: too early to tell ({len(looks)} of {WARM_UP} looks)."
    return (
        f"{name} {doing}: step {rows[-1]['step']:,}, {minutes_trained(rows):.0f} "
        f"minutes trained.\n\n{health}"
    )


def grid_of(folder: Path, step: int) -> dict | None:
    """The latest pictures of a run, with words for them; None without any."""
    try:
        picture = Image.open(folder / "latest.png").convert("RGB")
    except OSError:
        return None
    return gr.update(
        value=picture, alt_text=f"18 pictures of fixed seeds at step {step:,}"
    )


@lru_cache(1)
def curves_of(log: Path, saved: int) -> dict:
    """The curves of losses and health; saved: when, so that new ones are drawn then."""
    os.environ.setdefault("MPLBACKEND", "Agg")  # no window, for this is no main thread
    from artgan.runs.figures import plot_curves

    with tempfile.TemporaryDirectory() as place:
        plot_curves(log, Path(place, "curves.png"))
        picture = Image.open(Path(place, "curves.png")).convert("RGB")
    return gr.update(value=picture, alt_text="Curves of the losses and the health")
