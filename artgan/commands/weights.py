"""List, verify or fetch the published weights; share weights through the Hub."""

import argparse
from pathlib import Path

from artgan.commands.types import add_checkpoints_folder
from artgan.system.errors import ArtganError
from artgan.system.printing import printable
from artgan.system.program import program
from artgan.system.tensorflow import load_quietly

EXAMPLES = (
    "weights list",
    "weights verify",
    "weights verify flowers my/generator.safetensors",
    "weights fetch flowers",
    "weights push flowers me/flowers-256",
    "weights pull roses them/roses-128",
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument("action", choices=tuple(ACTIONS))
    command.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="of published weights, or their alias; verify and push take files and "
        "folders too; push and pull take the Hub's name as well, such as me/roses",
    )
    add_checkpoints_folder(command)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    ACTIONS[options.action](options.names, options.checkpoints)


def list_weights(names: list[str], checkpoints: str | Path) -> None:
    """Print each model of the catalogue, or those named."""
    from artgan.storage.catalogue import find_model, read_catalogue

    models = read_catalogue(checkpoints)
    chosen = dict(find_model(name, checkpoints) for name in names) or models
    for name, model in chosen.items():
        here = all((checkpoints / name / file).is_file() for file in model["files"])
        size = sum(file["bytes"] for file in model["files"].values()) / 1e6
        aliases = f" ({', '.join(model['aliases'])})" if model["aliases"] else ""
        place = "here" if here else "to be fetched"
        licence = printable(model["licence"], 60)
        print(f"{name}{aliases}: {size:.1f} MB, licence {licence}, {place}")
    if not chosen:
        print("No weights are published yet.")


def verify_weights(names: list[str], checkpoints: str | Path) -> None:
    """Check the models named, or all published; ArtganError tells all that is wrong."""
    load_quietly()
    from artgan.storage.catalogue import published_folder, read_catalogue
    from artgan.storage.open_model import open_model

    problems, places = [], [Path(name) for name in names]
    if not names:
        places = [Path(checkpoints, name) for name in read_catalogue(checkpoints)]
    for place in places:
        try:
            if not names:
                published_folder(place.name, checkpoints)
            model = open_model(place, checkpoints=checkpoints)
            numbers = model.generator_ema.count_params()
            print(f"{model.opened} It is right: a generator of {numbers:,} numbers.")
        except ArtganError as error:
            problems.append(str(error))
    if problems:
        raise ArtganError(" ".join(problems))
    if not places:
        print("No weights are published yet.")


def fetch_named(names: list[str], checkpoints: str | Path) -> None:
    """Fetch the models named."""
    from artgan.storage.fetch import fetch_weights

    if not names:
        raise ArtganError(f"Name what to fetch; `{program()} weights list` tells.")
    for name in names:
        print(f"{fetch_weights(name, checkpoints)} is here, whole and verified.")


def push(names: list[str], checkpoints: str | Path) -> None:
    """Send published weights, or a folder of them, to the Hub."""
    name, repo = name_and_repository(names)
    load_quietly()
    from artgan.storage.catalogue import published_folder
    from artgan.storage.hub import push_weights

    is_folder = Path(name, "card.json").is_file()
    folder = Path(name) if is_folder else published_folder(name, checkpoints)
    print(f"{push_weights(folder, repo)} has them.")


def pull(names: list[str], checkpoints: str | Path) -> None:
    """Get weights from the Hub into checkpoints/NAME of this folder."""
    name, repo = name_and_repository(names)
    load_quietly()
    from artgan.storage.catalogue import is_plain_name
    from artgan.storage.hub import pull_weights

    if not is_plain_name(name):
        raise ArtganError("Name the weights with a-z, 0-9 and hyphens, such as roses.")
    folder = pull_weights(repo, Path("checkpoints", name))
    print(f"{folder} has them, verified. `{program()} generate -w {folder}` paints.")


def name_and_repository(names: list[str]):
    """The two names that push and pull take."""
    if len(names) != 2:
        raise ArtganError("Give a name and the Hub's, such as: flowers me/flowers-256.")
    return names


ACTIONS = {
    "list": list_weights,
    "verify": verify_weights,
    "fetch": fetch_named,
    "push": push,
    "pull": pull,
}
