"""The command line: its verbs, and their options once a verb is named."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable

from artgan import __version__
from artgan.commands import explore, paint, runs, scrape, train, weights
from artgan.commands.options import Verb
from artgan.system.printing import program

VERBS = {
    verb.run.__name__.replace("_", "-"): verb
    for module in (scrape, train, paint, explore, runs, weights)
    for verb in vars(module).values()
    if isinstance(verb, Verb)
}


def make_parser(named: Iterable[str] = VERBS) -> ArgumentParser:
    """The command line, with the options of the verbs that are named."""
    words = "Learn and make art with a GAN on a few hundred pictures."
    parser = ArgumentParser(start := program(), description=words)
    version = f"artgan {__version__}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, verb in VERBS.items():
        words = str(verb.run.__doc__)
        command = commands.add_parser(name, help=words, description=words)
        command.formatter_class = RawDescriptionHelpFormatter
        lines = [f"\n  {start} {example}" for example in verb.examples]
        command.epilog = "examples:" + "".join(lines)
        command.set_defaults(run_command=verb.run)
        for add in verb.options if name in named else ():
            add(command)
    return parser
