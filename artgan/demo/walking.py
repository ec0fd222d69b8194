"""A walk through seeds, as a file that the page shows and hands out."""

import tempfile
from pathlib import Path
from urllib.parse import quote

from artgan.demo.markup import moving_picture, told
from artgan.demo.models import Models
from artgan.demo.seeds import seeds_of
from artgan.paint.animation import check_animation
from artgan.paint.paint import series_path
from artgan.paint.walk import save_walk

KINDS = {"GIF": ".gif", "MP4": ".mp4", "WebP": ".webp"}
MADE = "/made"  # where the page serves the files from


@told
def walk(
    models: Models,
    folder: Path,
    name: str,
    seeds: str,
    kind: str,
    frames: int,
    fps: int,
    truncation: float,
    size: int,
) -> str:
    """Paint a closed walk through seeds into a file in `folder`; HTML that shows it."""
    chosen, model = seeds_of(seeds), models.open(name)
    place = Path(tempfile.mkdtemp(dir=folder))
    target = series_path(model, chosen, place, f"-walk{KINDS[kind]}")
    check_animation(target, fps)
    side = size or model.config.size
    save_walk(model, chosen, target, int(frames), int(fps), side, truncation)
    words = f"A walk through the seeds {', '.join(map(str, chosen))} by {model.name}"
    address = f"{MADE}/{quote(place.name)}/{quote(target.name)}"
    return moving_picture(address, words, target.name)
