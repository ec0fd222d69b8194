"""Paint pictures from published weights or a run, the same for the same seed."""

import argparse
from pathlib import Path
from typing import Any

from artgan.commands.types import (
    add_directions,
    add_painting_options,
    picture_count,
    seed,
    seeds,
    yes_or_no,
)
from artgan.system.errors import ArtganError

EXAMPLES = (
    "generate -i 1 -s 256",
    "generate -i 1 -s 256 -g y",
    "generate --weights architecture --seeds 0-15 --truncation 0.7 --grid",
    "generate vedute --seed 3 -i 1 --direction 1:3",
    "generate vedute --seed 3 -i 1 --style 7",
    "generate vedute --images 16 --seed 7 --out pictures",
)
MOST_SEEDS_OF_GIF, MOST_IN_GRID = 8, 64


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    add = command.add_argument
    count: dict[str, Any] = {"type": picture_count, "default": 16, "metavar": "N"}
    add("-i", "--images", **count, help="how many (default: 16)")
    first = "of the first; the next has the next number"
    add("--seed", type=seed, default=0, help=first)
    add("--seeds", type=seeds, help="those to paint instead, as 0-15 or 3,7,11")
    words = "the seed of colours and brushwork, in the plans of the others"
    add("--style", type=seed, help=words)
    add_directions(command)
    add_painting_options(command)
    add("--out", type=Path, metavar="FOLDER", help="default: results/SIZE")
    formats: dict[str, Any] = {"choices": ("png", "jpg", "webp"), "default": "png"}
    add("--format", **formats, help="default: png")
    add("--grid", action="store_true", help="also one sheet of the first 64")
    gif: dict[str, Any] = {
        "nargs": "?",
        "const": True,
        "default": False,
        "metavar": "y|n",
    }
    walk = f"also a GIF that walks through the first {MOST_SEEDS_OF_GIF}"
    add("-g", "--gif", type=yes_or_no, **gif, help=walk)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    numbers = options.seeds or range(options.seed, options.seed + options.images)
    if numbers[-1] >= 2**31:
        raise ArtganError(f"The seeds would go on past the last, {2**31 - 1}.")
    from artgan.paint.painter import open_model

    model = open_model(options.model, options.runs, options.checkpoints)
    print(model.opened)
    from artgan.paint.files import check_targets, save_picture, save_pictures
    from artgan.paint.files import series_path as path_of
    from artgan.paint.grid import grid_of_files

    size, truncation = options.size or model.config.size, options.truncation
    folder, ending = options.out or Path("results", str(size)), f".{options.format}"
    paths = [path_of(model.name, [number], folder, ending) for number in numbers]
    sheet = path_of(model.name, numbers, folder, f"-grid{ending}")
    some = numbers[:MOST_SEEDS_OF_GIF]
    gif = path_of(model.name, some, folder, "-walk.gif")
    extras = [sheet] * options.grid + [gif] * options.gif
    check_targets([*paths, *extras], options.force)
    how: dict[str, Any] = (
        {"directions": dict(options.direction)} if options.direction else {}
    )
    mixed = how | ({} if options.style is None else {"style": options.style})
    facts = [model.facts(size, truncation, seed=number, **mixed) for number in numbers]
    save_pictures(model.images(numbers, size, truncation, **mixed), paths, facts)
    more = f" to {paths[-1]}" if paths[1:] else ""
    print(f"Painted: {len(paths)} of {size} pixels, {paths[0]}{more}.")
    if size != model.config.size:
        own = model.config.size
        print(f"They were painted at {own} pixels and resampled (Lanczos).")
    if options.grid:
        shown = list(numbers[:MOST_IN_GRID])
        fact = model.facts(size, truncation, seeds=shown, **mixed)
        save_picture(grid_of_files(paths[:MOST_IN_GRID]), sheet, fact)
        print(f"And {sheet}.")
    if options.gif:
        frames = max(48, 16 * len(some))
        model.save_walk(some, gif, frames, size=size, truncation=truncation, **how)
        print(f"And {gif}.")
