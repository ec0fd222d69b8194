"""List or verify the published weights; share weights through the Hub."""

import argparse
from pathlib import Path

from artgan.commands.types import add_checkpoints_folder
from artgan.system.errors import ArtganError
from artgan.system.printing import printable
from artgan.system.program import program

EXAMPLES = (
    "weights list",
    "weights verify",
    "weights verify flowers my/generator.safetensors",
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


def list_weights(names: list[str], checkpoints: Path) -> None:
    """Print all published weights, or those named."""
    from artgan.storage.json_file import read_object
    from artgan.storage.resolve import published_names, resolve

    known = published_names(checkpoints)
    for folder in dict.fromkeys([known.get(name, name) for name in names or known]):
        [path] = resolve(folder, "", checkpoints).paths
        size = sum(file.stat().st_size for file in path.glob("*.safetensors")) / 1e6
        aliases = [alias for alias, full in known.items() if full == folder != alias]
        licence = printable(read_object(path / "card.json").get("licence"), 60)
        also = f" ({', '.join(aliases)})" if aliases else ""
        print(f"{folder}{also}: {size:.1f} MB, licence {licence}")


def verify_weights(names: list[str], checkpoints: Path) -> None:
    """Check the models named, or all published; ArtganError tells all that is wrong."""
    from artgan.paint.painter import open_model
    from artgan.storage.resolve import published_names
    from artgan.storage.weights import networks_in

    problems = []
    for name in names or dict.fromkeys(published_names(checkpoints).values()):
        try:
            model = open_model(name, checkpoints=checkpoints)
            for network in networks_in(model.place):
                model.arrays(network)
            numbers = model.generator_ema.count_params()
            print(f"{model.opened} It is right: a generator of {numbers:,} numbers.")
        except ArtganError as error:
            problems.append(str(error))
    if problems:
        raise ArtganError(" ".join(problems))


def push(names: list[str], checkpoints: Path) -> None:
    """Send published weights, or a folder of them, to the Hub."""
    name, repo = name_and_repository(names)
    from artgan.storage.hub import push_weights
    from artgan.storage.resolve import resolve

    [folder] = resolve(name, "", checkpoints).paths
    print(f"{push_weights(folder, repo)} has them.")


def pull(names: list[str], _: Path) -> None:
    """Get weights from the Hub into checkpoints/NAME of this folder."""
    name, repo = name_and_repository(names)
    from artgan.storage.hub import pull_weights

    if Path(name).name != name:
        raise ArtganError("Name the weights by a plain word, such as roses.")
    folder = pull_weights(repo, Path("checkpoints", name))
    print(f"{folder} has them, verified. `{program()} generate -w {folder}` paints.")


def name_and_repository(names: list[str]) -> list[str]:
    """The two names that push and pull take."""
    if len(names) != 2:
        raise ArtganError("Give a name and the Hub's, such as: flowers me/flowers-256.")
    return names


ACTIONS = {
    "list": list_weights,
    "verify": verify_weights,
    "push": push,
    "pull": pull,
}
