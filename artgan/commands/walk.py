"""Make a closed walk through latent space: pictures that turn into each other."""

import argparse
import os
from os.path import isdir  # unlike a Path's, false of impossible names
from pathlib import Path
from typing import Any

from artgan.commands.types import (
    add_directions,
    add_painting_options,
    number,
    opened_model,
    seeds,
    whole_number,
)

EXAMPLES = (
    "walk --seeds 1,5,9 --out walk.gif",
    "walk vedute --seeds 2,4 --direction 1:3 --out frames/",
    "walk my-run --seeds 3 --class canaletto --class guardi",
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
    file = "ends in .gif, .webp or .mp4, or in / for a folder of numbered PNGs "
    add("--out", metavar="FILE", help=file + "(default: a GIF in results/SIZE)")
    words = "of this class, or a mix; given again, each seed goes from class to class"
    named: dict[str, Any] = {"dest": "class_names", "metavar": "NAME"}
    add("--class", action="append", **named, help=words)
    add_directions(command)
    add_painting_options(command)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    from artgan.paint.animation import check_animation

    out = "walk.gif" if options.out is None else options.out
    folder = out.endswith(("/", os.sep)) or isdir(out)
    if not folder:
        check_animation(Path(out), options.fps)
    model = opened_model(options)
    from artgan.paint.asked import image_size, size_text
    from artgan.paint.files import check_targets, frame_paths, series_path
    from artgan.paint.walk import smoothness

    size, own = (image_size(model.config, s) for s in (options.size, None))
    place = Path("results", size_text(size))
    usual = series_path(model.name, options.seeds, place, "-walk.gif")
    target = Path(options.out or usual)
    files = frame_paths(target, options.frames) if folder else [target]
    check_targets(files, options.force)
    amount = options.frames, options.fps, size, options.truncation
    how = {"directions": dict(options.direction), "class_name": options.class_names}
    pictures = model.save_walk(options.seeds, target, *amount, **how)
    told = f", painted at {size_text(own)} and resampled (Lanczos)" * (size != own)
    print(f"{target}: {options.frames} frames of {size_text(size)} pixels{told}.")
    print(f"The largest step is {smoothness(pictures):.2f} times the median one.")
