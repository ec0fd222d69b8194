"""Windows, doors and arcades, cut into a wall or framed on it."""

import numpy as np

from .noise import mix

DEPTH = 1.3  # how far glass lies behind the wall


def pane(site, middle, half, top, bottom, wall, arched=False):
    """Cut the opening with its glass, sometimes lamplit, and its glazing bars."""
    lay = site.arch if arched else site.box
    lamp = site.random.random() < site.style.lamps
    glass = site.style.glass * site.random.uniform(0.75, 1.3)
    glow, back = site.random.uniform(0.55, 0.9) if lamp else 0.0, wall - DEPTH
    lay(middle - half, top, middle + half, bottom, glass, back, glow)
    if half >= 1.5:
        bars = mix(site.style.stone, site.style.glass, 0.45)
        head = top + half if arched else top
        site.slab(middle, 0.25, head, bottom, bars, back + 0.3)
        cross = top + 0.4 * (bottom - top)
        site.slab(middle, half, cross - 0.2, cross + 0.2, bars, back + 0.3)


def shutters(site, middle, half, top, bottom, wall):
    """Hang a pair of open shutters beside an opening."""
    paint, leaf = site.style.shutter, max(0.6, half * 0.42)
    for side in (-1, 1):
        place = middle + side * (half + 0.5 + leaf)
        site.slab(place, leaf, top, bottom, paint, wall + 0.45)
        for slat in np.arange(top + 0.5, bottom - 0.4, 1.0):
            dark = paint * 0.8
            site.slab(place, leaf - 0.25, slat, slat + 0.4, dark, wall + 0.3)


def crown(site, kind, middle, half, top, wall):
    """Set a cornice, and perhaps a small gable, over a window."""
    stone = site.style.stone
    site.slab(middle, half + 1.1, top - 1.6, top - 0.8, stone, wall + 1.3)
    if kind == "gable":
        site.gable(middle, half + 1.1, top - 1.6, 1.8, stone, wall + 1.2)


def window(site, middle, top, wide, tall, wall=0.0, kind=None):
    """Build one framed window with its sill; kind is plain, hood, gable or arch."""
    kind, stone = kind or site.style.window, site.style.stone
    half, bottom, arched = wide / 2, top + tall, kind == "arch"
    frame, reach = site.arch if arched else site.box, half + 0.75
    frame(middle - reach, top - 0.75, middle + reach, bottom, stone, wall + 0.5)
    pane(site, middle, half, top, bottom, wall, arched)
    site.slab(middle, half + 1.1, bottom, bottom + 0.7, stone, wall + 1.0)
    if kind in ("hood", "gable"):
        crown(site, kind, middle, reach, top, wall)
    if site.style.has_shutters and not arched:
        shutters(site, middle, half, top, bottom, wall)


def door(site, middle, base, wide, tall, wall=0.0, arched=True):
    """Build a door in a stone surround, with its two leaves."""
    half, top, stone = wide / 2, base - tall, site.style.stone
    lay, wood = site.arch if arched else site.box, site.style.shutter * 0.55
    lay(middle - half - 1, top - 1, middle + half + 1, base, stone, wall + 0.7)
    lay(middle - half, top, middle + half, base, wood, wall - 1.5)
    site.slab(middle, 0.2, top + half, base, wood * 0.5, wall - 1.6)
    if not arched:
        crown(site, "gable", middle, half + 1, top - 0.4, wall)


def archway(site, middle, half, top, base, wall, deep):
    """Open one arch with its keystone into a shaded room with a door."""
    stone, edge = site.style.stone, half + 0.7
    inner = mix(site.style.wall, stone, 0.3)
    site.arch(middle - edge, top - 0.7, middle + edge, base, stone, wall + 0.5)
    site.arch(middle - half, top, middle + half, base, inner, wall - deep)
    glow = 0.5 if site.random.random() < site.style.lamps else 0.0
    narrow, head, glass = half * 0.5, top + half * 1.2, site.style.glass * 1.1
    site.arch(middle - narrow, head, middle + narrow, base, glass, wall - deep, glow)
    site.slab(middle, 0.5, top - 1.3, top + 0.4, stone, wall + 1.0)


def arcade(site, middle, half, top, base, bays, wall=0.0, deep=5.0):
    """Open a row of round arches on piers with imposts."""
    bay = half * 2 / bays
    places = middle - half + bay * np.arange(bays + 1)
    opening, impost = bay * 0.36, top + 0.42 * (base - top)
    for place in places[:-1] + bay / 2:
        head = min(top + 0.5, base - 2.2 * opening)
        archway(site, place, opening, head, base, wall, deep)
    for place in places:
        stone, reach = site.style.stone, bay * 0.14 - 0.2
        site.slab(place, reach, impost, impost + 0.7, stone, wall + 0.9)
