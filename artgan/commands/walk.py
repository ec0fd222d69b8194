"""Make a closed walk through latent space: pictures that turn into each other."""

import argparse
from pathlib import Path
from typing import Any

from artgan.commands.types import add_painting_options, number, seeds, whole_number

EXAMPLES = (
    "walk --seeds 1,5,9 --out walk.gif",
    "walk --weights architecture --seeds 3 --frames 90 --fps 30 --out walk.mp4",
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    add = command.add_argument
    passed = "those to pass, as 1,5,9 or 0-3; near a single one it goes round about"
    add("--seeds", type=seeds, default=[0, 1, 2], help=passed)
    frames: dict[str, Any] = {
        "type": whole_number(2, 1000),
        "default": 60,
        "metavar": "N",
    }
    add("--frames", **frames, help="default: 60")
    speed: dict[str, Any] = {"type": number(0.1, 120), "default": 15, "metavar": "N"}
    add("--fps", **speed, help="frames a second (default: 15)")
    file = "ends in .gif, .webp or .mp4 (default: a GIF in results/SIZE)"
    add("--out", type=Path, metavar="FILE", help=file)
    add_painting_options(command)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    from artgan.paint.animation import check_animation
    from artgan.paint.painter import open_model

    check_animation(options.out or Path("walk.gif"), options.fps)
    model = open_model(options.model, options.runs, options.checkpoints)
    print(model.opened)
    from artgan.paint.files import check_targets, series_path
    from artgan.paint.walk import smoothness

    size, own = options.size or model.config.size, model.config.size
    usual = series_path(
        model.name, options.seeds, Path("results", str(size)), "-walk.gif"
    )
    target = options.out or usual
    check_targets([target], options.force)
    amount = options.frames, options.fps, size, options.truncation
    pictures = model.save_walk(options.seeds, target, *amount)
    told = "" if size == own else f", painted at {own} and resampled (Lanczos)"
    print(f"{target}: {options.frames} frames of {size} pixels{told}.")
    print(f"The largest step is {smoothness(pictures):.2f} times the median one.")
