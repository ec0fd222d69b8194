"""Fetching one picture: whole and decodable, or not at all."""

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from artgan.gather.network.web import limited_chunks

if TYPE_CHECKING:
    from artgan.gather.network.session import PoliteSession
    from artgan.gather.sources.artwork import Artwork


def slug(text: str, length):
    """Reduce a text to a-z, 0-9 and hyphens, at most `length` of them, maybe none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")[:length].strip("-")


def safe_name(artwork: "Artwork") -> str:
    """Make a file name `artist_title_code.jpg`, safe on every system.

    The code comes from the picture's address, so that two pictures with one title get
    two names and the same picture always gets the same; at most 115 characters.
    """
    suffix = Path(artwork.image_url.split("?")[0]).suffix.lower()
    if not re.fullmatch(r"\.(jpe?g|png|webp|gif|bmp|tiff?)", suffix):
        suffix = ".jpg"
    address = artwork.image_url.encode("utf-8", "backslashreplace")
    code = hashlib.sha256(address).hexdigest()[:8]
    artist, title = slug(artwork.artist, 40), slug(artwork.title, 60)
    return f"{artist or 'unknown'}_{title or 'untitled'}_{code}{suffix}"


def open_picture(session: "PoliteSession", url: str):
    """Ask for a picture; where `X.jpg!Large.jpg` is missing, for the plain `X.jpg`."""
    response = session.get(url, stream=True, timeout=30)
    if response.status_code == 404 and "!" in url:
        response.close()
        response = session.get(url.rpartition("!")[0], stream=True, timeout=30)
    return response


def check_picture(path: Path, max_pixels: int = 80_000_000) -> None:
    """Decode a picture file to the end.

    Raises ValueError if it is no picture, is cut short, or would fill the memory.
    """
    formats = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"]
    try:
        with Image.open(path, formats=formats) as image:
            pixels = image.width * image.height
            if pixels <= max_pixels:
                image.load()
    except Image.DecompressionBombError:
        pixels = max_pixels + 1
    except Exception as error:  # Broken files raise almost anything.
        raise ValueError("it does not decode as a picture") from error
    if pixels > max_pixels:
        raise ValueError(f"it has more than {max_pixels:,} pixels")


def download_picture(
    session: "PoliteSession", url: str, path: Path, max_bytes: int = 20_000_000
) -> None:
    """Fetch one picture; `path` appears only once the whole picture came and decodes.

    Raises `requests.RequestException` when the server refuses or breaks off, ValueError
    when what it sends is too large or no picture; nothing is left behind then.
    """
    partial = path.with_name(path.name + ".part")
    try:
        with open_picture(session, url) as response, open(partial, "wb") as file:
            response.raise_for_status()
            for chunk in limited_chunks(response, max_bytes):
                file.write(chunk)
        check_picture(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
