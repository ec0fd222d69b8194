"""Write weights as a file that paints with no code of this project."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from artgan.commands.types import add_model, opened_model

if TYPE_CHECKING:
    from artgan.storage.open_model import Model

EXAMPLES = (
    "export flowers --to onnx",
    "export my/generator.safetensors --to keras --out roses.keras",
    "export villas --to savedmodel",
)
SUFFIXES = {"keras": ".keras", "savedmodel": "", "onnx": ".onnx"}


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument("--to", choices=tuple(SUFFIXES), required=True, dest="kind")
    command.add_argument(
        "--out",
        type=Path,
        metavar="PATH",
        help="default: results/MODEL with .keras, .onnx, or -model for the folder",
    )
    add_model(command)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    model = opened_model(options)
    from artgan.storage.export import export_generator

    config, path = model.config, options.out or default(model, options.kind)
    path = export_generator(model.generator_ema, options.kind, path)
    kind = "uniform in [-1, 1]" if config.latent_distribution == "uniform" else "normal"
    size, most = config.size, config.pixel_range
    print(
        f"{path} paints: latents [n, {config.latent_size}], float32, {kind}, become "
        f"pictures [n, {size}, {size}, 3] in [-{most:g}, {most:g}], black to white."
    )


def default(model: "Model", kind: str):
    """Where an export goes unless told."""
    ending = "-model" if kind == "savedmodel" else SUFFIXES[kind]
    return Path("results", model.name + ending)
