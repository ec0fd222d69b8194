"""Fetching one picture: whole, or not at all."""

import hashlib
import io
import os
import re
from pathlib import Path

import requests
from PIL import Image

from artgan.gather.session import ask


def picture_name(painting):
    """A file name for a painting; its code is of the address, so no two have one."""
    code = hashlib.sha256(painting["image_url"].encode()).hexdigest()[:8]
    words = re.sub(r"\W+", "-", f"{painting['artist']} {painting['title']}".lower())
    return f"{words.strip('-')[:60] or 'untitled'}_{code}.jpg"


def check_decodes(content):
    """Decode the bytes of a picture to the end; ValueError if that is impossible."""
    try:
        Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP", "GIF"]).load()
    except Exception as error:  # broken files raise almost anything
        raise ValueError("it does not decode as a picture") from error


def fetch_painting(session, painting, folder):
    """Have the picture of a painting in a folder, whole; return its path."""
    path = Path(folder, picture_name(painting))
    if not path.exists():
        address = painting["image_url"]
        try:
            answer = ask(session, address)
        except requests.HTTPError:
            if "!" not in address:
                raise
            answer = ask(session, address.partition("!")[0])  # not X.jpg!Large.jpg
        check_decodes(answer.content)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".part").write_bytes(answer.content)
        os.replace(path.with_suffix(".part"), path)
    return path
