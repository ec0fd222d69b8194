"""Every museum that can be searched, by the name of its option on the command line."""

from artgan.gather.sources import cleveland, wikiart

MUSEUMS = {
    "wikiart": wikiart.MUSEUM,
    "cleveland": cleveland.MUSEUM,
}
