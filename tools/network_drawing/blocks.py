"""The shapes that a diagram is made of: slabs, pictures, bars of numbers, a dot.

Lengths are in units of a hundredth of an inch, which is a pixel of a 900-pixel figure.
"""

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.transforms import Affine2D

DEPTH = np.array([0.62, 0.25])  # where a grid's width goes: right and up, foreshortened
FLATTEN = 0.4  # power of the side: low, so that 4 and 128 can stand side by side
RULED = 16  # grids up to this side show their cells,
CELL = 3  # where these are as many units high
INK = "#3a3a3a"


@dataclass(frozen=True)
class Hue:
    """The two ends of a family of colours, from few channels to many."""

    pale: str
    deep: str

    def at(self, share, light=0.0):
        """Return the RGB colour at `share` of the way to deep, lightened by `light`."""
        colour = mix(self.pale, self.deep, share)
        return mix(colour, "white" if light > 0 else "black", abs(light))


@dataclass(frozen=True)
class Block:
    """A stage as it is drawn: its kind and its measures."""

    stage: object
    kind: str  # "slab", "picture", "bar" or "dot"
    height: float  # of its front
    thickness: float

    @property
    def size(self):
        """Width and height of the place that it takes."""
        deep = self.height if self.kind in ("slab", "picture") else 0
        return self.thickness + deep * DEPTH[0], self.height + deep * DEPTH[1]


def mix(first, second, share):
    """Return the RGB colour that is `share` of the way from `first` to `second`."""
    first, second = np.array(to_rgb(first)), np.array(to_rgb(second))
    return tuple(first + (second - first) * share)


def make_block(stage, largest_side, tallest):
    """Return the Block of a stage; a grid of `largest_side` is `tallest` units high."""
    if stage.side is None:
        if stage.shape[0] == 1:
            return Block(stage, "dot", 22, 22)
        return Block(stage, "bar", tallest * 0.8, 11)
    height = tallest * (stage.side / largest_side) ** FLATTEN
    if stage.shape[-1] == 3:
        return Block(stage, "picture", height, 3)
    return Block(stage, "slab", height, 4 * math.log2(stage.shape[-1]))


def draw_block(axes, block, centre, hue, picture):
    """Draw a block around `centre` (x, y); one that is a picture shows `picture`."""
    corner = np.array(centre) - np.array(block.size) / 2
    if block.kind == "dot":
        colours = {"fc": hue.at(0.8), "ec": hue.at(1, -0.2)}
        axes.add_patch(Circle(centre, block.height / 2, lw=0.8, **colours))
    elif block.kind == "bar":
        draw_bar(axes, block, corner, hue)
    else:
        share = (math.log2(block.stage.shape[-1]) - 3) / 7
        draw_slab(axes, block, corner, hue, min(1, max(0, share)))
        if block.kind == "picture":
            paste(axes, block, corner, picture)
        elif block.stage.side <= min(RULED, block.height / CELL):
            draw_cells(axes, block, corner)


def draw_slab(axes, block, corner, hue, share):
    """Draw front, top and grid of a slab whose lower left corner is `corner`."""
    across, up = np.array([block.thickness, 0]), np.array([0, block.height])
    depth = DEPTH * block.height
    edge = {"ec": hue.at(share, -0.25), "lw": 0.7, "joinstyle": "round"}
    for start, first, second, light in (
        (corner, across, up, 0.12),
        (corner + up, across, depth, 0.45),
        (corner + across, depth, up, -0.06),
    ):
        points = [start, start + first, start + first + second, start + second]
        axes.add_patch(Polygon(points, fc=hue.at(share, light), **edge))


def draw_cells(axes, block, corner):
    """Rule the grid face of a slab into as many cells as the grid has."""
    start, up = corner + [block.thickness, 0], np.array([0, block.height])
    depth = DEPTH * block.height
    steps = np.arange(1, block.stage.side) / block.stage.side
    for along, other in ((depth, up), (up, depth)):
        for step in steps:
            points = np.array([start + along * step, start + along * step + other])
            axes.plot(*points.T, color="white", alpha=0.4, lw=0.5)


def draw_bar(axes, block, corner, hue):
    """Draw a row of numbers as stripes, one for each number, in as many shades."""
    count = block.stage.shape[0]
    shares = np.random.default_rng(0).random(count)
    for index, share in enumerate(shares):
        low = corner + [0, block.height * index / count]
        size = block.thickness, block.height / count
        axes.add_patch(Rectangle(low, *size, fc=hue.at(share, 0.1), lw=0))
    frame = Rectangle(corner, block.thickness, block.height, fc="none")
    frame.set(ec=hue.at(1, -0.25), lw=0.7)
    axes.add_patch(frame)


def paste(axes, block, corner, picture):
    """Show a Pillow image, at the resolution of the stage, on the face of a block."""
    pixels = np.asarray(picture.resize([block.stage.side] * 2))
    start, depth = corner + [block.thickness, 0], DEPTH * block.height
    place = Affine2D.from_values(*depth, 0, block.height, *start)
    style = {"interpolation": "bicubic", "aspect": "auto", "zorder": 2}
    transform = place + axes.transData
    axes.imshow(pixels, extent=(0, 1, 0, 1), transform=transform, **style)
