"""The parts of a villa put together: blocks, porticoes, wings and skylines."""

import numpy as np

from .noise import clouded, mix
from .openings import arcade, window
from .orders import balustrade, column, entablature, pediment, pilaster, stairs
from .ornaments import ORNAMENTS
from .roofs import chimney, hip_roof


def plaster(site, middle, half, top, bottom, height):
    """Lay a wall of plaster, stained in places and darker at its foot."""
    area, x, y = site.window(middle - half, top, middle + half, bottom)
    stain = clouded(site.random, x.shape, half / 7, (bottom - top) / 14, 4)
    runs = clouded(site.random, x.shape, half / 1.5, 1, 2)
    foot = np.clip((y - bottom + 6) / 6, 0, 1)
    tone = 1 + 0.06 * stain + 0.025 * runs - 0.10 * foot
    wall = mix(site.style.wall, site.style.stone, np.clip(0.35 * stain, 0, 0.3))
    site.put(area, np.ones(x.shape, bool), wall * tone[..., None], height)


def rusticated(site, middle, half, top, bottom, height, course=2.2):
    """Lay rough-cut stone with recessed joints."""
    stone = mix(site.style.stone, site.style.wall, 0.45) * 0.95
    joint, back = stone * 0.78, height - 0.5
    site.slab(middle, half, top, bottom, stone, height)
    for row, level in enumerate(np.arange(top, bottom - 0.3, course)):
        site.slab(middle, half, level, level + 0.25, joint, back)
        end = min(level + course, bottom)
        for away in np.arange((row % 2) * 2.0, half, 4.0):
            for place in (middle - away, middle + away):
                site.slab(place, 0.2, level, end, joint, back)


def quoins(site, middle, half, top, bottom, height):
    """Set alternating corner stones."""
    for row, level in enumerate(np.arange(top, bottom - 1.5, 2.0)):
        reach = 1.3 if row % 2 else 0.85
        for side in (-1, 1):
            place = middle + side * (half + 0.3 - reach)
            site.slab(place, reach, level, level + 1.7, site.style.stone, height + 0.6)


def floor_windows(site, plan, top, tall, gap):
    """Line up the windows of one floor on the axes of the bays."""
    bay = plan.half * 2 / plan.bays
    wide = np.clip(bay * plan.opening, 1.8, 5.5)
    pane = min(tall * (0.60 if tall > 9 else 0.52), wide * 2.1)
    kind = "plain" if tall < 10 else None
    for index in range(plan.bays):
        away = bay * (index + 0.5) - plan.half
        if abs(away) >= gap:
            level = top + (tall - pane) * 0.52
            window(site, plan.axis + away, level, wide, pane, 0.0, kind)


def corners(site, plan, top, floor):
    """Strengthen a block with corner stones, or divide it with pilasters."""
    if plan.corners == "quoins":
        quoins(site, plan.axis, plan.half, top + 2, floor, 0.0)
    if plan.corners == "pilasters":
        for away in np.linspace(-1, 1, plan.bays + 1) * (plan.half - 0.5):
            pilaster(site, plan.axis + away, floor, top + 1, 0.9)


def block(site, plan, gap=0.0):
    """Build the main block, windowless within `gap` of its axis; returns its top."""
    axis, half, stone = plan.axis, plan.half, site.style.stone
    floor = plan.base - plan.plinth
    top = floor - sum(plan.floors)
    plaster(site, axis, half, top, plan.base, 0.0)
    if plan.rustic:
        ground = floor - plan.floors[0] * (plan.rustic - 1)
        rusticated(site, axis, half + 0.3, ground, plan.base, 0.5)
    site.slab(axis, half + 0.6, floor, floor + 0.8, stone, 1.0)
    corners(site, plan, top, floor)
    for tall in plan.floors:
        floor -= tall
        floor_windows(site, plan, floor, tall, gap)
        if floor > top + 1:
            site.slab(axis, half + 0.4, floor - 0.5, floor + 0.5, stone, 0.9)
    return entablature(site, axis, half, top + 1.5, plan.cornice, 0.0)


def skyline(site, plan, top):
    """Finish the main block with a tiled roof or a balustrade with statues."""
    axis, half = plan.axis, plan.half
    if plan.skyline == "roof":
        rise = min(plan.roof_rise, half * 0.4)
        if plan.chimneys:
            for away in (-0.58 * half, 0.58 * half):
                chimney(site, axis + away, top - rise * 0.3, rise + 3.5, -8)
        hip_roof(site, axis, half + 1.5, top, rise, rise * 1.3, 1.0)
        return
    balustrade(site, axis, half, top, 2.6)
    count = max(2, round(half * 2 / 13))
    for away in np.linspace(0.5 - half, half - 0.5, count):
        ORNAMENTS[plan.ornament](site, axis + away, top - 2.6, plan.ornament_tall)


def crowned(site, plan, half, head, peak, out):
    """Stand three ornaments on a pediment."""
    for away, level in ((-half, head), (0.0, peak + 0.6), (half, head)):
        ornament = ORNAMENTS[plan.ornament]
        ornament(site, plan.axis + away, level, plan.ornament_tall, out)


def portico(site, plan, half, columns, top, ornaments=False, out=5.0):
    """Build a temple front: podium, columns, entablature, pediment and steps."""
    base, axis = plan.base - plan.plinth, plan.axis
    radius = min(half * 2 / columns * 0.17, 2.1)
    thick = max(3.0, (base - top) * 0.14)
    podium = site.style.stone * 0.95
    site.slab(axis, half + 1, base, plan.base, podium, out + 0.8)
    for away in np.linspace(-1, 1, columns) * (half - radius * 1.4):
        column(site, axis + away, base, top, radius, out - radius)
    head = entablature(site, axis, half, top, thick, out)
    rise = (half + 1) * plan.steep
    peak = pediment(site, axis, half + thick * 0.25, head, rise, out)
    if ornaments:
        crowned(site, plan, half + 0.2, head, peak, out)
    if plan.plinth > 2:
        stairs(site, axis, plan.base, base, half * plan.stair, out + 1)


def wing(site, plan, middle, half, height=-4.0):
    """Build a low wing: an arcade, a colonnade or plain windows, under tiles."""
    tall, base = plan.wing_tall, plan.base
    top, bays = base - tall, max(2, round(half * 2 / 7.5))
    plaster(site, middle, half, top, base, height)
    if plan.wing_kind == "arcade":
        arcade(site, middle, half - 0.6, top + tall * 0.25, base, bays, height)
    elif plan.wing_kind == "colonnade":
        site.slab(middle, half, top + 2, base, site.style.wall * 0.9, height - 5)
        for away in np.linspace(1.2 - half, half - 1.2, bays + 1):
            column(site, middle + away, base, top + 2.2, 0.95, height - 0.9)
    else:
        bay = half * 2 / bays
        for away in bay * (np.arange(bays) + 0.5) - half:
            place, wide = middle + away, min(3.2, bay * 0.4)
            window(site, place, top + tall * 0.32, wide, tall * 0.38, height)
    head, rise = entablature(site, middle, half, top + 1.5, 2.4, height), plan.wing_roof
    hip_roof(site, middle, half + 0.8, head, rise, rise * 0.7, height + 0.6)
