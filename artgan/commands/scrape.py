"""Gather pictures and a table of their rights; the same command fetches the rest."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from artgan.commands.types import count, number
from artgan.gather.sources.registry import MUSEUMS

if TYPE_CHECKING:
    from artgan.gather.network.session import PoliteSession
    from artgan.gather.sources.museum import Museum

EXAMPLES = (
    "scrape --genre cityscape --genre veduta --limit 200 --out data/architecture",
    "scrape --listing data/flowers.csv --out data/flowers",
    'scrape --cleveland "church street" --limit 100 --out data/cleveland',
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser; each museum has one."""
    source = command.add_mutually_exclusive_group(required=True)
    for name, museum in MUSEUMS.items():
        source.add_argument(
            *[f"--{option}" for option in (name, *museum.also)],
            dest=name,
            type=query_type(museum),
            action="append",
            metavar=museum.metavar,
            help=f"{museum.help}; may be given again",
        )
        command.add_argument(f"--{name}-url", help=argparse.SUPPRESS)
    source.add_argument(
        "--listing", metavar="CSV", help="a pinned list, such as data/flowers.csv"
    )
    add_limits(command)


def add_limits(command: argparse.ArgumentParser) -> None:
    """Add the options that say where to, how many and how fast."""
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="pictures go into FOLDER/images, their rights into FOLDER/metadata.csv",
    )
    command.add_argument("--limit", type=count, metavar="N", help="N pictures at most")
    command.add_argument(
        "--delay",
        type=number(0.001, 3600),
        default=1.0,
        metavar="SECONDS",
        help="between two requests, 0.2 at least (default: 1)",
    )


def query_type(museum: "Museum"):
    """A function that checks a query of a museum as argparse wants it."""

    def check(text):
        try:
            return museum.check(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return check


def run(options: argparse.Namespace) -> int:
    """Do it; the exit code is 1 only if no picture was got."""
    from artgan.gather.download import check_place, download
    from artgan.gather.network.session import polite_session

    if not options.listing:
        check_place(options.out)  # listing takes minutes; downloading checks it again
    named = [getattr(options, f"{name}_url") for name in MUSEUMS]
    session = polite_session(options.delay, trusted=filter(None, named))
    artworks, problems = list_artworks(session, options)
    for problem in problems:
        print(problem)
    print(f"{len(artworks)} pictures are listed. Fetching those that are missing.")
    summary = download(artworks, options.out, session=session)
    print(summary.text())
    return 0 if summary.new + summary.had else 1


def list_artworks(session: "PoliteSession", options: argparse.Namespace):
    """The artworks of the source that the options name, and what went wrong."""
    from artgan.gather.sources.listing import read_listing
    from artgan.gather.sources.museum import search

    if options.listing:
        return read_listing(options.listing)[: options.limit], []
    [name] = [name for name in MUSEUMS if getattr(options, name)]
    queries, url = getattr(options, name), getattr(options, f"{name}_url")
    return search(MUSEUMS[name], session, queries, url, options.limit)
