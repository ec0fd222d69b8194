"""Print what lets a shell complete these commands, and where to put it."""

import argparse

from artgan.system.errors import ArtganError

EXAMPLES = (
    "completion bash > ~/.local/share/bash-completion/completions/artgan",
    "completion fish > ~/.config/fish/completions/artgan.fish",
    "completion zsh > ~/.zsh/completions/_artgan",
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument("shell", choices=("bash", "zsh", "fish"))


def run(options: argparse.Namespace) -> None:
    """Do it."""
    try:
        import shtab
    except ImportError:
        raise ArtganError("Completion needs one library: pip install shtab.") from None
    from artgan.commands.parser import make_parser

    parser = make_parser()
    parser.prog = "artgan"
    print(shtab.complete(parser, options.shell))
