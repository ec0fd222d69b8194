"""Gather pictures and a table of their rights; the same command fetches the rest."""

import argparse
from pathlib import Path

from artgan.commands.types import count, number
from artgan.gather.sources.registry import SOURCES
from artgan.system.errors import ArtganError
from artgan.system.lock import only_one

EXAMPLES = (
    "scrape --genre cityscape --genre veduta --limit 200 --out data/architecture",
    "scrape --artist canaletto --artist francesco-guardi --out data/venice",
    "scrape --listing data/flowers.csv --out data/flowers",
    'scrape --cleveland "church street" --limit 100 --out data/cleveland',
)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of this command to its parser; each source has one."""
    for name, (_, _, words) in SOURCES.items():
        words += "; may be given again, and with others"
        command.add_argument(f"--{name}", action="append", default=[], help=words)
    command.add_argument("--site", help=argparse.SUPPRESS)  # in place of the real one
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="where pictures go, and their rights, in metadata.csv",
    )
    command.add_argument("--limit", type=count, metavar="N", help="N pictures at most")
    command.add_argument(
        "--delay",
        type=number(0.001, 3600),
        default=1.0,
        metavar="SECONDS",
        help="between two requests, 0.2 at least (default: 1)",
    )


def run(options: argparse.Namespace) -> int:
    """Do it; the exit code is 1 only if no picture was got."""
    from artgan.gather.download import download
    from artgan.gather.search import search
    from artgan.gather.session import PoliteSession

    queries = [(name, words) for name in SOURCES for words in getattr(options, name)]
    if not queries:
        names = ", ".join(f"--{name}" for name in SOURCES)
        raise ArtganError(f"Say what to gather, by one or more of {names}.")
    session = PoliteSession(options.delay)
    found, problems = search(session, queries, options.limit, options.site)
    print(*problems, f"{len(found)} pictures are listed.", sep="\n")
    options.out.mkdir(parents=True, exist_ok=True)
    with only_one(options.out, "downloading into"):
        result = download(found, options.out, session)
    print(result.text())
    return 0 if result.new + result.had else 1
