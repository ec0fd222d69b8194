"""The page as a whole: a heading, the controls above the tabs, and the tabs."""

from pathlib import Path

import gradio as gr

from artgan.demo.markup import note, problem, reason
from artgan.demo.models import Models
from artgan.demo.painting import mixed_picture
from artgan.demo.sharing import Shared, add_shared
from artgan.demo.tab_photograph import add_photograph_tab
from artgan.demo.tab_seeds import SeedsTab, add_seeds_tab, shown_page
from artgan.demo.tab_training import add_training_tab
from artgan.demo.tab_walk import add_walk_tab
from artgan.system.errors import ArtganError

TITLE = "Paint with a GAN"
HEADING = f"""# {TITLE}
Each **seed** is a number, and each number is a picture. Mix two of them, walk from one
to the next, or look for the picture that is most like a photograph of yours.
"""


def make_page(models: Models, folder: Path, run: str | None = None) -> gr.Blocks:
    """The page; folder: of the walks that are made; run: one to follow at first."""
    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        gr.Markdown(HEADING)
        shared, opened, again = add_shared(models, folder)
        with gr.Tabs(selected="training" if run else "seeds") as tabs:
            seeds = add_seeds_tab(shared)
            add_walk_tab(shared)
            add_photograph_tab(shared, seeds, tabs)
            add_training_tab(models, run)
        connect(page, shared, seeds, opened, again)
    return page


def connect(
    page: gr.Blocks,
    shared: Shared,
    seeds: SeedsTab,
    opened: gr.HTML,
    again: gr.Button,
) -> None:
    """Show the model when the page is loaded, and whenever another is chosen."""
    models, show_page = shared.models, shown_page(shared)

    def show(name, page_text, first, second, fraction, truncation, size, photographs):
        mix = (first, second, fraction, truncation, size, photographs)
        sentence = sentence_on(models, name)
        yield sentence, gr.skip(), gr.skip(), mixed_picture(models, name, *mix)
        yield gr.skip(), *show_page(name, page_text, truncation), gr.skip()

    def reread(name, *values):
        models.reopen(name)
        yield from show(name, *values)

    inputs = [shared.model, seeds.page, seeds.first, seeds.second, seeds.fraction]
    inputs += [shared.truncation, shared.size, shared.photographs]
    outputs = [opened, seeds.gallery, seeds.trouble, seeds.picture]
    gr.on([page.load, shared.model.change], show, inputs, outputs)
    again.click(reread, inputs, outputs)


def sentence_on(models: Models, name: str) -> str:
    """What is open, or why nothing is."""
    try:
        return note(models.open(name).opened)
    except (ArtganError, OSError) as error:
        return problem(reason(error))
