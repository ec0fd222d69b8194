"""Put blocks, arrows and words together into the diagram of one network."""

import io
import os
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path as Outline
from PIL import Image

from network_drawing.blocks import Hue, draw_block
from network_drawing.captions import caption_groups, draw_captions, draw_labels
from network_drawing.layout import MARGIN, branch_row, trunk_row
from network_drawing.text import LINE, write

PIXELS = 1800  # across; a README shows half of them
HUES = {
    "generator": Hue("#efcdb8", "#b4603f"),
    "discriminator": Hue("#c9d9e6", "#44708f"),
}
ROLES = {
    "generator": ("", "the painting"),
    "discriminator": ("a picture", ""),
}
ARROW = {
    "arrowstyle": "-|>,head_length=4.5,head_width=2.4",
    "color": "#8a8a8a",
    "lw": 1.1,
    "shrinkA": 0,
    "shrinkB": 0,
}


def draw_route(axes, points, codes, **options):
    """Draw an arrow along the points of a path, behind the words."""
    path = Outline(points, codes)
    axes.add_patch(FancyArrowPatch(path=path, zorder=1, **ARROW | options))


def draw_row(axes, row, hue, picture):
    """Draw the blocks of a row, and arrows from each to the next."""
    for block, centre in zip(row.blocks, row.centres, strict=True):
        draw_block(axes, block, (centre, row.axis), hue, picture)
    for index in range(len(row.blocks) - 1):
        start, end = row.gap(index)
        points = (start, row.axis), (end, row.axis)
        axes.add_patch(FancyArrowPatch(*points, **ARROW))


def draw_skips(axes, row, hue):
    """Arch arrows from coarse blocks over to the fine ones whose channels they weigh.

    Returns the y above them.
    """
    spans = row.skips()
    tops = [row.axis + block.size[1] / 2 + 5 for block in row.blocks]
    if not spans:
        return max(tops)
    peak = max(tops) + 52
    codes = [Outline.MOVETO] + [Outline.CURVE4] * 3
    for start, end in spans:
        left, right = row.centres[start] + 4, row.centres[end] - 4
        points = (left, tops[start]), (left, peak), (right, peak + 20)
        style = {"color": hue.at(0.75), "linestyle": (0, (4, 2.5))}
        draw_route(axes, [*points, (right, tops[end])], codes, **style)
    words = "skip-layer excitation: a coarse grid weighs the channels of a fine one"
    write(axes, row.centres[np.array(spans)].mean(), peak + 4, words)
    return peak + LINE


def draw_branch(axes, stages, trunk, edge, hue, picture):
    """Draw a branch below `edge`, back to the left; return the y below it."""
    fork = [block.stage for block in trunk.blocks].index(stages[0].source)
    row = branch_row(stages, trunk, fork)
    row.axis = edge - 22 - row.height / 2
    draw_row(axes, row, hue, picture)
    draw_fork(axes, trunk, fork, row)
    below = draw_labels(axes, row)
    groups = caption_groups(stages, [trunk.centres[fork], *row.centres])
    return draw_captions(axes, groups, below, hue)


def draw_fork(axes, trunk, fork, row):
    """Draw an arrow from block `fork` of the trunk down and left into the branch."""
    x, y, bend = trunk.centres[fork], row.axis, 14
    bottom = trunk.axis - trunk.blocks[fork].size[1] / 2 - 5
    end = row.edges(0)[1] + 6
    points = [(x, bottom), (x, y + bend), (x, y), (x - bend, y), (end, y)]
    line, curve = Outline.LINETO, Outline.CURVE3
    draw_route(axes, points, [Outline.MOVETO, line, curve, curve, line])


def draw_network(network, name, picture):
    """Return a matplotlib Figure of a Network.

    name: "generator" or "discriminator", which decides the colours. picture: the
    Pillow image, square, on the slabs that are pictures.
    """
    hue = HUES[name]
    row, width = trunk_row(network.trunk, ROLES[name])
    figure = Figure()
    axes = figure.add_axes([0, 0, 1, 1], autoscale_on=False)
    axes.axis("off")
    draw_row(axes, row, hue, picture)
    bottom, top = draw_labels(axes, row), draw_skips(axes, row, hue)
    groups = caption_groups(network.trunk[1:], row.centres)
    if network.branch:
        top = draw_captions(axes, groups, top, hue, above=True)
        bottom = draw_branch(axes, network.branch, row, bottom, hue, picture)
    else:
        bottom = draw_captions(axes, groups, bottom, hue)
    top, bottom = top + MARGIN, bottom - MARGIN
    axes.set(xlim=(0, width), ylim=(bottom, top))
    figure.set_size_inches(width / 100, (top - bottom) / 100)
    return figure


def save_figure(figure, path):
    """Write a figure as a PNG of PIXELS across, in as few colours as look the same."""
    figure.set_canvas(FigureCanvasAgg(figure))
    page = io.BytesIO()
    figure.savefig(page, dpi=PIXELS / figure.get_size_inches()[0], format="png")
    image = Image.open(page).convert("RGB")
    image = image.quantize(256, Image.Quantize.MEDIANCUT, kmeans=4)
    partial = Path(path).with_name(f".{Path(path).name}.part")
    image.save(partial, "PNG", optimize=True)
    os.replace(partial, path)
