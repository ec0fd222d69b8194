"""The tab of seeds: thumbnails to choose from, and the mix of two."""

from dataclasses import dataclass

import gradio as gr

from artgan.demo.marks import marks
from artgan.demo.markup import problem, reason
from artgan.demo.painting import mixed_picture, thumbnails
from artgan.demo.seeds import PAGE, turn_page
from artgan.demo.sharing import Shared
from artgan.system.errors import ArtganError

CHOICES = ["First seed", "Second seed"]


@dataclass(frozen=True)
class SeedsTab:
    """The controls of the tab."""

    page: gr.Textbox
    gallery: gr.Gallery
    trouble: gr.HTML
    marked: gr.HTML
    chooses: gr.Radio
    first: gr.Textbox
    second: gr.Textbox
    fraction: gr.Slider
    picture: gr.HTML


def add_seeds_tab(shared: Shared) -> SeedsTab:
    """Add the tab; returns its controls."""
    with gr.Tab("Seeds and mixing", id="seeds"), gr.Row():
        with gr.Column(scale=2, min_width=320):
            with gr.Row():
                first = gr.Textbox(
                    "3", label="First seed", elem_id="first", min_width=110
                )
                second = gr.Textbox(
                    "7", label="Second seed", elem_id="second", min_width=110
                )
                fraction = gr.Slider(
                    0, 1, 0.5, step=0.01, label="Mix", scale=2, min_width=200
                )
            picture = gr.HTML(elem_id="mixed", padding=False)
        with gr.Column(scale=3, min_width=420):
            thumbs = add_thumbnails(shared)
    page, gallery, trouble, marked, chooses = thumbs
    chosen = first, second, fraction, picture
    tab = SeedsTab(page, gallery, trouble, marked, chooses, *chosen)
    connect(tab, shared)
    return tab


def add_thumbnails(shared: Shared) -> tuple:
    """Add the page of thumbnails, and what turns it.

    That comes first, so that the keyboard reaches it before 24 pictures.
    """
    chooses = gr.Radio(CHOICES, value=CHOICES[0], label="Clicking a picture sets the")
    with gr.Row(elem_classes="level"):
        back = gr.Button(f"Previous {PAGE}", min_width=110)
        page = gr.Textbox("0", label="First of these seeds", elem_id="page")
        forward = gr.Button(f"Next {PAGE}", min_width=110)
    trouble = gr.HTML(elem_id="trouble", padding=False)
    marked = gr.HTML(elem_id="marked", padding=False)
    gallery = gr.Gallery(
        label="Seeds",
        show_label=False,
        height="auto",
        allow_preview=False,
        interactive=False,
        buttons=[],
        elem_id="thumbnails",
        object_fit="cover",
    )
    for button, pages in ((back, -1), (forward, 1)):
        turned = button.click(lambda text, n=pages: turn_page(text, n), page, page)
        inputs = [shared.model, page, shared.truncation]
        turned.then(shown_page(shared), inputs, [gallery, trouble])
    return page, gallery, trouble, marked, chooses


def shown_page(shared: Shared):
    """A function that paints a page of thumbnails, or says why it cannot."""

    def show(name, page, truncation):
        try:
            model = shared.models.open(name)
            return thumbnails(model, page, truncation), ""
        except (ArtganError, OSError) as error:
            return [], problem(reason(error))

    return show


def connect(tab: SeedsTab, shared: Shared) -> None:
    """Let the controls of the tab do something."""
    mixing = [shared.model, tab.first, tab.second, tab.fraction]
    mixing += [shared.truncation, shared.size, shared.photographs]
    gr.on(
        [
            tab.fraction.input,
            shared.truncation.input,
            tab.first.change,
            tab.second.change,
            shared.size.change,
        ],
        lambda *values: mixed_picture(shared.models, *values),
        mixing,
        tab.picture,
        show_progress="hidden",
        trigger_mode="always_last",
    )
    gr.on(
        [tab.page.submit, shared.truncation.release],
        shown_page(shared),
        [shared.model, tab.page, shared.truncation],
        [tab.gallery, tab.trouble],
    )
    gr.on(
        [tab.gallery.change, tab.first.change, tab.second.change],
        marks,
        [tab.page, tab.first, tab.second],
        tab.marked,
        show_progress="hidden",
    )
    choosing = [tab.page, tab.chooses, tab.first, tab.second]
    tab.gallery.select(choose, choosing, [tab.first, tab.second, tab.gallery])


def choose(page, chooses, first, second, event: gr.SelectData):
    """Set one of the two seeds to that of the thumbnail that was chosen."""
    seed = event.value["caption"].removeprefix("seed ")
    both = (seed, second) if chooses == CHOICES[0] else (first, seed)
    return *both, gr.Gallery(selected_index=None)
