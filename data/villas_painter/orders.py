"""The classical orders: columns, entablatures, pediments and flights of steps."""

import numpy as np

from .noise import mix


def entasis(radius):
    """Return the profile of a shaft: straight for a third, then gently drawn in."""

    def profile(part):
        return radius * (1 - 0.16 * np.clip((part - 0.33) / 0.67, 0, 1) ** 1.6)

    return profile


def column(site, middle, base, top, radius, height):
    """Build a column with base, tapering shaft, capital and abacus."""
    foot, head = base - radius * 0.9, top + radius * 1.1
    stone, wide, neck = site.style.stone, radius * 1.35, radius * 0.85
    front = height + radius
    site.cylinder(middle, head, foot, entasis(radius), stone, height)
    site.slab(middle, wide, foot, base, stone, front)
    lower = [(middle - neck, head), (middle + neck, head)]
    upper = [(middle + wide, top), (middle - wide, top)]
    site.polygon(lower + upper, stone * 0.97, front)
    site.slab(middle, wide, top, top + radius * 0.4, stone, front + radius * 0.3)


def pilaster(site, middle, base, top, radius, wall=0.0):
    """Build a flat pilaster with base and capital."""
    stone = site.style.stone
    site.slab(middle, radius, top, base, stone, wall + 0.7)
    for start, end in ((top, top + radius), (base - radius, base)):
        site.slab(middle, radius * 1.35, start, end, stone, wall + 1.0)


def entablature(site, middle, half, bottom, thick, height):
    """Lay architrave, frieze and cornice; returns the y of the top."""
    stone = site.style.stone
    frieze = mix(stone, site.style.wall, 0.35)
    courses = (
        (0.0, 0.35, stone, 0.0, 0.3),
        (0.35, 0.7, frieze, 0.0, 0.0),
        (0.7, 0.82, stone, 0.125, 0.9),
        (0.82, 1.0, stone, 0.25, 1.8),
    )
    for start, end, tone, reach, out in courses:
        low, high = bottom - thick * start, bottom - thick * end
        site.slab(middle, half + thick * reach, high, low, tone, height + out)
    return bottom - thick


def pediment(site, middle, half, base, rise, height):
    """Build a gable with raking cornice and a medallion; returns its peak's y."""
    stone, thick = site.style.stone, max(1.1, rise * 0.14)
    site.gable(middle, half + 1, base, rise, stone, height + 1.9)
    field = mix(site.style.wall, stone, 0.45)
    inner = half * (1 - thick / rise)
    site.gable(middle, inner, base, rise - thick * 1.35, field, height)
    medallion(site, middle, base - rise * 0.38, rise * 0.19, height)
    return base - rise


def medallion(site, middle, centre, size, height):
    """Set a round window, or a coat of arms with its bearers, into a gable."""
    stone = site.style.stone
    site.ball(middle, centre, size, size, stone, height, 0.8)
    if site.random.random() < 0.5:
        hole = size * 0.6
        site.ball(middle, centre, hole, hole, site.style.glass, height - 0.6, 0.0)
        return
    for side in (-1, 1):
        place, low = middle + side * size * 2.2, centre + size * 0.55
        site.ball(place, low, size * 1.2, size * 0.45, stone, height, 0.7)


def balustrade(site, middle, half, base, tall, height=0.0):
    """Build a balustrade with posts at its ends and dark gaps between balusters."""
    stone, top = site.style.stone, base - tall
    gaps = mix(site.style.wall, site.style.glass, 0.55)
    site.slab(middle, half, top, base, gaps, height - 1)
    count = max(2, int(half * 2 / 1.9))
    for place in np.linspace(-half, half, count * 2 + 1)[1::2]:
        site.slab(middle + place, 0.45, top, base, stone, height)
    site.slab(middle, half, top, top + 0.7, stone, height + 0.6)
    site.slab(middle, half, base - 0.6, base, stone, height + 0.5)
    for post in (middle - half, middle + half):
        site.slab(post, 0.9, top - 0.3, base, stone, height + 0.8)


def stairs(site, middle, base, top, half, height):
    """Build a flight of steps between two walls, each step nearer to the viewer."""
    count = max(2, int((base - top) / 1.1))
    stone, rise = site.style.stone, (base - top) / count
    for step in range(count):
        tone = stone * (1.0 if step % 2 else 0.9)
        site.slab(middle, half, top + step * rise, base, tone, height + step + 1)
    for side in (-1, 1):
        edge = middle + side * (half + 1.2)
        site.slab(edge, 1.2, top - 0.6, base, stone, height + count + 1)
