"""The tab of seeds: thumbnails to choose from, and the mix of two."""

from functools import partial

import gradio as gr

from artgan.demo.painters import Painters, picture_box, told
from artgan.gan.classes import class_counts
from artgan.paint.directions import SHOWN, asked_latents, names_of_leading
from artgan.paint.files import resample
from artgan.paint.paint import named_latents, paint_at
from artgan.paint.walk import blend
from artgan.system.arguments import LAST_SEED, check_seeds

PAGE = 12  # thumbnails
CHOICES = ["First seed", "Second seed"]
ANY = "any"  # class of a seed, drawn as often as in the pictures
# Without triggers, `gr.on` runs when the page is loaded and when an input changes.
LATEST = {"trigger_mode": "always_last"}
seed_box = partial(gr.Number, precision=0, min_width=110)


def add_seeds(painters: Painters, controls: list) -> None:
    """Add the tab; controls: of the model's name, the truncation and the size."""
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            with gr.Row():
                first = seed_box(3, label=CHOICES[0])
                second = seed_box(7, label=CHOICES[1])
            with gr.Row():
                labels = [f"Class of the {which.lower()}" for which in CHOICES]
                options = {"value": ANY, "visible": False, "min_width": 110}
                kinds = [gr.Dropdown([ANY], label=x, **options) for x in labels]
            fraction = gr.Slider(0, 1, 0.5, step=0.01, label="Mix")
            style = gr.Checkbox(label="Plan of the first, brushwork of the second")
            with gr.Accordion("Directions in which pictures change most", open=False):
                ways = [gr.Slider(-3, 3, 0, step=0.1) for _ in range(SHOWN)]
            picture = picture_box("The mix", elem_id="mix")
            opened = gr.Markdown()
        with gr.Column(scale=4, min_width=320):
            add_thumbnails(painters, controls, first, second)
    gr.on(None, partial(choices, painters), controls[0], [*kinds, *ways])
    inputs = [*controls, first, second, fraction, style, *kinds, *ways]
    shown = partial(mix, painters), inputs, [picture, opened]
    gr.on(None, *shown, show_progress="hidden", **LATEST)


@told()
def choices(painters: Painters, name: str) -> list:
    """What the two choices of classes and the sliders become with another model."""
    painter = painters.open(name)
    classes, named = list(class_counts(painter.config)), names_of_leading(painter)
    kind = gr.update(choices=[ANY, *classes], value=ANY, visible=bool(classes))
    labels = [named.get(n, f"Direction {n}") for n in range(1, SHOWN + 1)]
    return [kind, kind, *(gr.update(label=label, value=0) for label in labels)]


def add_thumbnails(painters: Painters, controls: list, *seeds: gr.Number) -> None:
    """Add a page of pictures; choosing one sets one of the two seeds."""
    with gr.Row():
        page = seed_box(0, label="Seeds from")
        chooses = gr.Radio(CHOICES, value=CHOICES[0], label="A click sets")
    with gr.Row():
        back = gr.Button(f"Previous {PAGE}", size="md", min_width=110)
        forward = gr.Button(f"Next {PAGE}", size="md", min_width=110)
    # Without a container, three columns fit a telephone.
    plain = {"show_label": False, "container": False, "height": "max-content"}
    plain |= {"allow_preview": False, "interactive": False, "buttons": []}
    gallery = gr.Gallery(columns=3, object_fit="contain", elem_id="thumbnails", **plain)
    gr.on(None, partial(thumbnails, painters), [*controls[:2], page], gallery, **LATEST)
    gallery.select(choose, [chooses, page, *seeds], [*seeds])
    back.click(partial(turn, -PAGE), page, page)
    forward.click(partial(turn, PAGE), page, page)


def turn(by: int, page: int | None) -> int:
    """The first seed of another page; there is none before 0 or after the last."""
    return min(max(0, (page or 0) + by), LAST_SEED)


@told()
def thumbnails(painters: Painters, name: str, truncation: float, page: int | None):
    """A page of pictures, each with its seed in words."""
    if page is None:  # it is being typed
        return gr.skip()
    check_seeds([page])
    seeds = range(page, min(page + PAGE, LAST_SEED + 1))
    pictures = painters.open(name).generate(seeds, truncation=truncation)
    shown = [(p, f"seed {seed}") for seed, p in zip(seeds, pictures, strict=True)]
    return gr.update(value=shown, selected_index=None)


def choose(which, page, first, second, event: gr.SelectData):
    """Set one of the two seeds to that of the thumbnail that was chosen."""
    seed = page + event.index
    return (seed, second) if which == CHOICES[0] else (first, seed)


@told()
def mix(
    painters, name, truncation, size, first, second, fraction, style, kind, other, *ways
):
    """The picture between two seeds of two classes, and a sentence on the model."""
    if first is None or second is None:
        return gr.skip()
    check_seeds([first, second])
    painter = painters.open(name)
    known = class_counts(painter.config)  # a choice may be that of the model before
    kind, other = (each if each in known else None for each in (kind, other))
    [start] = named_latents(painter, [first], kind)
    [end] = named_latents(painter, [second], other)
    share = round(100 * fraction)
    words = f"{100 - share} % seed {first}, {share} % seed {second}"
    latents = blend(painter.config, start, end, fraction)[None]
    if style:
        words = f"the plan of seed {first}, the brushwork of seed {second}"
        latents = start[None]
    moves = {number: far for number, far in enumerate(ways, 1) if far}
    asked = latents, moves, end[None] if style else None
    [painted] = paint_at(*asked_latents(painter, [first], truncation, *asked))
    image = resample(painted, painter.size(size or None))
    alt_text = f"Painted by {name}: {words}"
    return gr.update(value=image, label=words, alt_text=alt_text), painter.opened
