"""Make the GIF and the loss curves of a run again from what it saved."""

import argparse

from artgan.commands.types import add_runs_folder
from artgan.storage.run_folder import existing_run
from artgan.system.tensorflow import load_quietly

EXAMPLES = ("gif vedute",)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    command.add_argument("run", metavar="RUN", help="the name of a run")
    add_runs_folder(command)


def run(options: argparse.Namespace) -> None:
    """Do it."""
    folder = existing_run(options.runs / options.run)
    load_quietly()
    from artgan.runs.figures import draw_run

    gif, curves = draw_run(folder)
    print(f"The pictures: {gif}; the losses: {curves}.")
