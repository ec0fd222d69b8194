"""Small JSON files: cards, the catalogue, what a run knows of itself."""

import json
from pathlib import Path

from artgan.system.errors import ArtganError
from artgan.system.files import replacing
from artgan.system.printing import printable


def read_object(path: Path):
    """The dictionary in a JSON file.

    Raises ArtganError, in a sentence, if the file is missing or holds anything else.
    """
    try:
        # A call that fails for NaN and Infinity, which are no JSON.
        found = json.loads(path.read_text("utf-8"), parse_constant=int)
    except FileNotFoundError:
        raise ArtganError(f"{printable(path)} is missing.") from None
    except (ValueError, RecursionError) as error:
        reason = printable(error) or type(error).__name__
        raise ArtganError(f"{printable(path)} is damaged: {reason}.") from None
    if not isinstance(found, dict):
        raise ArtganError(f"{printable(path)} is damaged: it holds no JSON object.")
    return found


def write_object(path: Path, content: dict) -> None:
    """Write a dictionary as JSON, in place only once whole."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    with replacing(path) as temporary:
        # A name in bytes that are no UTF-8 becomes an escape, which JSON reads back.
        temporary.write_text(text, "utf-8", "backslashreplace", "\n")
