"""The tab of one's own photograph: the nearest picture that the model can paint."""

import gradio as gr

from artgan.demo.markup import awaited
from artgan.demo.photograph import find_photograph
from artgan.demo.sharing import Shared
from artgan.demo.tab_seeds import SeedsTab

EXPLANATION = """
Choose a photograph, and the page looks for the latent whose picture is most like it:
it paints, compares both through a network that has seen a million photographs, and
follows the gradient. The photograph stays on this machine.
"""


def add_photograph_tab(shared: Shared, seeds: SeedsTab, tabs: gr.Tabs) -> None:
    """Add the tab; what it finds can be sent to the tab of seeds, which then opens."""
    with gr.Tab("Your photograph", id="photograph"), gr.Row():
        with gr.Column(scale=2, min_width=320):
            gr.Markdown(EXPLANATION)
            file = gr.File(label="Photograph (JPEG, PNG, WebP)", height=160)
            steps = gr.Slider(
                20,
                600,
                200,
                step=20,
                label="Steps",
                info="More come closer, and take longer",
            )
            with gr.Row():
                find = gr.Button("Find the nearest", variant="primary")
                stop = gr.Button("Stop")
        with gr.Column(scale=3, min_width=420):
            progress = gr.HTML(elem_id="search-progress", padding=False)
            shown = gr.HTML(
                awaited("Your photograph and the picture nearest to it will be here."),
                elem_id="nearest",
                padding=False,
            )
            kept = gr.Textbox(visible=False)
            with gr.Row(visible=False) as use:
                as_first = gr.Button("Use it as the first seed")
                as_second = gr.Button("Use it as the second seed")

    def search(*values):
        for html, fraction, name in find_photograph(shared.models, *values):
            bar = progress_bar(fraction)
            yield html, bar, name, gr.Row(visible=bool(name)), values[-1]

    options = [shared.model, file, steps, shared.photographs]
    results = [shown, progress, kept, use, shared.photographs]
    running = find.click(search, options, results, show_progress="hidden")
    stop.click(lambda: "", None, progress, cancels=[running])
    for button, seed in ((as_first, seeds.first), (as_second, seeds.second)):
        button.click(lambda name: (name, gr.Tabs(selected="seeds")), kept, [seed, tabs])


def progress_bar(fraction: float) -> str:
    """How much is done, as a bar that a screen reader knows."""
    if fraction >= 1:
        return ""
    return (
        '<label class="progress">Looking for the nearest picture '
        f'<progress max="1" value="{fraction:.3f}">{fraction:.0%}</progress> '
        f"{fraction:.0%}</label>"
    )
