"""Gather pictures and a table of their rights; the same command fetches the rest."""

from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path

from artgan.commands.options import count, number, option, verb
from artgan.system.errors import ArtganError


def sources(parser: ArgumentParser) -> None:
    """Add an option for each source."""
    from artgan.gather.sources import SOURCES

    for name, (_, _, words) in SOURCES.items():
        words += "; may be given again, and with others"
        parser.add_argument(f"--{name}", action="append", default=[], help=words)


@verb(
    sources,
    option("--site URL", SUPPRESS),  # in place of the real one
    option("--out FOLDER", "for pictures and metadata.csv", Path, required=True),
    option("--limit N", "N pictures at most", count),
    option("--delay SECONDS", "0.2 or more", number(float, 0.001, 3600), 1.0),
    examples=(
        "scrape --genre cityscape --genre veduta --limit 200 --out data/architecture",
        "scrape --artist canaletto --artist francesco-guardi --out data/venice",
        "scrape --listing data/flowers.csv --out data/flowers",
        'scrape --cleveland "church street" --limit 100 --out data/cleveland',
    ),
)
def scrape(options: Namespace) -> int:
    """Gather pictures and a table of their rights; again fetches the rest."""
    from artgan.gather.download import download
    from artgan.gather.session import PoliteSession
    from artgan.gather.sources import SOURCES, search
    from artgan.system.processes import only_one

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
    return 0 if result.new + result.had else 1  # 1 only if no picture was got
