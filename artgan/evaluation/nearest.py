"""A picture of samples beside the pictures nearest to them, to see what is copied."""

import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from artgan.evaluation.metrics import pairwise_distances, typical_gap

ROWS, NEAREST = 8, 3
TILE, GAP, CAPTION = 128, 6, 18  # pixels


def nearest_sheet(painted, fake, collection, real, seed=0):
    """Lay samples beside the real pictures nearest to them: an image.

    painted: [n, h, w, 3] uint8 with features fake [n, d]; collection: a Collection with
    features real [m, d]. On the left the first samples, on the right those of all that
    come nearest to a real picture: a generator that copies shows it there. Below each
    real picture stands how far it is, in typical gaps between real ones, and its name.
    """
    distances = pairwise_distances(fake, real) / max(typical_gap(real), 1e-9)
    closest = np.argsort(distances.min(1), kind="stable")[:ROWS]
    halves = {
        "The first samples, beside the nearest training pictures": range(len(closest)),
        "The samples that are nearest to any training picture": closest,
    }
    tiles = 1 + min(NEAREST, len(real))
    width = tiles * (TILE + GAP) + 3 * GAP
    height = CAPTION + len(closest) * (TILE + CAPTION + GAP)
    sheet = Image.new("RGB", (2 * width + GAP, height + GAP), "white")
    for half, (heading, samples) in enumerate(halves.items()):
        left = 2 * GAP + half * width
        write(sheet, left, GAP // 2, heading, width)
        for row, sample in enumerate(samples):
            top = GAP + CAPTION + row * (TILE + CAPTION + GAP)
            place(sheet, left, top, painted[sample], f"seed {seed + sample}")
            for column, number in enumerate(np.argsort(distances[sample])[:NEAREST], 1):
                across = left + GAP + column * (TILE + GAP)
                text = f"{distances[sample, number]:.2f}  {collection.names[number]}"
                place(sheet, across, top, collection.images[number], text)
    return sheet


def place(sheet, left, top, picture, caption):
    """Put a picture [h, w, 3] uint8 on the sheet with a line of text below it."""
    tile = Image.fromarray(picture).resize((TILE, TILE), Image.Resampling.LANCZOS)
    sheet.paste(tile, (left, top))
    write(sheet, left, top + TILE + 1, caption, TILE)


def write(sheet, left, top, text, width):
    """Write a line of small text, cut where it is wider than `width` pixels."""
    text = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), 11)
    while font.getlength(text) > width:
        text = text.removesuffix("…")[:-1] + "…"
    ImageDraw.Draw(sheet).text((left, top), text, "#444444", font)
