"""Recipes for country villas: temple fronts, domes, arches and loggias."""

import numpy as np

from .building import block, plaster, portico, skyline, wing
from .openings import arcade, door, window
from .orders import balustrade, column, entablature, pediment, stairs
from .roofs import dome


def wings(site, plan):
    """Flank the villa with two equal wings that end in the picture or run on."""
    start = plan.half - 1
    end = min(plan.half + site.random.uniform(22, 40), 70)
    for side in (-1, 1):
        wing(site, plan, plan.axis + side * (start + end) / 2, (end - start) / 2)


def temple_villa(site, plan):
    """A block with a giant temple front, like the Villa Emo or the Badoer."""
    if site.random.random() < 0.6:
        wings(site, plan)
    half = plan.half * site.random.uniform(0.42, 0.55)
    columns = 4 if half < 15 or site.random.random() < 0.4 else 6
    top = block(site, plan)
    door(site, plan.axis, plan.base - plan.plinth, 4.2, plan.floors[0] * 0.78)
    skyline(site, plan, top)
    statues = site.random.random() < 0.6
    portico(site, plan, half, columns, top + plan.cornice + 2, statues)


def domed_villa(site, plan):
    """A square block under a dome, like the Rotonda."""
    plan.half *= 0.92
    plan.skyline, plan.chimneys = "roof", False
    plan.plinth += 2
    plan.roof_rise *= 0.6
    if site.random.random() < 0.35:
        wings(site, plan)
    top = plan.base - plan.plinth - sum(plan.floors) - plan.cornice
    dome(site, plan.axis, top, plan.half * site.random.uniform(0.42, 0.52))
    temple = site.random.uniform(0.46, 0.56) * plan.half
    top = block(site, plan)
    door(site, plan.axis, plan.base - plan.plinth, 4.0, plan.floors[0] * 0.8)
    skyline(site, plan, top)
    portico(site, plan, temple, 6 if temple > 15 else 4, top + plan.cornice + 4, True)


def arcade_villa(site, plan):
    """A block opened by three great arches under a gable."""
    plan.floors = [plan.floors[0] * 1.15, plan.floors[1] * 0.8]
    if site.random.random() < 0.6:
        wings(site, plan)
    half, axis = plan.half * site.random.uniform(0.40, 0.50), plan.axis
    top = block(site, plan, half)
    skyline(site, plan, top)
    floor = plan.base - plan.plinth
    head, upper = floor - plan.floors[0], plan.floors[1]
    plaster(site, axis, half, top, plan.base, 2.0)
    arcade(site, axis, half - 1, head + 2, floor, 3, 2.0, 7.0)
    for away in (-0.62 * half, 0.0, 0.62 * half):
        window(site, axis + away, head - upper * 0.72, 3.6, upper * 0.5, 2.0, "plain")
    cornice = entablature(site, axis, half, top + plan.cornice, plan.cornice, 2.4)
    pediment(site, axis, half + 1, cornice, half * plan.steep, 2.4)
    stairs(site, axis, plan.base, floor, half * plan.stair, 3.0)


def open_storey(site, axis, half, floor, head, radius, columns):
    """Build one storey of a loggia: a shaded wall behind a row of columns."""
    wall, tall, back = site.style.wall * 0.95, floor - head, -2.5
    site.slab(axis, half, head - 1, floor, wall, back)
    for away in (-0.5 * half, 0.5 * half):
        window(site, axis + away, floor - tall * 0.7, 3.0, tall * 0.5, back, "plain")
    door(site, axis, floor, 3.6, tall * 0.78, back)
    for away in np.linspace(-1, 1, columns) * (half - 2):
        column(site, axis + away, floor, head + 1, radius, 3.5)
    return entablature(site, axis, half, head + 1, 3.2, 5.0)


def loggia_villa(site, plan):
    """Two storeys of columns one above the other, like the Villa Cornaro."""
    half, axis = plan.half * site.random.uniform(0.44, 0.54), plan.axis
    if site.random.random() < 0.5:
        wings(site, plan)
    top = block(site, plan, half)
    skyline(site, plan, top)
    lower = plan.base - plan.plinth
    upper, columns = lower - plan.floors[0], 4 if half < 15 else 6
    site.slab(axis, half + 1, lower, plan.base, site.style.stone * 0.95, 5.0)
    open_storey(site, axis, half, lower, upper + 1.5, 1.5, columns)
    head = open_storey(site, axis, half, upper, top + plan.cornice, 1.3, columns)
    balustrade(site, axis, half - 1, upper, 2.6, 4.5)
    pediment(site, axis, half + 1, head, half * plan.steep, 5.0)
    stairs(site, axis, plan.base, lower, half * plan.stair, 6.0)


def farmhouse(site, plan):
    """A plain country house: shutters, tiles, chimneys, and wings with arches."""
    plan.corners, plan.skyline, plan.rustic = "none", "roof", 0
    plan.plinth, plan.cornice = 2.0, 2.4
    plan.bays, plan.chimneys = int(site.random.choice([3, 5])), True
    plan.half *= 0.85
    plan.wing_kind, plan.wing_tall = "arcade", plan.floors[0] * 1.05
    wings(site, plan)
    top = block(site, plan)
    skyline(site, plan, top)
    plaster(site, plan.axis, 5, plan.base - plan.floors[0] + 1, plan.base, 0.0)
    door(site, plan.axis, plan.base, 5.0, plan.floors[0] * 0.85)
