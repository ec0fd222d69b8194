"""Recipes for palaces, towers, church fronts and garden pavilions."""

import numpy as np

from .building import block, crowned, plaster, rusticated, skyline
from .openings import arcade, door, window
from .orders import balustrade, column, entablature, pediment, pilaster, stairs
from .ornaments import ORNAMENTS
from .roofs import dome, tower


def tower_villa(site, plan):
    """A loggia between two towers."""
    plan.half *= 0.85
    plan.skyline, axis = "roof", plan.axis
    wide = plan.half * site.random.uniform(0.36, 0.46)
    tall = plan.plinth + sum(plan.floors) * site.random.uniform(1.35, 1.55)
    half, floor = plan.half * 0.55, plan.base - plan.plinth
    skyline(site, plan, block(site, plan, half))
    finish = str(site.random.choice(["pyramid", "dome", "spire"]))
    for away in (-1.08 * plan.half, 1.08 * plan.half):
        tower(site, axis + away, plan.base, wide, tall, finish, 3.0)
    head, upper = floor - plan.floors[0], plan.floors[1]
    arcade(site, axis, half, head + 2.5, floor, 3, 0.0, 6.0)
    for away in (-0.62 * half, 0.0, 0.62 * half):
        window(site, axis + away, head - upper * 0.76, 3.4, upper * 0.52)
    stairs(site, axis, plan.base, floor, half * plan.stair, 1.0)


def palazzo(site, plan):
    """A tall town palace whose arched windows crowd together in the middle."""
    plan.half *= site.random.uniform(1.15, 1.5)
    plan.floors = [plan.half * 0.46, plan.half * 0.44, plan.half * 0.30]
    plan.bays, plan.plinth = int(site.random.choice([5, 7])), 2.5
    plan.rustic = int(site.random.choice([0, 2]))
    axis, centre = plan.axis, plan.half * 0.34
    skyline(site, plan, block(site, plan, centre))
    door(site, axis, plan.base - 0.5, centre * 0.62, plan.floors[0] * 0.82, 0.6)
    floor = plan.base - plan.plinth
    for below, tall in zip(plan.floors, plan.floors[1:], strict=False):
        floor -= below
        balcony(site, axis, centre, floor, tall)


def balcony(site, axis, half, floor, tall):
    """Group three arched windows behind a balustrade."""
    for away in (-0.62 * half, 0.0, 0.62 * half):
        top, wide = floor - tall * 0.78, half * 0.40
        window(site, axis + away, top, wide, tall * 0.62, 0.0, "arch")
    balustrade(site, axis, half, floor, tall * 0.2, 2.6)
    site.slab(axis, half + 1, floor - 0.4, floor + 0.9, site.style.stone, 3.2)


def church_front(site, plan):
    """A white front of one giant order between two half gables, before a dome."""
    axis, half, base = plan.axis, plan.half * 0.56, plan.base
    tall = half * site.random.uniform(2.0, 2.3)
    top = base - tall
    radius = half * site.random.uniform(0.7, 0.85)
    dome(site, axis, top - half * 0.2, radius, -14.0)
    if site.random.random() < 0.6:
        side = site.random.choice([-2.2, 2.2])
        tower(site, axis + side * half, base, half * 0.5, tall * 1.45, "spire", -16.0)
    for side in (-1, 1):
        side_aisle(site, plan, half, base - tall * 0.56, side)
    site.slab(axis, half, top, base, site.style.stone * 0.97, 1.0)
    giant_order(site, axis, half, top, base)
    head = entablature(site, axis, half, top + 2, 4.0, 3.0)
    peak = pediment(site, axis, half + 1, head, half * 0.46, 3.0)
    crowned(site, plan, half, head, peak, 3.0)


def giant_order(site, axis, half, top, base):
    """Stand four columns on pedestals, a door and two windows between them."""
    tall, stone = base - top, site.style.stone
    for away in (-0.84 * half, -0.4 * half, 0.4 * half, 0.84 * half):
        column(site, axis + away, base - 2, top + 2, half * 0.09, 1.0)
        site.slab(axis + away, half * 0.14, base - 2.5, base, stone, 3.0)
    door(site, axis, base, half * 0.36, tall * 0.42, 1.0, False)
    for away in (-0.62 * half, 0.62 * half):
        wide, level = half * 0.16, top + tall * 0.3
        window(site, axis + away, level, wide, tall * 0.22, 1.0, "arch")


def side_aisle(site, plan, half, low, side):
    """Lean a half gable against the middle of a church front."""
    wide, stone, tall = plan.half * 1.05, site.style.stone, plan.base - low
    near, far = plan.axis + side * half * 0.9, plan.axis + side * wide
    middle, reach = (near + far) / 2, abs(far - near) / 2
    site.slab(middle, reach, low, plan.base, site.style.wall, 0.0)
    for place in (far - side * 1.6, near + side * 3.4):
        pilaster(site, place, plan.base, low, 1.2)
    window(site, middle + side, low + tall * 0.3, 3.4, tall * 0.4, 0.0, "arch")
    base = entablature(site, middle, reach, low + 1, 2.6, 0.5)
    peak = base - (wide - half) * 0.62
    site.polygon([(far + side, base), (near, peak), (near, base)], stone, 1.8)
    inner = [(far - side * 3, base - 0.4), (near, peak + 2.2), (near, base - 0.4)]
    site.polygon(inner, site.style.wall, 0.4)


def pavilion(site, plan):
    """A garden casino: three arches between columns, an attic with statues."""
    plan.half *= 0.8
    axis, half, floor = plan.axis, plan.half, plan.base - plan.plinth
    tall = half * site.random.uniform(0.85, 1.05)
    head = floor - tall
    places = axis + np.linspace(-1, 1, 4) * (half - 2)
    plaster(site, axis, half, head - 3, plan.base, 0.0)
    rusticated(site, axis, half + 0.6, floor, plan.base, 1.0)
    arcade(site, axis, half - 2, head + tall * 0.24, floor, 3, 0.0, 7.0)
    for place in places:
        column(site, place, floor, head + 1, half * 0.055, 1.6)
    cornice = entablature(site, axis, half, head + 1, tall * 0.15, 3.2)
    attic(site, plan, places, cornice, tall * 0.26)
    stairs(site, axis, plan.base, floor, half * plan.stair, 2.0)


def attic(site, plan, places, base, tall):
    """Raise a low storey with pilasters and an ornament above each of them."""
    half, top = plan.half - 1, base - tall
    site.slab(plan.axis, half, top, base, site.style.wall, 0.5)
    for place in places:
        pilaster(site, place, base, top, 1.2, 0.5)
    upper = entablature(site, plan.axis, half, top + 0.5, 2.4, 1.0)
    for place in places:
        ORNAMENTS[plan.ornament](site, place, upper, plan.ornament_tall * 1.1, 1.0)
