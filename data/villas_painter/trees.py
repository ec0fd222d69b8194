"""Trees and hedges, built of leafy balls so that light models them."""

import numpy as np

from .palette import LEAVES, pick


def clump(site, middle, centre, radius, tall, leaf, height):
    """Lay one leafy ball with a ragged edge."""
    area, x, y = site.window(
        middle - radius * 1.2,
        centre - tall * 1.2,
        middle + radius * 1.2,
        centre + tall * 1.2,
    )
    squared = ((x - middle) / radius) ** 2 + ((y - centre) / tall) ** 2
    cells = site.random.normal(0, 1, (40, 40))
    rough = cells[(y * 1.3).astype(int) % 40, (x * 1.3).astype(int) % 40]
    inside = squared + 0.22 * rough < 1
    swell = np.sqrt(np.clip(1.1 - squared, 0, 1)) * radius * 0.8
    tone = leaf * (1 + 0.10 * rough + 0.18 * (centre - y) / tall)[..., None]
    site.put(area, inside, tone, height + swell + 0.35 * rough)


def cypress(site, middle, base, tall, height=0.0):
    """Grow a slender dark cypress."""
    leaf = pick(site.random, ("#56714a", "#5d7550", "#4c6846"))
    wide = tall * site.random.uniform(0.085, 0.12)
    for part in np.linspace(0.06, 0.93, 9):
        girth = wide * np.sin(np.pi * (0.12 + 0.88 * part) ** 0.62) ** 0.8 + 0.35
        shift = site.random.normal(0, wide * 0.12)
        clump(site, middle + shift, base - tall * part, girth, tall * 0.1, leaf, height)


def crown(site, middle, centre, wide, tall, leaf, height, count=34):
    """Heap clumps into a crown, back and low ones first."""
    angle, far = (
        site.random.uniform(0, 2 * np.pi, count),
        np.sqrt(site.random.uniform(0, 1, count)),
    )
    places = np.stack(
        [
            np.cos(angle) * far,
            np.sin(angle) * far,
            site.random.uniform(0.17, 0.33, count),
        ],
        1,
    )
    for across, down, size in sorted(places.tolist(), key=lambda place: -place[1]):
        tone = leaf * site.random.uniform(0.88, 1.12)
        bulge = height + wide * 0.5 * (1 - across**2 - down**2)
        clump(
            site,
            middle + across * wide * 0.78,
            centre + down * tall * 0.78,
            size * wide,
            size * min(wide, tall * 1.2),
            tone,
            bulge,
        )


def broadleaf(site, middle, base, tall, height=0.0):
    """Grow a round tree."""
    leaf, bark = pick(site.random, LEAVES), pick(site.random, ("#6d5640", "#7b6650"))
    top, trunk = base - tall * 0.5, tall * 0.03
    site.cylinder(middle, top, base, lambda up: trunk * (1.4 - up / 2), bark, height)
    crown(site, middle, base - tall * 0.63, tall * 0.36, tall * 0.36, leaf, height)


def umbrella_pine(site, middle, base, tall, height=0.0):
    """Grow a stone pine: a bare leaning trunk under a wide flat crown."""
    leaf = pick(site.random, ("#4f6b3c", "#5c7443", "#466040"))
    bark = pick(site.random, ("#7d5b45", "#8a6750"))
    top, foot = middle + site.random.uniform(-0.08, 0.08) * tall, tall * 0.022
    neck, level = foot * 0.6, base - tall * 0.85
    left = [(middle - foot, base), (top - neck, level)]
    site.polygon(left + [(top + neck, level), (middle + foot, base)], bark, height)
    level -= tall * 0.02
    crown(site, top, level, tall * 0.40, tall * 0.13, leaf, height, 40)


def hedge(site, left, right, base, tall, height):
    """Clip a low hedge with a level top."""
    leaf = pick(site.random, ("#55743c", "#627f42", "#4b6838"))
    area, x, y = site.window(left, base - tall - 0.6, right, base)
    cells = site.random.normal(0, 1, (40, 40))
    rough = cells[(y * 1.5).astype(int) % 40, (x * 1.1).astype(int) % 40]
    top = np.clip((base - tall * 0.72 - y) / (tall * 0.28), 0, 1)
    inside = y > base - tall + 0.3 * rough
    tone = leaf * (1 + 0.1 * rough + 0.25 * top)[..., None]
    site.put(area, inside, tone, height + 0.25 * rough)


def topiary(site, middle, base, tall, height=0.0):
    """Clip a bush to a ball or a cone on the ground."""
    leaf = pick(site.random, ("#55743c", "#5f7f45", "#4b6838"))
    if site.random.random() < 0.5:
        clump(site, middle, base - tall * 0.45, tall * 0.45, tall * 0.45, leaf, height)
        return
    for part in (0.2, 0.42, 0.64, 0.84):
        level, wide = base - tall * part, tall * 0.42 * (1.05 - part)
        clump(site, middle, level, wide, tall * 0.22, leaf, height)


TREES = (cypress, broadleaf, umbrella_pine)


def grove(site, left, right, base, tall, height=-20.0):
    """Plant a row of mixed trees far behind the villa."""
    count = int((right - left) / site.random.uniform(5, 9))
    kinds = site.random.permutation(len(TREES))
    for middle in np.linspace(left, right, count + 2)[1:-1]:
        kind = TREES[kinds[int(site.random.random() < 0.3)]]
        place = middle + site.random.normal(0, 2)
        kind(site, place, base, tall * site.random.uniform(0.6, 1.1), height)
