"""A page in the browser: a heading, the controls above the tabs, and the tabs."""

from pathlib import Path

import gradio as gr

from artgan.demo.films import add_photograph, add_walk
from artgan.demo.painters import Painters
from artgan.demo.seeds import add_seeds
from artgan.demo.training import add_training

TITLE = "Paint with a GAN"
HEADING = f"""# {TITLE}
Each **seed** is a number, and each number is a picture. Mix two of them, walk from one
to the next, or look for the picture that is most like a photograph of yours.
"""
SIZES = [("The model's own", 0), ("256 pixels", 256), ("512 pixels", 512)]


def make_page(painters: Painters, folder: Path, first: str) -> gr.Blocks:
    """The page, with a model shown first; films go into the folder."""
    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        gr.Markdown(HEADING)
        with gr.Row():
            model = gr.Dropdown(painters.names(first), value=first, label="Model")
            usual = {"label": "Truncation", "info": "Lower: more usual; higher: odder"}
            truncation = gr.Slider(0, 1.5, 1, step=0.05, **usual)
            size = gr.Dropdown(SIZES, value=512, label="Size", info="Of what you save")
        controls, found = [model, truncation, size], gr.State()
        with gr.Tabs():
            with gr.Tab("Seeds"):
                add_seeds(painters, controls)
            with gr.Tab("Walk"):
                add_walk(painters, folder, controls, found)
            with gr.Tab("Photo"):
                add_photograph(painters, controls, found)
            with gr.Tab("Training") as tab:
                add_training(painters.runs, first, tab)
    return page


def make_theme() -> gr.themes.Base:
    """Gradio's theme with the machine's own fonts, so that none comes from elsewhere.

    Its usual colours are too pale for WCAG's contrast of 4.5.
    """
    fonts = {"font": ["system-ui", "sans-serif"], "font_mono": ["monospace"]}
    return gr.themes.Default(primary_hue="blue", **fonts).set(
        body_text_color_subdued="*neutral_600",
        color_accent="*primary_600",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
    )
