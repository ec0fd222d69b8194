"""The page as a whole: a heading, the controls above the tabs, and the tabs."""

from pathlib import Path

import gradio as gr

from artgan.demo.films import add_film
from artgan.demo.painters import Painters
from artgan.demo.photograph import add_photograph
from artgan.demo.seeds import add_seeds
from artgan.demo.training import add_training

TITLE = "Paint with a GAN"
HEADING = f"""# {TITLE}
Each **seed** is a number, and each number is a picture. Mix two of them, walk from one
to the next, or look for the picture that is most like a photograph of yours.
"""
SIZES = [("The model's own", 0), *((f"{side} pixels", side) for side in (256, 512))]


def make_page(
    painters: Painters, folder: Path, first: str, follow: bool = False
) -> gr.Blocks:
    """The page.

    folder: where films are put; first: the name of the model that is shown first;
    follow: whether its training is shown instead, as it cannot paint yet.
    """
    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        gr.Markdown(HEADING)
        with gr.Row():
            model = gr.Dropdown(
                painters.names(first),
                value=first,
                label="Model",
                info="Your runs come first",
            )
            truncation = gr.Slider(
                0, 1, 1, step=0.05, label="Truncation", info="Lower: more usual"
            )
            size = gr.Dropdown(SIZES, value=512, label="Size", info="Of what you save")
        controls = [model, truncation, size]
        with gr.Tabs(selected="training" if follow else "seeds"):
            with gr.Tab("Seeds", id="seeds"):
                add_seeds(painters, controls)
            with gr.Tab("Walk", id="walk"):
                add_film(painters, folder, controls)
            with gr.Tab("Photo", id="photo"):
                add_photograph(painters, folder, controls)
            with gr.Tab("Training", id="training") as tab:
                add_training(painters.runs, first, tab, follow)
    return page


def make_theme() -> gr.themes.Base:
    """Gradio's theme with the machine's own fonts, so that none comes from elsewhere.

    Its usual greys are too pale beside white for WCAG's contrast of 4.5.
    """
    theme = gr.themes.Default(
        primary_hue="blue",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    return theme.set(
        body_text_color_subdued="*neutral_600",
        block_info_text_color="*neutral_600",
        block_label_text_color="*neutral_700",
        block_title_text_color="*neutral_700",
        color_accent="*primary_600",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_text_color="white",
    )
