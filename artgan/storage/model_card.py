"""What a published model tells of itself: a README in the Hub's model-card format.

Source: https://huggingface.co/docs/hub/model-cards
"""

import json
from typing import Any

TAGS = ["art", "gan", "generative-adversarial-network", "image-generation", "keras"]
TASK = "unconditional-image-generation"
# The figures of a card, their names for people, and how to read them.
FIGURES = [
    ("kid", "KID (MobileNetV2 features)", "0: like real pictures"),
    ("swd", "SWD (patches)", "lower is nearer"),
    ("swd_floor", "SWD of two halves of the real pictures", "about as low as it gets"),
    ("nearest", "nearest real picture, median", "well under 1: mostly copies"),
    ("nearest_1st_percentile", "nearest, 1st percentile", "near 0: some copies"),
    ("diversity", "diversity", "well under 1: all alike"),
    ("walk_variation", "walk, variation of steps", "0: even steps"),
    ("walk_largest_step", "walk, largest step", "large: it jumps"),
]
METRICS = ("kid", "swd")  # what models can be ranked by
LIMITS = """\
- It paints what its pictures have in common, not what a text asks for.
- It knows nothing but its pictures: their period, region and taste are its own.
- Seeds are not equally good. `--truncation 0.7` paints calmer, more usual pictures.
- That the nearest real picture is far, as its features see it, is a sign and no proof
  that nothing was copied. Compare with the originals before you publish a picture."""


def model_card(name: str, card: dict[str, Any]) -> str:
    """The README of a published model, from its card.json: YAML, then Markdown.

    What the card does not tell is left out.
    """
    parts = [front_matter(name, card), heading(name, card), usage(name)]
    parts += [
        learning(name, card),
        figures(card),
        f"## Limits\n\n{LIMITS}",
        rights(card),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def front_matter(name: str, card: dict[str, Any]) -> str:
    """What the Hub's search reads; JSON's way to quote is also YAML's."""
    network = card.get("config", {}).get("discriminator")
    tags = [*TAGS, *([f"{network}-gan"] if network == "projected" else [])]
    lines = [
        f"license: {json.dumps(str(card.get('licence', 'unknown')).lower())}",
        "library_name: artgan",
        f"pipeline_tag: {TASK}",
        f"tags: {json.dumps(tags)}",
    ]
    chosen = [(kind, text) for kind, text, _ in FIGURES if kind in METRICS]
    found = [(kind, text) for kind, text in chosen if is_number(card.get(kind))]
    if found:
        lines += [f"metrics: {json.dumps([kind for kind, _ in found])}", "model-index:"]
        lines += [f"- name: {json.dumps(name)}", "  results:", "  - task:"]
        lines += [f"      type: {TASK}", "    dataset:", "      type: imagefolder"]
        lines += [f"      name: {json.dumps(data_name(card))}", "    metrics:"]
    for kind, text in found:
        lines += [f"    - type: {kind}", f"      name: {json.dumps(text)}"]
        lines += [f"      value: {card[kind]}"]
    return "\n".join(["---", *lines, "---"])


def is_number(value: object) -> bool:
    """Tell whether a figure has a value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def data_name(card: dict[str, Any]) -> str:
    """What it learnt from, in a few words."""
    crops = card.get("config", {}).get("crops", 1)
    what = "pictures" if crops == 1 else f"squares, up to {crops} cut from a picture"
    return f"{card.get('data', 'unknown')}, {card.get('pictures', '?')} {what}"


def heading(name: str, card: dict[str, Any]) -> str:
    """The name, its pictures, and what it is."""
    size = card.get("config", {}).get("size", "?")
    return (
        f"# {name}\n\n"
        "![Twenty-four of its pictures, the first ones, not picked](samples.jpg)\n\n"
        f"A GAN that paints pictures of {size} by {size} pixels. These are its first "
        "24, not picked."
    )


def usage(name: str) -> str:
    """How to paint with it."""
    return (
        "## Paint with it\n\n```\n"
        f"artgan generate {name} -i 16 --grid\n"
        f"artgan walk {name} --seeds 1,5,9 --out walk.gif\n```\n\n"
        f'From Python: `artgan.load("{name}").generate(seeds=range(8))`. '
        "`generator.safetensors` is the generator whose weights are a moving average "
        "(EMA), in half precision; its metadata hold the settings that rebuild it. "
        "`discriminator.safetensors` lets a training begin with what was learnt: "
        f"`artgan train --data PICTURES --from {name}`."
    )


def learning(name: str, card: dict[str, Any]) -> str:
    """From what, how long and on what it learnt."""
    facts = [f"- Pictures: {data_name(card)}."]
    if beginnings := card.get("began_with"):
        own = "an earlier version of itself"
        told = ", ".join(own if each == name else str(each) for each in beginnings)
        facts.append(f"- It began with: {told}; their pictures are counted below.")
    if is_number(card.get("pictures_seen")):
        seen, minutes = card["pictures_seen"], card.get("training_minutes", "?")
        machine = card.get("machine", "a machine that is not told")
        facts.append(f"- It saw {seen:,} pictures in {minutes} minutes, on {machine}.")
    if card.get("date"):
        facts.append(f"- Published: {card['date']}.")
    return "## What it learnt from\n\n" + "\n".join(facts)


def figures(card: dict[str, Any]) -> str:
    """The figures as a table, or "" where there are none."""
    rows = []
    for kind, text, reading in FIGURES:
        if is_number(card.get(kind)):
            deviation = card.get(f"{kind}_deviation")
            more = f" ± {deviation:g}" if is_number(deviation) else ""
            rows.append(f"| {text} | {card[kind]:g}{more} | {reading} |")
    if not rows:
        return ""
    count = card.get("painted_pictures_compared", "?")
    table = "\n".join(["| figure | value | how to read it |", "|---|---|---|", *rows])
    held_out = card.get("held_out")
    real = f"{held_out} that it never saw" if held_out else "those it learnt from"
    return (
        f"## Figures\n\n{count} painted pictures beside {real}:\n\n{table}\n\n"
        "A GAN whose discriminator looks through a network that learnt ImageNet is "
        "flattered by a KID that does too ([why](https://arxiv.org/abs/2203.06026)): "
        "read SWD beside it, and look."
    )


def rights(card: dict[str, Any]) -> str:
    """Under which licence the weights are, and what that does not cover."""
    licence = card.get("licence", "no licence that is told")
    return (
        f"## Rights\n\nThe weights are under {licence}. The pictures that it learnt "
        "from have rights of their own; none of them is in these files."
    )
