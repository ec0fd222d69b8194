"""Small JSON files: cards, and what a run knows of itself."""

import json
from pathlib import Path

from artgan.system.errors import ArtganError
from artgan.system.files import replacing


def read_object(path: Path) -> dict:
    """The dictionary in a JSON file; ArtganError if it is missing or damaged."""
    try:
        # A call that fails for NaN and Infinity, which are no JSON.
        found = json.loads(path.read_text("utf-8"), parse_constant=int)
    except FileNotFoundError:
        raise ArtganError(f"{str(path)!r} is missing.") from None
    except (ValueError, RecursionError) as error:
        raise ArtganError(f"{str(path)!r} is damaged: {error!r:.150}.") from None
    if not isinstance(found, dict):
        raise ArtganError(f"{str(path)!r} is damaged: it holds no JSON object.")
    return found


def write_object(path: Path, content: dict) -> None:
    """Write a dictionary as JSON, in place only once whole."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    with replacing(path) as temporary:
        # A name in bytes that are no UTF-8 becomes an escape, which JSON reads back.
        temporary.write_text(text, "utf-8", "backslashreplace", "\n")
