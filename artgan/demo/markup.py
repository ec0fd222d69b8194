"""Pieces of the page, as HTML: pictures with words for them, notes and problems."""

import base64
import html
import io
from collections.abc import Callable
from functools import wraps

import numpy as np
from PIL import Image

from artgan.system.errors import ArtganError
from artgan.system.printing import printable


def picture(
    image: Image.Image | np.ndarray | bytes,
    alt: str,
    caption: str = "",
    download: str = "",
) -> str:
    """A picture with its caption, and a link that saves it if a file name is given.

    image: of Pillow, or [h, w, 3] uint8, or the bytes of a PNG; alt: words for it.
    """
    address = f"data:image/png;base64,{base64.b64encode(png(image)).decode()}"
    link = save_link(address, download) if download else ""
    words = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure class="shown"><img src="{address}" alt="{html.escape(alt)}">'
        f"{words}{link}</figure>"
    )


def png(image: Image.Image | np.ndarray | bytes) -> bytes:
    """The bytes of a PNG of an image, quickly made."""
    if isinstance(image, bytes):
        return image
    buffer = io.BytesIO()
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def save_link(address: str, name: str) -> str:
    """A link that saves what is at an address as a file of that name."""
    address, name = html.escape(address), html.escape(name)
    return f'<a class="save" href="{address}" download="{name}">Save {name}</a>'


def moving_picture(address: str, alt: str, name: str) -> str:
    """An animation at an address of this page: an image, or a video for an MP4."""
    source, words = html.escape(address), html.escape(alt)
    shown = f'<img src="{source}" alt="{words}">'
    if name.endswith(".mp4"):
        shown = (
            f'<video src="{source}" aria-label="{words}" autoplay loop muted controls '
            "playsinline></video>"
        )
    return f'<figure class="shown">{shown}{save_link(address, name)}</figure>'


def side_by_side(*pieces: str) -> str:
    """Pieces in a row, which becomes a column where the window is narrow."""
    return f'<div class="beside">{"".join(pieces)}</div>'


def note(text: str) -> str:
    """A quiet sentence."""
    return f'<p class="note">{html.escape(text)}</p>'


def awaited(text: str) -> str:
    """A sentence where a picture will be."""
    return f'<p class="awaited">{html.escape(text)}</p>'


def problem(error: Exception | str) -> str:
    """A sentence on what went wrong, which a screen reader says at once."""
    return f'<p class="problem" role="alert">{html.escape(str(error))}</p>'


def warning(text: str) -> str:
    """A sentence on what goes wrong with a run, which is shown again and again."""
    return f'<p class="problem">{html.escape(text)}</p>'


def reason(error: Exception) -> str:
    """What an error that a visitor can meet says, as a sentence."""
    if isinstance(error, ArtganError):
        return str(error)
    return f"That failed: {printable(error, 400)}."


def told(action: Callable[..., str]) -> Callable[..., str]:
    """Let a function that returns HTML return a problem where it would raise one."""

    @wraps(action)
    def careful(*arguments):
        try:
            return action(*arguments)
        except (ArtganError, OSError) as error:
            return problem(reason(error))

    return careful
