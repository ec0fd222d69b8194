"""Letters: how wide a line is, where it breaks, and how it is written."""

from functools import cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

POINTS = 0.72  # of a unit, which is a hundredth of an inch
LABEL, SMALL = 12, 11  # sizes of the letters in units
CAPITAL = 8  # height of a small capital
LINE = 15.5  # from one line to the next
FAMILY = "DejaVu Sans"  # comes with matplotlib: the same on every machine


@cache
def text_width(text, size):
    """Return the width of one line of text in units."""
    font = FontProperties(family=FAMILY)
    return TextPath((0, 0), text, size=size, prop=font).get_extents().width


def wrap(text, width, size=SMALL):
    """Break text at its spaces into lines no wider than `width` units."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def write(axes, x, y, text, size=SMALL, colour="#555555", **options):
    """Write one line centred on x, its letters standing on y."""
    options = {"ha": "center", "va": "baseline", "zorder": 5} | options
    axes.text(x, y, text, size=size * POINTS, color=colour, family=FAMILY, **options)
