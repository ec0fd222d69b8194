"""The words around a row: under each block its shape, beside brackets what is done."""

from itertools import groupby

from network_drawing.blocks import INK
from network_drawing.text import CAPITAL, LABEL, LINE, SMALL, wrap, write

QUIET, BRACKET = "#757575", "#b9b9b9"


def draw_labels(axes, row):
    """Write the labels on one line below the row; return the y below them."""
    top = row.axis - row.height / 2 - 24
    paper = {"fc": "white", "ec": "none", "pad": 1.5}
    for lines, centre in zip(row.labels, row.centres, strict=True):
        for number, line in enumerate(lines):
            size, colour = (SMALL, QUIET) if number else (LABEL, INK)
            write(axes, centre, top - LINE * number, line, size, colour, bbox=paper)
    return top - LINE * (max(map(len, row.labels)) - 1) - 6


def caption_groups(stages, xs):
    """Yield (left x, right x, how many, operations) of arrows that do the same.

    xs: where the arrows start and end, one more than `stages`, which they lead to.
    """
    arrows = zip(xs[:-1], xs[1:], stages, strict=True)
    for operations, group in groupby(arrows, key=lambda arrow: arrow[2].operations):
        group = list(group)
        left, right = sorted([group[0][0], group[-1][1]])
        yield left + 4, right - 4, len(group), operations


def draw_captions(axes, groups, edge, hue, above=False):
    """Say beside brackets what the arrows do; return the y beyond the words.

    edge: the y between the blocks and the brackets. above: whether the words are above
    the blocks, and their last lines in line, or below.
    """
    side = 1 if above else -1
    bracket, most = edge + side * 16, 0
    for left, right, count, operations in groups:
        draw_bracket(axes, left, right, bracket, -5 * side)
        middle = (left + right) / 2
        if count > 1:
            draw_count(axes, middle, bracket, count, hue)
        lines = [line for words in operations for line in wrap(words, right - left)]
        first = bracket + 14 + LINE * (len(lines) - 1) if above else bracket - 21
        for number, line in enumerate(lines):
            write(axes, middle, first - LINE * number, line)
        most = max(most, len(lines))
    return bracket + side * (10 + LINE * most)


def draw_bracket(axes, left, right, y, tick):
    """Draw a line at y whose ends point `tick` units up."""
    heights = [y + tick, y, y, y + tick]
    xs = [left, left, right, right]
    axes.plot(xs, heights, color=BRACKET, lw=0.9, solid_joinstyle="miter")


def draw_count(axes, x, y, count, hue):
    """Write on a bracket how often its words apply."""
    paper = {"fc": "white", "ec": "none", "pad": 2.5}
    style = {"colour": hue.at(1, -0.1), "weight": "bold", "bbox": paper}
    write(axes, x, y - CAPITAL / 2, f"{count} times", **style)
