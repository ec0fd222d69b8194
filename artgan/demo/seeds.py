"""The tab of seeds: thumbnails to choose from, and the mix of two."""

from functools import partial

import gradio as gr
import numpy as np

from artgan.demo.painters import Painters, picture_box, told
from artgan.gan.classes import class_counts
from artgan.paint.asked import asked_latents
from artgan.paint.classes import named_latents
from artgan.paint.directions import SHOWN, names_of_leading
from artgan.paint.paint import paint_seeds, resample, run_generator
from artgan.paint.walk import blend
from artgan.system.arguments import LAST_SEED, check_seeds

PAGE = 12  # thumbnails
CHOICES = ["First", "Second"]
ANY = "any"  # a class for each seed, as often as in the pictures


def add_seeds(painters: Painters, controls: list) -> None:
    """Add the tab; controls: of the model's name, the truncation and the size."""
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            with gr.Row():
                first, second = seed_box(3, "First seed"), seed_box(7, "Second seed")
            fraction = gr.Slider(0, 1, 0.5, step=0.01, label="Mix")
            style = gr.Checkbox(label="Plan of the first, brushwork of the second")
            kind = add_classes(painters, controls[0])
            ways = add_ways(painters, controls[0])
            picture = picture_box("The mix", elem_id="mix")
            opened = gr.Markdown()
        with gr.Column(scale=4, min_width=320):
            add_thumbnails(painters, controls, first, second)
    # Without triggers, it runs when the page is loaded and when an input changes.
    gr.on(
        fn=partial(mix, painters),
        inputs=[*controls, first, second, fraction, style, kind, *ways],
        outputs=[picture, opened],
        show_progress="hidden",
        trigger_mode="always_last",
    )


def add_classes(painters: Painters, model: gr.Dropdown) -> gr.Dropdown:
    """Add a choice of classes, for models that have some."""
    words = "Or a mix, such as canaletto:0.5,guardi:0.5"
    options = {"label": "Class", "info": words, "allow_custom_value": True}
    kind = gr.Dropdown([ANY], value=ANY, visible=False, **options)
    gr.on(fn=partial(class_choices, painters), inputs=model, outputs=kind)
    return kind


@told()
def class_choices(painters: Painters, name: str) -> dict:
    """What the choice of classes becomes with another model."""
    names = list(class_counts(painters.open(name).config))
    return gr.update(choices=[ANY, *names], value=ANY, visible=bool(names))


def add_ways(painters: Painters, model: gr.Dropdown) -> list[gr.Slider]:
    """Add a slider for each leading direction; those with a name show it."""
    with gr.Accordion("Directions in which pictures change most", open=False):
        sliders = [
            gr.Slider(-3, 3, 0, step=0.1, label=f"Direction {number}")
            for number in range(1, SHOWN + 1)
        ]
    gr.on(fn=partial(way_labels, painters), inputs=model, outputs=sliders)
    return sliders


@told()
def way_labels(painters: Painters, name: str) -> list:
    """What the sliders become with another model: at rest, with its names."""
    named = names_of_leading(painters.open(name))
    labels = (named.get(n, f"Direction {n}") for n in range(1, SHOWN + 1))
    return [gr.update(label=label, value=0) for label in labels]


def seed_box(value: int, label: str) -> gr.Number:
    """A box to type a seed into."""
    return gr.Number(value, label=label, precision=0, min_width=110)


def add_thumbnails(
    painters: Painters, controls: list, first: gr.Number, second: gr.Number
) -> None:
    """Add a page of pictures; choosing one sets the first or the second seed."""
    with gr.Row():
        page = seed_box(0, "Seeds from")
        chooses = gr.Radio(CHOICES, value=CHOICES[0], label="A click sets seed")
    with gr.Row():
        back = gr.Button(f"Previous {PAGE}", size="md", min_width=110)
        forward = gr.Button(f"Next {PAGE}", size="md", min_width=110)
    gallery = gr.Gallery(
        show_label=False,
        container=False,  # so that three columns fit a telephone
        columns=3,
        height="max-content",
        allow_preview=False,
        interactive=False,
        buttons=[],
        elem_id="thumbnails",
    )
    gr.on(
        fn=partial(thumbnails, painters),
        inputs=[*controls[:2], page],
        outputs=gallery,
        trigger_mode="always_last",
    )
    gallery.select(choose, [chooses, page, first, second], [first, second])
    back.click(lambda first: max(0, (first or 0) - PAGE), page, page)
    forward.click(lambda first: min((first or 0) + PAGE, LAST_SEED), page, page)


@told()
def thumbnails(painters: Painters, name: str, truncation: float, first: int | None):
    """A page of pictures, each with its seed in words."""
    if first is None:  # it is being typed
        return gr.skip()
    check_seeds([first])
    seeds = range(first, min(first + PAGE, LAST_SEED + 1))
    pictures = paint_seeds(painters.open(name), seeds, truncation)
    shown = [(p, f"seed {seed}") for seed, p in zip(seeds, pictures, strict=True)]
    return gr.update(value=shown, selected_index=None)


def choose(which, page, first, second, event: gr.SelectData):
    """Set one of the two seeds to that of the thumbnail that was chosen."""
    seed = page + event.index
    return (seed, second) if which == CHOICES[0] else (first, seed)


@told()
def mix(
    painters: Painters,
    name: str,
    truncation: float,
    size: int,
    first: int | None,
    second: int | None,
    fraction: float,
    style: bool = False,
    kind: str = ANY,
    *ways: float,
):
    """The picture between two seeds with words for it, and a sentence on the model."""
    if first is None or second is None:
        return gr.skip()
    seeds, painter = check_seeds([first, second]), painters.open(name)
    class_name = kind if painter.config.classes and kind != ANY else None
    ends = named_latents(painter, seeds, class_name)
    moves = {number: far for number, far in enumerate(ways, 1) if far}
    share = round(100 * fraction)
    words = f"{100 - share} % seed {first}, {share} % seed {second}"
    latents = np.stack([blend(painter.config, ends[0], ends[1], fraction)])
    if style:
        words = f"the plan of seed {first}, the brushwork of seed {second}"
        latents = ends[:1]
    asked = latents, moves, second if style else None, class_name
    model, rows = asked_latents(painter, seeds[:1], truncation, *asked)
    painted = run_generator(model.generator_ema, model.config.pixel_range, rows)
    image = resample(painted[0].numpy(), size or painter.config.size)
    alt_text = f"Painted by {name}: {words}"
    return gr.update(value=image, label=words, alt_text=alt_text), painter.opened
