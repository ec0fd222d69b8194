"""Make a closed walk through latent space: pictures that turn into each other."""

import argparse
from pathlib import Path

from artgan.commands.types import (
    add_painting_options,
    number,
    opened_model,
    seeds,
    whole_number,
)

EXAMPLES = (
    "walk --seeds 1,5,9 --out walk.gif",
    "walk --weights architecture --seeds 3 --frames 90 --fps 30 --out walk.mp4",
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument(
        "--seeds",
        type=seeds,
        default=[0, 1, 2],
        help="those to pass, as 1,5,9 or 0-3; near a single one it goes round about",
    )
    command.add_argument(
        "--frames",
        type=whole_number(2, 1000),
        default=60,
        metavar="N",
        help="default: 60",
    )
    command.add_argument(
        "--fps",
        type=number(0.1, 120),
        default=15,
        metavar="N",
        help="frames a second (default: 15)",
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="ends in .gif, .webp or .mp4 (default: a GIF in results/SIZE)",
    )
    add_painting_options(command)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    from artgan.paint.animation import check_animation

    check_animation(options.out or Path("walk.gif"), options.fps)
    model = opened_model(options)
    from artgan.paint.paint import check_targets, series_path
    from artgan.paint.walk import check_walk, save_walk, smoothness

    size = options.size or model.config.size
    check_walk(options.seeds, options.frames, size)
    folder = Path("results", str(size))
    target = options.out or series_path(model, options.seeds, folder, "-walk.gif")
    check_targets([target], options.force)
    amount = options.frames, options.fps, size, options.truncation
    steps = save_walk(model, options.seeds, target, *amount)
    print(
        f"{target}: {options.frames} frames of {size} pixels, painted by {model.name}."
    )
    if size != model.config.size:
        print(f"Painted at {model.config.size} pixels and resampled (Lanczos).")
    print(f"The largest step is {smoothness(steps):.2f} times the median one.")
