"""What the tabs of the page have in common."""

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from artgan.demo.models import Models

SIZES = [("The model's own", 0), *((f"{n} pixels", n) for n in (128, 256, 512, 1024))]


@dataclass(frozen=True)
class Shared:
    """The models and places of the page, and the controls above its tabs."""

    models: Models
    folder: Path  # of the walks that are made
    model: gr.Dropdown
    truncation: gr.Slider
    size: gr.Dropdown
    photographs: gr.State


def add_shared(models: Models, folder: Path) -> tuple[Shared, gr.HTML, gr.Button]:
    """Add the controls above the tabs; also returns the sentence on what is open."""
    with gr.Row(elem_classes="shared"):
        model = gr.Dropdown(
            models.names(),
            value=models.first,
            label="Model",
            info="Your runs, then published weights",
        )
        truncation = gr.Slider(
            0,
            1,
            1,
            step=0.05,
            label="Truncation",
            info="1: full variety; lower: more typical",
        )
        size = gr.Dropdown(
            SIZES,
            value=0,
            label="Size",
            info="Other sizes are resampled",
        )
    with gr.Row(elem_classes="opened"):
        opened = gr.HTML(elem_id="opened", padding=False)
        again = gr.Button("Reload the model", size="sm", scale=0, min_width=160)
    photographs = gr.State({})
    shared = Shared(models, folder, model, truncation, size, photographs)
    return shared, opened, again
