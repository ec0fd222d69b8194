"""Learn and make art with a GAN on a few hundred pictures."""

import sys

from artgan.commands.parser import COMMANDS, make_parser
from artgan.system.errors import ArtganError
from artgan.system.printing import make_output_safe, printable


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 nothing got, 2 a mistake."""
    arguments = sys.argv[1:] if arguments is None else arguments
    verbs = [word for word in arguments if word in COMMANDS][:1]
    options = make_parser(verbs).parse_args(arguments)
    try:
        return options.run_command(options) or 0
    except ArtganError as error:
        message = f"{error}"
    except OSError as error:
        reason = printable(error, 400)
        message = (
            f"{reason}. What was saved before is kept. Mend it and run this again."
        )
    except KeyboardInterrupt:
        message = "Stopped. What was saved before is kept."
    print(f"artgan: {message}", file=sys.stderr)
    return 2


def start() -> None:
    """What the installed command calls: nothing that is printed ends the program."""
    make_output_safe()
    sys.exit(main())


if __name__ == "__main__":
    start()
