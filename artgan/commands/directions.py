"""Show the directions in which a model's pictures change most, and give them names."""

import argparse
from pathlib import Path
from typing import Any

from artgan.commands.types import add_painting_options, naming, opened_model, seed

EXAMPLES = (
    "directions vedute",
    "directions my-run --name 1=light --name 2=distance",
    "generate my-run --direction light:2",
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    add = command.add_argument
    add("--seed", type=seed, default=0, help="of the picture that changes")
    name: dict[str, Any] = {
        "type": naming,
        "action": "append",
        "metavar": "NUMBER=NAME",
    }
    words = "name a row instead of painting; --direction NAME:2 goes along it"
    add("--name", **name, help=words)
    file = "default: results/MODEL-directions.png"
    add("--out", type=Path, metavar="FILE", help=file)
    add_painting_options(command)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    model = opened_model(options)
    from artgan.paint import directions
    from artgan.paint.files import check_targets, save_picture
    from artgan.paint.grid import picture_grid
    from artgan.paint.paint import seed_latents, truncate

    if options.name:
        path = directions.name_directions(model, dict(options.name))
        return print(f"{path} keeps the names.")
    size, truncation = options.size, options.truncation
    target = options.out or Path("results", f"{model.name}-directions.png")
    check_targets([target], options.force)
    middle = seed_latents(model.config, [options.seed], step=model.step)
    middle = truncate(model.config, middle, truncation)
    latents = directions.direction_latents(model, middle)
    sheet = picture_grid(model.generate(latents=latents, size=size), columns=7)
    save_picture(sheet, target, model.facts(size, truncation, seed=options.seed))
    print(
        f"{target}: a row for each of 1 to {directions.SHOWN}, from -3 to 3 along it."
    )
    for number, name in directions.names_of_leading(model).items():
        print(f"{number} is called {name}.")
