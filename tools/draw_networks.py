"""Draw the game and the networks of the default preset, from the shapes they have.

python tools/draw_networks.py --out imgs

Writes game.png, generatorarch.png, discriminatorarch.png and frozen.png.
"""

import argparse
import io
import math
import os
import sys
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Polygon
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parent.parent
GENERATOR, DISCRIMINATOR, FROZEN, INK = "#d9843b", "#2a6f97", "#8d99a6", "#333333"
TALLEST, PICTURE = 1.5, 1.1  # inches, of a map as fine as the picture, and of that
ARROW = {"arrowstyle": "-|>", "mutation_scale": 12, "color": INK, "lw": 1.1}


def canvas(width, height):
    """Axes without frame in which one unit is an inch, and their figure."""
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes([0, 0, 1, 1])
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def save(figure, path):
    """Write a figure as a small PNG, in place only once whole."""
    page = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(page, dpi=120, format="png")
    image = Image.open(page).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    partial = path.with_name(f".{path.name}.part")
    image.save(partial, "PNG", optimize=True)
    os.replace(partial, path)
    return path


def write(axes, x, y, text, size=9, color=INK, **options):
    """Write centred words at a place, in inches."""
    axes.text(x, y, text, size=size, color=color, ha="center", va="center", **options)


def arrow(axes, start, end, bend=0.0, **options):
    """Draw an arrow between two places, bent to a side."""
    style = ARROW | {"connectionstyle": f"arc3,rad={bend}"} | options
    axes.add_patch(FancyArrowPatch(start, end, **style))


def box(axes, x, y, width, height, words, color, size=10):
    """Draw a rounded box around a place, with white words in it."""
    corner, style = (x - width / 2, y - height / 2), "round,pad=0.02,rounding_size=0.12"
    axes.add_patch(
        FancyBboxPatch(corner, width, height, boxstyle=style, fc=color, ec="none")
    )
    write(axes, x, y, words, size, "white", weight="bold")


def paste(axes, x, y, side, picture):
    """Show an image as a square around a place."""
    extent = [x - side / 2, x + side / 2, y - side / 2, y + side / 2]
    axes.imshow(picture, extent=extent, zorder=2, aspect="auto")


def bar(axes, x, y, height):
    """Draw a column of random numbers as stripes of many shades."""
    shades = np.random.default_rng(0).random([24, 1])
    extent = [x - 0.08, x + 0.08, y - height / 2, y + height / 2]
    axes.imshow(shades, extent=extent, cmap="Oranges", aspect="auto", zorder=2)


def slab(axes, x, y, shape, side, color):
    """Draw a feature map [h, w, c] as a box; side: that of the picture."""
    height = TALLEST * (shape[0] / side) ** 0.4
    width, slant = 0.035 * math.log2(shape[-1]) ** 1.2, height * 0.16
    front = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    deep = np.array([slant, slant * 0.7])
    top = np.array([front[3], front[2], front[2] + deep, front[3] + deep])
    face = np.array([front[1], front[1] + deep, front[2] + deep, front[2]])
    for points, light in ((front, 0.95), (top, 0.55), (face, 0.75)):
        places = points + [x - width / 2, y - height / 2]
        axes.add_patch(Polygon(places, fc=color, alpha=light, ec="white", lw=0.8))
    return height


def label(shape):
    """A shape as words."""
    return " × ".join(map(str, shape))


def draw_ladder(maps, words, color, picture, path, ends):
    """Draw the maps of a network in a row, what happens between them, and its ends.

    maps: shapes [h, w, c] in order; words: for each arrow but the last; ends: words
    for the first and the last place.
    """
    figure, axes = canvas(9, 2.9)
    side, places = max(shape[0] for shape in maps), np.linspace(0.8, 8.2, len(maps) + 1)
    forward = ends[0].startswith("z")
    shapes = [None, *maps] if forward else [*maps, None]
    for x, shape in zip(places, shapes, strict=True):
        if shape is None and forward:
            bar(axes, x, 1.5, 1.2)
        elif shape is None:
            axes.scatter([x], [1.5], 240, color=color)
        elif shape[-1] == 3:
            paste(axes, x, 1.5, PICTURE, picture)
        else:
            slab(axes, x, 1.5, shape, side, color)
        if shape:
            write(axes, x, 0.5, label(shape), 8.5)
    for index, x in enumerate(places[:-1]):
        gaps = [0.58 if shape == (side, side, 3) else 0.38 for shape in shapes]
        end = places[index + 1] - gaps[index + 1] + 0.06
        arrow(axes, (x + gaps[index], 1.5), (end, 1.5), zorder=1)
    write(axes, places[0], 0.28 if not forward else 0.5, ends[0], 8.5)
    write(axes, places[-1], 0.28 if forward else 0.5, ends[1], 8.5)
    for (first, last), text in words.items():
        middle = (places[first] + places[last]) / 2
        axes.plot([places[first], places[last]], [2.5, 2.5], color=color, lw=1.2)
        write(axes, middle, 2.68, text, 8.5, color)
    return save(figure, path)


