"""Write weights as a file that paints with no code of this project."""

import argparse
from pathlib import Path

from artgan.commands.types import add_model, opened_model

EXAMPLES = (
    "export flowers --to onnx",
    "export my/generator.safetensors --to keras --out roses.keras",
    "export vedute --to savedmodel",
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    kinds = "keras", "savedmodel", "onnx"
    command.add_argument("--to", choices=kinds, required=True, dest="kind")
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
    from artgan.gan.classes import class_counts
    from artgan.storage.export import export_generator

    ending = "-model" if options.kind == "savedmodel" else f".{options.kind}"
    path = options.out or Path("results", model.name + ending)
    path = export_generator(model.generator_ema, options.kind, path)
    config, most = model.config, model.config.pixel_range
    kind = "uniform in [-1, 1]" if config.latent_distribution == "uniform" else "normal"
    width, (height, across) = model.generator_ema.input_shape[1], config.shape
    print(
        f"{path} paints: latents [n, {width}], float32, {kind}, become pictures "
        f"[n, {height}, {across}, 3] in [-{most:g}, {most:g}], black to white."
    )
    if config.classes:
        print(
            f"The last {width - config.latent_size} numbers are shares of the classes, "
            f"1 in all: {', '.join(class_counts(config))}."
        )
