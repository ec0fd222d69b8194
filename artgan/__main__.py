"""Learn and make art with a GAN on a few hundred pictures."""

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 nothing got, 2 a mistake."""
    from artgan.commands.parser import VERBS, make_parser
    from artgan.system.errors import ArtganError
    from artgan.system.printing import printable, say

    arguments = sys.argv[1:] if arguments is None else arguments
    verbs = [word for word in arguments if word in VERBS][:1]
    options = make_parser(verbs).parse_args(arguments)
    try:
        return options.run_command(options) or 0
    except ArtganError as error:
        message = str(error)
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, OSError) as error:
        reason = printable(error, 400) or "Stopped"
        message = f"{reason}. What was saved before is kept."
    say(f"artgan: {message}", sys.stderr)
    return 2


def start() -> None:
    """What the installed command calls; nothing is imported before, for Ctrl-C."""
    try:
        from artgan.system.printing import prepare_output

        prepare_output()
        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 2
    except BrokenPipeError:  # of `artgan runs | head -1`
        sys.stdout, code = None, 0  # type: ignore[assignment]
    sys.exit(code)


if __name__ == "__main__":
    start()