def draw_game(picture, fake, path):
    """Draw the forger, the expert, and what goes to and fro between them."""
    figure, axes = canvas(9, 3.4)
    bar(axes, 0.6, 2.2, 1.2)
    write(axes, 0.6, 1.42, "latent z", 9)
    box(axes, 2.2, 2.2, 1.5, 0.8, "Generator\n(the forger)", GENERATOR)
    paste(axes, 4.2, 2.4, 1.1, fake)
    write(axes, 4.2, 1.73, "forged: G(z)", 9)
    paste(axes, 4.2, 0.85, 1.1, picture)
    write(axes, 4.2, 0.18, "real: x", 9)
    box(axes, 6.4, 1.6, 1.7, 0.8, "Discriminator\n(the expert)", DISCRIMINATOR)
    write(axes, 8.3, 1.6, "logit:\nreal or forged?", 9.5)
    for start, end in (
        ((0.75, 2.2), (1.4, 2.2)),
        ((3.0, 2.3), (3.6, 2.4)),
        ((4.8, 2.3), (5.5, 1.85)),
        ((4.8, 0.9), (5.5, 1.35)),
        ((7.3, 1.6), (7.65, 1.6)),
    ):
        arrow(axes, start, end)
    dashed = {"linestyle": (0, (4, 3)), "lw": 1.2}
    arrow(axes, (8.3, 1.95), (2.2, 2.68), 0.28, color=GENERATOR, **dashed)
    write(axes, 6.2, 3.22, "“this is what gave it away”", 9, GENERATOR)
    arrow(axes, (8.3, 1.25), (6.4, 1.15), -0.55, color=DISCRIMINATOR, **dashed)
    write(axes, 7.4, 0.42, "“this is what you missed”", 9, DISCRIMINATOR)
    return save(figure, path)


def draw_frozen(maps, size, picture, path):
    """Draw the frozen network, its mixed maps (shapes), and a head for each."""
    figure, axes = canvas(9, 3.3)
    paste(axes, 0.85, 1.75, 1.2, picture)
    write(axes, 0.85, 1.02, label([size, size, 3]), 8.5)
    box(axes, 2.75, 2.1, 1.6, 1.6, "Frozen\nnetwork\n(never trained)", FROZEN)
    arrow(axes, (1.5, 1.9), (1.9, 2.0))
    heights = np.linspace(2.95, 1.2, len(maps))
    for shape, y in zip(maps, heights, strict=True):
        arrow(axes, (3.6, (y + 2.1) / 2), (4.2, y))
        box(axes, 5.0, y, 1.5, 0.4, f"mixed: {label(shape)}", FROZEN, 8)
        arrow(axes, (5.8, y), (6.3, y))
        box(axes, 6.75, y, 0.8, 0.4, "head", DISCRIMINATOR)
        arrow(axes, (7.2, y), (7.6, y))
        write(axes, 8.2, y, "5 × 5 logits", 9)
    axes.plot([0.85, 0.85, 6.2], [0.9, 0.35, 0.35], color=INK, lw=1.1)
    arrow(axes, (6.1, 0.35), (6.3, 0.35))
    box(axes, 6.75, 0.35, 0.8, 0.4, "head", DISCRIMINATOR)
    arrow(axes, (7.2, 0.35), (7.6, 0.35))
    write(axes, 8.2, 0.35, "5 × 5 logits", 9)
    write(axes, 3.6, 0.5, "colours and grain: the picture itself", 8.5)
    return save(figure, path)


def maps_of(network):
    """The shapes [h, w, c] of a Keras network, one for each resolution, in order."""
    shapes = {}
    for layer in network.layers:
        shape = tuple(layer.output.shape[1:])
        if len(shape) == 3 and shape[0] > 1:
            shapes[shape[0], shape[-1] == 3] = shape
    return list(shapes.values())


def draw_all(folder, picture):
    """Write the four drawings into a folder; return their paths."""
    from artgan.gan.config import preset
    from artgan.gan.discriminator import (
        build_dcgan_discriminator,
        build_projected_discriminator,
    )
    from artgan.gan.generator import build_generator

    config = preset("default")
    folder.mkdir(parents=True, exist_ok=True)
    fake = picture.resize((24, 24)).resize((128, 128), Image.Resampling.BICUBIC)
    up = {(0, 1): "dense", (1, 6): "transposed convolutions, 4 × 4, stride 2"}
    down = {(0, 5): "convolutions, 5 × 5, stride 2", (5, 6): "dense"}
    painting, judging = build_generator(config), build_dcgan_discriminator(config)
    mixed = build_projected_discriminator(config).inputs[:-1]
    return [
        draw_game(picture, fake, folder / "game.png"),
        draw_ladder(
            maps_of(painting),
            up,
            GENERATOR,
            picture,
            folder / "generatorarch.png",
            (f"z: {config.latent_size} numbers", "a picture"),
        ),
        draw_ladder(
            maps_of(judging),
            down,
            DISCRIMINATOR,
            picture,
            folder / "discriminatorarch.png",
            ("a picture", "one logit"),
        ),
        draw_frozen(
            [tuple(map_.shape[1:]) for map_ in mixed],
            config.size,
            picture,
            folder / "frozen.png",
        ),
    ]


def main(arguments=None):
    """Draw what the command line asks for and return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("imgs"), help="folder to fill")
    default = ROOT / "data" / "villas" / "villa_006.jpg"
    words = "the picture that goes in and out"
    parser.add_argument("--picture", type=Path, default=default, help=words)
    options = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.path.insert(0, str(ROOT))
    try:
        with Image.open(options.picture) as image:
            picture = ImageOps.fit(image.convert("RGB"), (128, 128))
        for path in draw_all(options.out, picture):
            print(path)
    except OSError as error:
        print(f"Not all is drawn: {error}.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
