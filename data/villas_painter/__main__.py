"""Paint the bundled pictures: small gouaches of villas, the same for a seed.

python -m data.villas_painter --out data/villas --count 256 --seed 0
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from .relief import SIZE
from .scene import paint_villa

QUALITY = 90


def save_picture(path, picture):
    """Write a picture [height, width, 3] uint8 as JPEG without colour subsampling."""
    partial = path.with_name(path.name + ".part")
    Image.fromarray(picture).save(partial, "JPEG", quality=QUALITY, subsampling=0)
    partial.replace(path)


def contact_sheet(pictures, columns=16):
    """Lay pictures out in rows: a Pillow image."""
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * SIZE, min(columns, len(pictures)) * SIZE, 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * SIZE, index % columns * SIZE
        sheet[top : top + SIZE, left : left + SIZE] = picture
    return Image.fromarray(sheet)


def parse_arguments(arguments=None):
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "python -m data.villas_painter", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--out", type=Path, default=Path("data/villas"), help="folder to fill"
    )
    parser.add_argument("--count", type=int, default=256, help="how many pictures")
    parser.add_argument(
        "--first", type=int, default=0, help="number of the first picture"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="another seed, other villas"
    )
    parser.add_argument(
        "--contact-sheet", type=Path, metavar="FILE", help="also write an overview"
    )
    options = parser.parse_args(arguments)
    if options.count < 1 or options.first < 0 or options.seed < 0:
        parser.error("--count starts at 1, --first and --seed at 0")
    if options.out.exists() and not options.out.is_dir():
        parser.error(f"{options.out} is a file; name a folder after --out")
    return options


def main(arguments=None):
    """Paint the pictures that the command line asks for; returns the exit status."""
    options = parse_arguments(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    pictures = []
    for index in tqdm(
        range(options.first, options.first + options.count), unit="picture"
    ):
        pictures.append(paint_villa(options.seed, index))
        save_picture(options.out / f"villa_{index:03d}.jpg", pictures[-1])
    if options.contact_sheet:
        contact_sheet(pictures).save(options.contact_sheet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
