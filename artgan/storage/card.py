"""The card beside published weights: what they are, and the hashes that prove it."""

import json

from artgan.system.errors import ArtganError

FORMAT = 2  # Of cards and files of weights; 1 told arrays by their number alone.


def read_card(path):
    """The card at a path, a dictionary with at least "config" and "sha256".

    Raises ArtganError if it is missing, damaged, or of a newer format.
    """
    if not path.is_file():
        raise ArtganError(f"There are no published weights here: {path} is missing.")
    try:
        card = json.loads(path.read_text("utf-8"))
        parts = card["config"], card["sha256"], card.get("bytes", {})
        numbers = [card.get("step", 0), *parts[2].values()]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        parts, numbers = [None], []
    whole = all(isinstance(part, dict) for part in parts)
    if not whole or not all(isinstance(number, int) for number in numbers):
        raise ArtganError(f"{path} is damaged: it is not the card of any weights.")
    check_format(path, card.get("format", FORMAT))
    return card


def check_format(path, version):
    """Raise ArtganError unless a file is of the format that this program knows."""
    if not str(version).isdecimal() or len(str(version)) > 9:
        raise ArtganError(f"{path} is not a file of this project's weights.")
    if int(version) != FORMAT:
        newer = int(version) > FORMAT
        remedy = (
            "Get a newer version of the program"
            if newer
            else "Fetch or import it again"
        )
        raise ArtganError(
            f"{path} is of format {version}, and this program reads format {FORMAT}. "
            f"{remedy}."
        )
