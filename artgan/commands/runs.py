"""List the runs: how far each is, how good, and where its latest pictures are."""

import argparse

from artgan.commands.types import add_runs_folder
from artgan.system.printing import printable

EXAMPLES = ("runs", "runs --runs elsewhere/runs", "runs --clean-cache")


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser."""
    add_runs_folder(command)
    command.add_argument(
        "--clean-cache",
        action="store_true",
        help="remove the prepared pictures that are kept for the next time",
    )


def run(options: argparse.Namespace) -> None:
    """Do it."""
    if options.clean_cache:
        from artgan.data.cache import clean_cache

        return print(clean_cache())
    from artgan.runs.listing import describe_runs

    rows = describe_runs(options.runs)
    if not rows:
        print(f"There are no runs in {printable(options.runs)}. `train` begins one.")
        return
    titles = "run", "step", "minutes", "distance", "latest pictures"
    rows = [titles, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(titles))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        print("  ".join(cell.ljust(width) for cell, width in cells).rstrip())
