"""Painting: pictures of seeds, and the walks between them."""

import os
import re
from argparse import Namespace
from functools import partial
from os.path import isdir  # unlike a Path's, false of impossible names
from pathlib import Path

from artgan.commands.options import PAINTING, number, opened, option, seed, seeds, verb

MOST_SEEDS_OF_GIF, MOST_IN_GRID = 8, 64


def direction(text: str) -> tuple[str, float]:
    """NAME:FAR for a direction, by its name or its number, and how far along it."""
    name, far = text.rsplit(":", 1)
    return name, float(far)


HOW_USUAL = "towards 0 for ever more usual pictures, above 1 for odder ones"
TRUNCATION = option("--truncation FACTOR", HOW_USUAL, number(float, 0, 1.5), 1.0)
DIRECTION = option(
    "--direction NAME:FAR",
    "move along a direction of `artgan directions`, by name or number, as light:2 or "
    "1:-3; may be given again",
    direction,
    [],
    action="append",
)


@verb(
    option("-i --images N", "how many pictures", number(int, 1, 10_000), 16),
    option("--seed N", "of the first picture; the next is one more", seed, 0),
    option("--seeds LIST", "those to paint instead, as 0-15 or 3,7,11", seeds),
    option("--style SEED", "whose colours and brushwork every picture takes", seed),
    option("--class NAME", "or a mix as canaletto:0.5,guardi:0.5", dest="class_name"),
    DIRECTION,
    TRUNCATION,
    *PAINTING,
    option("--out FOLDER", "default: results/SIZE", Path),
    option("--format", "of files", default="png", choices=("png", "jpg", "webp")),
    option("--grid", "also a sheet of the first 64, or of rows of classes", bool),
    option("-g --gif", "also a walk as GIF", nargs="?", const="y", choices=["y", "n"]),
    examples=(
        "generate -i 1 -s 256",
        "generate -i 1 -s 256 -g y",
        "generate --weights vedute --seeds 0-15 --truncation 0.7 --grid",
        "generate vedute --seed 3 -i 1 --direction 1:3 --style 7",
        "generate my-run --class canaletto:0.5,guardi:0.5 --grid",
    ),
)
def generate(options: Namespace) -> None:
    """Paint pictures, the same for the same seed."""
    from artgan.system.arguments import check_seeds

    last = options.seed + options.images
    numbers = check_seeds(options.seeds or range(options.seed, last))
    model = opened(options)
    from artgan.paint import files
    from artgan.paint.paint import class_sheet
    from artgan.paint.painter import size_text

    size, truncation = model.size(options.size), options.truncation
    folder = options.out or Path("results", size_text(size))
    kind = re.sub(r"\W+", "-", options.class_name or "")
    name, ending = f"{model.name}-{kind}".rstrip("-"), f".{options.format}"
    shown, some = numbers[:MOST_IN_GRID], numbers[:MOST_SEEDS_OF_GIF]
    path_of = files.series_path
    paths = [path_of(name, [number], folder, ending) for number in numbers]
    sheet = path_of(name, numbers, folder, f"-grid{ending}")
    gif = path_of(name, some, folder, "-walk.gif")
    extras = [sheet] * options.grid + [gif] * (options.gif == "y")
    files.check_targets([*paths, *extras], options.force)
    how = {"directions": dict(options.direction), "class_name": options.class_name}
    how = {name: value for name, value in how.items() if value}
    mixed = how | ({} if options.style is None else {"style": options.style})
    facts_of = partial(model.facts, options.size, truncation, **mixed)
    facts = [facts_of(seed=number) for number in numbers]
    files.save_pictures(model.images(numbers, size, truncation, **mixed), paths, facts)
    print(f"Painted {len(paths)} of size {facts[0]['size']}, from {paths[0]} on.")
    if sheet in extras:
        if model.config.classes and not options.class_name:
            shown = shown[:8]
            image = class_sheet(model, shown, truncation=truncation, **mixed)
        else:
            image = files.grid_of_files(paths[:MOST_IN_GRID])
        files.save_picture(image, sheet, facts_of(seeds=shown))
    if gif in extras:
        how |= {"frames": max(48, 16 * len(some)), "size": size}
        model.save_walk(some, gif, truncation=truncation, **how)
    for path in extras:
        print(f"And {path}.")


@verb(
    option("--seeds LIST", "to pass through; round about near one", seeds, "0-2"),
    option("--frames N", "how many", number(int, 2, 1000), 60),
    option("--fps N", "frames a second", float, 15),
    option("--out FILE", "a .gif, .webp or .mp4, or a folder/ for numbered PNGs"),
    option("--class NAME", "or a mix; each seed passes all given", action="append"),
    DIRECTION,
    TRUNCATION,
    *PAINTING,
    examples=(
        "walk --seeds 1,5,9 --out walk.gif",
        "walk vedute --seeds 2,4 --direction 1:3 --out frames/",
        "walk my-run --seeds 3 --class canaletto --class guardi",
        "walk --weights vedute --seeds 3 --frames 90 --fps 30 --out walk.mp4",
    ),
)
def walk(options: Namespace) -> None:
    """Make a closed walk: pictures that turn into each other."""
    from artgan.paint.animation import check_animation

    out = options.out or "walk.gif"
    folder = out.endswith(("/", os.sep)) or isdir(out)
    if not folder:
        check_animation(Path(out), options.fps)
    model = opened(options)
    from artgan.paint.files import check_targets, frame_paths, series_path
    from artgan.paint.painter import size_text

    size, seeds = model.size(options.size), options.seeds
    place = Path("results", size_text(size))
    target = Path(options.out or series_path(model.name, seeds, place, "-walk.gif"))
    files = frame_paths(target, options.frames) if folder else [target]
    check_targets(files, options.force)
    amount = options.frames, options.fps, size, options.truncation
    how = {"directions": dict(options.direction), "class_name": vars(options)["class"]}
    model.save_walk(seeds, target, *amount, **how)
    if folder and options.force:  # over a longer walk, of which nothing shall stay
        for path in {*target.glob("[0-9][0-9][0-9][0-9].png")} - {*files}:
            path.unlink()
    told = model.facts(options.size, options.truncation)["size"]
    print(f"{target}: {options.frames} frames of size {told}.")
