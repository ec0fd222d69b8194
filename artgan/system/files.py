"""Files that are never half written, JSON among them, and those that are shipped."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from artgan.system.errors import ArtganError

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between attempts to rename


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; then it takes the place of it.

    If the block raises, what stood there stays, and nothing else. Raises OSError.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        yield temporary
        put_in_place(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()  # A full disk needs the room.
        raise


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a finished file over another one; raises OSError.

    Windows refuses while a virus scanner has one of them open, mostly for a moment.
    """
    for pause in PAUSES:
        with suppress(PermissionError):
            return os.replace(temporary, path)
        time.sleep(pause)
    os.replace(temporary, path)


def read_object(path: Path) -> dict:
    """The dictionary in a JSON file; ArtganError if it is missing or damaged."""
    try:
        # A call that fails for NaN and Infinity, which are no JSON.
        return dict(json.loads(path.read_text("utf-8"), parse_constant=int).items())
    except FileNotFoundError:
        raise ArtganError(f"{str(path)!r} is missing.") from None
    except (AttributeError, ValueError, RecursionError) as error:
        raise ArtganError(f"{str(path)!r} is damaged: {error!r:.150}.") from None


def write_object(path: Path, content: dict) -> None:
    """Write a dictionary as JSON, in place only once whole."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    with replacing(path) as temporary:
        # A name in bytes that are no UTF-8 becomes an escape, which JSON reads back.
        temporary.write_text(text, "utf-8", "backslashreplace", "\n")


def shipped(*parts):
    """The path of a published file, in the installed package or beside a checkout's."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "checkpoints"
    place = inside if inside.is_dir() else package.parent / "checkpoints"
    return place.joinpath(*parts)
