"""Paint pictures from published weights or a run, the same for the same seed."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from artgan.commands.types import (
    add_painting_options,
    opened_model,
    picture_count,
    seed,
    seeds,
    yes_or_no,
)
from artgan.system.errors import ArtganError

if TYPE_CHECKING:
    from artgan.storage.open_model import Model

EXAMPLES = (
    "generate -i 1 -s 256",
    "generate -i 1 -s 256 -g y",
    "generate --weights architecture --seeds 0-15 --truncation 0.7 --grid",
    "generate villas --images 16 --seed 7 --out pictures",
)
MOST_SEEDS_OF_GIF = 8


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument(
        "-i",
        "--images",
        type=picture_count,
        default=16,
        metavar="N",
        help="how many (default: 16)",
    )
    command.add_argument(
        "--seed",
        type=seed,
        default=0,
        help="of the first; the next has the next number",
    )
    command.add_argument(
        "--seeds", type=seeds, help="those to paint instead, as 0-15 or 3,7,11"
    )
    add_painting_options(command)
    command.add_argument(
        "--out", type=Path, metavar="FOLDER", help="default: results/SIZE"
    )
    command.add_argument(
        "--format", choices=("png", "jpg", "webp"), default="png", help="default: png"
    )
    command.add_argument(
        "--grid", action="store_true", help="also one sheet of the first 64"
    )
    command.add_argument(
        "-g",
        "--gif",
        type=yes_or_no,
        nargs="?",
        const=True,
        default=False,
        metavar="y|n",
        help=f"also a GIF that walks through the first {MOST_SEEDS_OF_GIF}",
    )


def run(options: argparse.Namespace) -> None:
    """Do it."""
    numbers = options.seeds or range(options.seed, options.seed + options.images)
    if numbers[-1] >= 2**31:
        raise ArtganError(f"The seeds would go on past the last, {2**31 - 1}.")
    model = opened_model(options)
    from artgan.paint.paint import check_targets, paint_files, picture_paths

    size = options.size or model.config.size
    folder = options.out or Path("results", str(size))
    paths = picture_paths(model, numbers, folder, options.format)
    extras = extra_paths(model, numbers, folder, options)
    check_targets([*paths, *extras.values()], options.force)
    paint_files(model, numbers, paths, size, options.truncation)
    print(report(model, size, paths))
    for make, path in extras.items():
        make(model, numbers, paths, size, options.truncation, path)
        print(f"And {path}.")


def extra_paths(
    model: "Model",
    numbers: Sequence[int],
    folder: str | Path,
    options: argparse.Namespace,
):
    """What is made beside the pictures: its function, and the path it writes."""
    from artgan.paint.paint import series_path

    extras = {}
    if options.grid:
        ending = f"-grid.{options.format}"
        extras[make_grid] = series_path(model, numbers, folder, ending)
    if options.gif:
        some = numbers[:MOST_SEEDS_OF_GIF]
        extras[make_gif] = series_path(model, some, folder, "-walk.gif")
    return extras


def make_grid(
    model: "Model",
    numbers: Sequence[int],
    paths: list[Path],
    size: int,
    truncation: float,
    target: Path,
) -> None:
    """Lay the pictures on one sheet."""
    from artgan.paint.paint import MOST_IN_GRID, facts_of, save_grid

    shown = list(numbers[:MOST_IN_GRID])
    facts = facts_of(model, size, truncation) | {"seeds": str(shown)}
    save_grid(paths, target, facts)


def make_gif(
    model: "Model",
    numbers: Sequence[int],
    paths: list[Path],
    size: int,
    truncation: float,
    target: Path,
) -> None:
    """Walk through the first of the seeds."""
    from artgan.paint.walk import save_walk

    numbers = numbers[:MOST_SEEDS_OF_GIF]
    frames = max(48, 16 * len(numbers))
    save_walk(model, numbers, target, frames, size=size, truncation=truncation)


def report(model: "Model", size: int, paths: list[Path]):
    """What was painted, in a sentence or two."""
    more = f" to {paths[-1]}" if paths[1:] else ""
    text = f"Painted: {len(paths)} of {size} pixels, {paths[0]}{more}."
    if size != model.config.size:
        own = model.config.size
        text += f" They were painted at {own} pixels and resampled (Lanczos)."
    return text
