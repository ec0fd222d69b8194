"""Turn addresses of WikiArt pictures into a pinned list, as `scrape --listing` reads.

    python tools/make_listings.py addresses.csv data/flowers.csv

The input has the columns `url` and `genre`. WikiArt names its pictures
.../images/ARTIST/TITLE-YEAR.jpg, with hyphens for whatever is not a plain letter; that
name is all that the list knows, so a lost accent stays lost and a missing year "".
"""

import argparse
import csv
import re
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

COLUMNS = ("artist", "title", "year", "genre", "image_url")
SMALL_WORDS = set(
    "a an and at by de der des du el for from in la le les of on the to van von with"
    " dei di del della".split()
)
HYPHENATED_ARTISTS = {
    "adolphe-joseph-thomas-monticelli": "Adolphe-Joseph-Thomas Monticelli",
    "anna-ostroumova-lebedeva": "Anna Ostroumova-Lebedeva",
    "henri-de-toulouse-lautrec": "Henri de Toulouse-Lautrec",
    "henri-edmond-cross": "Henri-Edmond Cross",
    "ion-theodorescu-sion": "Ion Theodorescu-Sion",
    "james-mcneill-whistler": "James McNeill Whistler",
    "jean-baptiste-simeon-chardin": "Jean-Baptiste-Simeon Chardin",
    "kuzma-petrov-vodkin": "Kuzma Petrov-Vodkin",
    "nikolay-bogdanov-belsky": "Nikolay Bogdanov-Belsky",
    "pierre-auguste-renoir": "Pierre-Auguste Renoir",
    "victor-borisov-musatov": "Victor Borisov-Musatov",
}


def readable(name):
    """Write a hyphenated name as words: "st-mark-s-tower" as "St Mark's Tower"."""
    words = [word for word in name.split("-") if word]
    words = [
        word if number and word in SMALL_WORDS else word[:1].upper() + word[1:]
        for number, word in enumerate(words)
    ]
    text = re.sub(r"(\w) S\b", r"\1's", " ".join(words))
    return re.sub(r"\b([LD]) (?=[AEIOUH])", lambda m: m[1].lower() + "'", text)


def title_and_year(name):
    """Split the name of a picture into its readable title and its year, "" if none."""
    if name.startswith(("not_detected", "not-identified")):
        return "", ""
    name = re.sub(r"\(\d+\)$", "", name)
    dated = re.fullmatch(r"(.+)-(1[4-9]\d\d)(-\d)?", name)
    return (readable(dated[1]), dated[2]) if dated else (readable(name), "")


def listing_row(url, genre):
    """Make the row of one picture from its address."""
    path = PurePosixPath(urlsplit(url).path)
    artist = path.parent.name
    title, year = title_and_year(path.stem)
    artist = HYPHENATED_ARTISTS.get(artist, readable(artist))
    return dict(zip(COLUMNS, (artist, title, year, genre, url), strict=True))


def main():
    """Read the addresses, write the list sorted by artist and address."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("addresses", type=Path)
    parser.add_argument("listing", type=Path)
    arguments = parser.parse_args()
    with open(arguments.addresses, encoding="utf-8", newline="") as file:
        rows = [listing_row(row["url"], row["genre"]) for row in csv.DictReader(file)]
    rows.sort(key=lambda row: (row["artist"], row["image_url"]))
    with open(arguments.listing, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} pictures in {arguments.listing}")


if __name__ == "__main__":
    main()
