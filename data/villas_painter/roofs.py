"""Roofs, chimneys, domes and towers."""

import numpy as np

from .noise import mix
from .openings import pane
from .orders import entablature
from .palette import GOLD

TILE = 1.6  # finished pixels from one row of tiles to the next


def tiled(site, points, colour, height, slope):
    """Lay a plane roof and rule it with rows of hollow tiles."""
    site.polygon(points, colour, height, slope)
    points = np.asarray(points)
    (left, top), (right, bottom) = points.min(0), points.max(0)
    area, x, y = site.window(left, top, right, bottom)
    rows = 0.07 * np.sin(x * 2 * np.pi / TILE) + 0.03 * np.sin(y * 2 * np.pi / 1.3)
    roof = np.abs(site.albedo[area] - colour).max(-1) < 1e-3
    site.albedo[area] *= np.where(roof, 1 + rows, 1)[..., None]


def hip_roof(site, middle, half, eave, rise, inset, height=0.0):
    """Lay a roof whose ends lean inwards by `inset`; it recedes as it rises."""
    tiles, ridge, short = site.style.roof, eave - rise, half - inset
    lower = [(middle - half, eave), (middle - short, ridge)]
    upper = [(middle + short, ridge), (middle + half, eave)]
    tiled(site, lower + upper, tiles, height, (0.0, 0.7))
    back = height - 0.7 * rise
    site.slab(middle, short, ridge - 0.4, ridge + 0.3, tiles * 1.12, back)
    site.slab(middle, half + 0.3, eave - 0.5, eave + 0.2, tiles * 0.85, height + 0.6)


def chimney(site, middle, base, tall, height=-3.0):
    """Stand a chimney with a flaring Venetian cap."""
    wall, cap = mix(site.style.wall, site.style.roof, 0.25), base - tall
    site.slab(middle, 1.0, cap, base, wall, height)
    lower = [(middle - 0.9, cap + 1.2), (middle + 0.9, cap + 1.2)]
    upper = [(middle + 1.7, cap - 0.6), (middle - 1.7, cap - 0.6)]
    site.polygon(lower + upper, site.style.roof, height + 0.8)
    site.slab(middle, 1.7, cap - 1.0, cap - 0.5, wall, height + 1)


def half_dome(site, middle, base, radius, rise, height, ribs=True):
    """Lay the visible half of a dome, with ribs that crowd towards its edges."""
    area, x, y = site.window(middle - radius, base - rise, middle + radius, base)
    across, up = (x - middle) / radius, (base - y) / rise
    squared = across**2 + up**2
    swell = np.sqrt(np.clip(1 - squared, 0, 1))
    tone = np.ones_like(x)
    if ribs:
        ring = np.sqrt(np.clip(1 - up**2, 1e-3, 1))
        around = np.arcsin(np.clip(across / ring, -1, 1))
        tone = 1 + 0.13 * (np.cos(around * 14) > 0.72)
    metal = site.style.metal * tone[..., None]
    site.put(area, squared < 1, metal, height + radius * swell)


def drum_wall(site, middle, base, top, radius, colour, height):
    """Stand an upright round wall."""
    site.cylinder(middle, top, base, lambda part: radius + 0 * part, colour, height)


def dome(site, middle, base, radius, height=-8.0):
    """Build a drum with windows, a ribbed dome, a lantern and a gilded ball."""
    drum, back = radius * site.random.uniform(0.35, 0.6), height - radius
    wall, glass = mix(site.style.wall, site.style.stone, 0.5), site.style.glass
    drum_wall(site, middle, base, base - drum, radius, wall, back)
    top, bottom = base - drum * 0.8, base - drum * 0.15
    for angle in np.radians((-52, -18, 18, 52)):
        place, wide = middle + radius * np.sin(angle), radius * 0.11 * np.cos(angle)
        site.arch(place - wide, top, place + wide, bottom, glass, height - 2)
    entablature(site, middle, radius, base - drum + 1.0, 1.8, height + 0.5)
    foot, rise = base - drum - 0.8, radius * site.random.uniform(0.78, 1.05)
    half_dome(site, middle, foot, radius * 0.97, rise, back)
    lantern(site, middle, foot - rise + 0.6, radius * 0.2, height)


def lantern(site, middle, base, radius, height):
    """Crown a dome with a small round temple, its cap and a gilded ball."""
    tall = radius * 1.8
    top, glass = base - tall, site.style.glass
    drum_wall(site, middle, base, top, radius, site.style.stone, height)
    site.slab(middle, radius * 0.3, base - tall * 0.8, base - tall * 0.2, glass, height)
    half_dome(site, middle, top, radius * 1.25, radius * 1.2, height, False)
    site.ball(middle, top - radius * 1.5, 0.6, 0.6, GOLD, height)


def tower(site, middle, base, wide, tall, finish, height=-6.0):
    """Build a square tower: string courses, belfry, cornice and its finish."""
    half, head = wide / 2, base - tall
    site.slab(middle, half, head, base, site.style.wall, height)
    for part in (0.32, 0.66):
        level = base - tall * part
        site.slab(
            middle, half + 0.3, level, level + 0.8, site.style.stone, height + 0.7
        )
    belfry(site, middle, head, wide, height)
    for part in (0.42, 0.78):
        level = base - tall * part + 2.5
        if level > head + wide + 4:
            pane(site, middle, 0.9, level - 1, level + 2.2, height)
    cornice = entablature(site, middle, half, head + 0.5, 2.2, height + 0.2)
    if finish == "dome":
        half_dome(site, middle, cornice, wide * 0.46, half, height - half)
        lantern(site, middle, cornice - wide * 0.46, wide * 0.1, height)
        return
    rise = wide * (0.42 if finish == "pyramid" else 1.15)
    spire(site, middle, half + 0.6, cornice, rise, height)


def belfry(site, middle, head, wide, height):
    """Open two arches under the top of a tower."""
    for side in (-1, 1):
        place, top, bottom = middle + side * wide * 0.22, wide * 0.22, wide * 0.95
        pane(site, place, wide * 0.14, head + top, head + bottom, height - 0.6, True)


def spire(site, middle, half, base, rise, height):
    """Lay a pyramid roof with a gilded ball."""
    points = [(middle - half, base), (middle, base - rise), (middle + half, base)]
    tiled(site, points, site.style.roof, height, (0.0, 0.9))
    site.ball(middle, base - rise - 0.4, 0.7, 0.7, GOLD, height)
