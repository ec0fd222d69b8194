"""Learn and make art with a GAN on a few hundred pictures."""

import argparse
import sys

from artgan.commands import (
    evaluate,
    export,
    generate,
    gif,
    import_weights,
    runs,
    scrape,
    train,
    walk,
    weights,
)
from artgan.system.errors import ArtganError

COMMANDS = {
    "scrape": scrape,
    "train": train,
    "runs": runs,
    "generate": generate,
    "walk": walk,
    "gif": gif,
    "evaluate": evaluate,
    "weights": weights,
    "export": export,
    "import-weights": import_weights,
}


def make_parser():
    """The whole command line."""
    parser = argparse.ArgumentParser("python -m artgan", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        examples = "\n".join(f"  python -m artgan {line}" for line in module.EXAMPLES)
        command = verbs.add_parser(
            name,
            help=module.__doc__,
            description=module.__doc__,
            epilog=f"examples:\n{examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_options(command)
        command.set_defaults(run_command=module.run)
    return parser


def main(arguments=None):
    """Run one command; return its exit code: 0 done, 1 nothing got, 2 a mistake."""
    options = make_parser().parse_args(arguments)
    try:
        return options.run_command(options) or 0
    except ArtganError as error:
        message = f"{error}"
    except OSError as error:
        message = f"{error}. What was saved before is kept. Mend it and run this again."
    except KeyboardInterrupt:
        message = "Stopped. What was saved before is kept."
    print(f"artgan: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
