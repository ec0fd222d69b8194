"""Writing weights to publish: half precision, with a card for people."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from artgan.storage.weights import FORMAT, NETWORKS, write_tensors
from artgan.system.files import write_object

# The figures of a card, their names for people, and how to read them.
FIGURES = {
    "kid": ("KID (MobileNetV2 features)", "0: like real pictures"),
    "swd": ("SWD (patches)", "lower is nearer"),
    "swd_floor": ("SWD of two halves of the real pictures", "about as low as it gets"),
    "nearest": ("nearest real picture, median", "well under 1: mostly copies"),
    "nearest_1st_percentile": ("nearest, 1st percentile", "near 0: some copies"),
    "diversity": ("diversity", "well under 1: all alike"),
    "walk_variation": ("walk, variation of steps", "0: even steps"),
    "walk_largest_step": ("walk, largest step", "large: it jumps"),
}


def publish(model: Any, folder: str | Path, facts: dict) -> dict:
    """Write the generator and discriminator of a run as fp16; return their card.

    model: a Painter. facts: what the card shall tell beside the settings and the step:
    licence, aliases, data, figures.
    """
    networks = {name: half(model.arrays(name)) for name in NETWORKS}
    return write_weights(folder, networks, asdict(model.config), model.step, facts)


def half(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The nearest fp16 numbers; what is too large for them becomes the largest."""
    most = np.finfo(np.float16).max
    return {k: np.float16(np.clip(a, -most, most)) for k, a in arrays.items()}


def write_weights(
    folder: str | Path,
    networks: Mapping[str, dict[str, np.ndarray]],
    config: dict,
    step: int,
    facts: dict,
) -> dict:
    """Write {network name: its `named_arrays`} and card.json; return the card."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    about = {"step": str(step), "config": json.dumps(config)}
    for name, arrays in networks.items():
        path = folder / f"{name}.safetensors"
        write_tensors(path, arrays, {"network": name} | about)
    card = facts | {"format": int(FORMAT), "step": step, "config": config}
    write_object(folder / "card.json", card)
    return card


def model_card(name: str, card: dict[str, Any]) -> str:
    """The README of a published model in the Hub's format, from its card.json.

    Source: https://huggingface.co/docs/hub/model-cards
    """
    from huggingface_hub import ModelCardData

    data = ModelCardData(
        license=str(card.get("licence", "unknown")).lower(),
        library_name="artgan",
        pipeline_tag="unconditional-image-generation",
        tags=["art", "gan", "image-generation", "keras"],
    )
    began = ", ".join(map(str, card.get("began_with", [])))
    held_out, config = card.get("held_out"), card.get("config", {})
    height, classes = config.get("size", "?"), config.get("classes")
    told = {
        "name": name,
        "size": f"{config.get('width') or height} by {height} pixels",
        "classes": f" Classes: {classes.replace(',', ', ')}." if classes else "",
        "began": f" It began with: {began}." if began else "",
        "real": f"{held_out} that it never saw" if held_out else "those it learnt from",
        "figures": "\n".join(figure_rows(card)),
    }
    text = Path(__file__).with_name("model_card.md").read_text("utf-8")
    text = text.format_map(defaultdict(lambda: "?", card | told))
    return f"---\n{data.to_yaml()}\n---\n{text}"


def figure_rows(card: dict[str, Any]) -> list[str]:
    """The rows of a Markdown table of the figures that a card has."""
    rows = []
    for key, (text, reading) in FIGURES.items():
        deviation = card.get(f"{key}_deviation")
        more = f" ± {deviation:g}" if deviation else ""
        if isinstance(card.get(key), int | float):
            rows.append(f"| {text} | {card[key]:g}{more} | {reading} |")
    return rows
