"""The command line: its verbs, and their options once a verb is named."""

import argparse
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

from artgan import __version__
from artgan.system.program import program

DESCRIPTION = "Learn and make art with a GAN on a few hundred pictures."
# A verb's module has its options; it is imported once the verb is named.
COMMANDS = {
    "scrape": "Gather pictures and a table of their rights; again fetches the rest.",
    "train": "Train a GAN on a folder of pictures, or go on with a run.",
    "runs": "List the runs: how far each is, how good, where its pictures are.",
    "generate": "Paint pictures, the same for the same seed.",
    "walk": "Make a closed walk: pictures that turn into each other.",
    "directions": "Show the directions in which pictures change most, and name them.",
    "invert": "Look for the picture of a model that is most like one of yours.",
    "gif": "Make the GIF and the loss curves of a run again.",
    "evaluate": "Compare what a model paints with its pictures.",
    "demo": "Open a page to play with: seeds, mixes, walks, photographs, runs.",
    "weights": "List, verify or fetch published weights; share them on the Hub.",
    "export": "Write weights as a file that paints with no code of this project.",
    "import-weights": "Read the weights of the two programs this one descends from.",
    "completion": "Print what lets a shell complete these commands.",
}


def make_parser(verbs: Iterable[str] = COMMANDS) -> argparse.ArgumentParser:
    """The command line, with the options of some of the verbs."""
    parser = argparse.ArgumentParser(program(), description=DESCRIPTION)
    version = f"artgan {__version__}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, help_text in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=help_text,
            description=help_text,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name in verbs:
            add_verb(command, name)
    return parser


def add_verb(command: argparse.ArgumentParser, name: str) -> None:
    """Add a verb's options and examples to its parser."""
    module = module_of(name)
    module.add_options(command)
    examples = "\n".join(f"  {program()} {line}" for line in module.EXAMPLES)
    command.epilog = f"examples:\n{examples}"
    command.set_defaults(run_command=module.run)


def module_of(name: str) -> ModuleType:
    """The module of a verb."""
    return import_module(f"artgan.commands.{name.replace('-', '_')}")
