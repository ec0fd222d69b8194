"""Gather pictures and a manifest of their rights; the same command fetches the rest."""

import argparse
from pathlib import Path

from artgan.commands.types import count, genre_slug, positive

EXAMPLES = (
    "scrape --genre cityscape --genre veduta --limit 200 --out data/architecture",
    "scrape --listing data/flowers.csv --out data/flowers",
    'scrape --cleveland "church street" --limit 100 --out data/cleveland',
)


def add_options(command):
    """Add the options of this command to its parser."""
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--genre",
        type=genre_slug,
        action="append",
        metavar="SLUG",
        help="a genre of WikiArt, may be given again: architecture, cityscape, veduta, "
        "capriccio, flower-painting, ...",
    )
    source.add_argument(
        "--listing", metavar="CSV", help="a pinned list, such as data/flowers.csv"
    )
    source.add_argument(
        "--cleveland",
        metavar="WORDS",
        help="search the Cleveland museum's CC0 paintings",
    )
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="pictures go into FOLDER/images, their rights into FOLDER/manifest.csv",
    )
    command.add_argument("--limit", type=count, metavar="N", help="N pictures at most")
    command.add_argument(
        "--delay",
        type=positive,
        default=1.0,
        metavar="SECONDS",
        help="between two requests, 0.2 at least (default: 1)",
    )
    for site in ("wikiart", "cleveland"):
        command.add_argument(f"--{site}-url", help=argparse.SUPPRESS)


def run(options):
    """Do it; the exit code is 1 only if no picture was got."""
    from artgan.gather.download import check_place, download
    from artgan.gather.sources.session import polite_session

    if not options.listing:
        check_place(options.out)  # listing takes minutes; downloading checks it again
    session = polite_session(options.delay)
    artworks, problems = list_artworks(session, options)
    for problem in problems:
        print(problem)
    print(f"{len(artworks)} pictures are listed. Fetching those that are missing.")
    summary = download(artworks, options.out, session=session)
    print(summary.text())
    return 0 if summary.new + summary.had else 1


def list_artworks(session, options):
    """The artworks of the source that the options name, and what went wrong."""
    from artgan.gather.sources.cleveland import CLEVELAND, cleveland_artworks
    from artgan.gather.sources.listing import read_listing
    from artgan.gather.sources.wikiart import wikiart_artworks

    if options.listing:
        return read_listing(options.listing)[: options.limit], []
    if options.cleveland:
        address = options.cleveland_url or CLEVELAND
        return cleveland_artworks(session, options.cleveland, address, options.limit)
    address = options.wikiart_url or "https://www.wikiart.org"
    return wikiart_artworks(session, options.genre, address, options.limit)
