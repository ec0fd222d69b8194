"""Paint pictures from published weights or a run, the same for the same seed."""

import argparse
import re
from pathlib import Path
from typing import Any

from artgan.commands.types import (
    add_directions,
    add_painting_options,
    opened_model,
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
    "generate my-run --class canaletto:0.5,guardi:0.5 --grid",
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
    words = "of this class, or a mix such as canaletto:0.5,guardi:0.5"
    add("--class", dest="class_name", metavar="NAME", help=words)
    add_directions(command)
    add_painting_options(command)
    add("--out", type=Path, metavar="FOLDER", help="default: results/SIZE")
    formats: dict[str, Any] = {"choices": ("png", "jpg", "webp"), "default": "png"}
    add("--format", **formats, help="default: png")
    add(
        "--grid",
        action="store_true",
        help="also one sheet of the first 64; of a model with classes, a row for each",
    )
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
    model = opened_model(options)
    from artgan.paint.asked import image_size, size_text
    from artgan.paint.classes import class_sheet
    from artgan.paint.files import check_targets, save_picture, save_pictures
    from artgan.paint.files import series_path as path_of
    from artgan.paint.grid import grid_of_files

    size, own = (image_size(model.config, s) for s in (options.size, None))
    truncation, pixels = options.truncation, size_text(size)
    folder, ending = options.out or Path("results", pixels), f".{options.format}"
    kind = re.sub(r"\W+", "-", options.class_name or "")
    name = f"{model.name}-{kind}".rstrip("-")
    paths = [path_of(name, [number], folder, ending) for number in numbers]
    sheet = path_of(name, numbers, folder, f"-grid{ending}")
    some = numbers[:MOST_SEEDS_OF_GIF]
    gif = path_of(name, some, folder, "-walk.gif")
    extras = [sheet] * options.grid + [gif] * options.gif
    check_targets([*paths, *extras], options.force)
    how: dict[str, Any] = {"directions": dict(options.direction)}
    how["class_name"] = options.class_name
    how = {name: value for name, value in how.items() if value}
    mixed = how | ({} if options.style is None else {"style": options.style})
    facts = [model.facts(size, truncation, seed=number, **mixed) for number in numbers]
    save_pictures(model.images(numbers, size, truncation, **mixed), paths, facts)
    more = f" to {paths[-1]}" if paths[1:] else ""
    print(f"Painted: {len(paths)} of {pixels} pixels, {paths[0]}{more}.")
    if size != own:
        print(f"They were painted at {size_text(own)} pixels and resampled (Lanczos).")
    if options.grid:
        shown = list(numbers[:MOST_IN_GRID])
        fact = model.facts(size, truncation, seeds=shown, **mixed)
        image = grid_of_files(paths[:MOST_IN_GRID])
        if model.config.classes and not options.class_name:
            image = class_sheet(model, shown[:8], truncation, **mixed)
        save_picture(image, sheet, fact)
        print(f"And {sheet}.")
    if options.gif:
        frames = max(48, 16 * len(some))
        model.save_walk(some, gif, frames, size=size, truncation=truncation, **how)
        print(f"And {gif}.")
