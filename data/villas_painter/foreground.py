"""Small things before a villa: people, boats, fountains, statues, lemon pots."""

import numpy as np

from .ornaments import statue, urn
from .palette import colour, pick
from .relief import SIZE
from .trees import clump

COATS = ("#a8402f", "#2f4a73", "#efe6d2", "#46403c", "#c08a2e", "#5b6f4c", "#8a5a7a")


def figure(site, place, foot, tall):
    """Dab one walker: skirts or coat, shoulders, head and sometimes a hat."""
    coat, wide = pick(site.random, COATS), tall * site.random.uniform(0.13, 0.2)
    dark = colour("#38302c")
    site.polygon(
        [
            (place - wide, foot),
            (place - wide * 0.6, foot - tall * 0.55),
            (place + wide * 0.6, foot - tall * 0.55),
            (place + wide, foot),
        ],
        coat * 0.85,
        30,
    )
    site.ball(place, foot - tall * 0.62, wide * 0.95, tall * 0.2, coat, 30)
    site.ball(
        place, foot - tall * 0.88, wide * 0.55, tall * 0.11, colour("#d9b08c"), 30
    )
    if site.random.random() < 0.5:
        site.ball(place, foot - tall * 0.95, wide * 0.8, tall * 0.06, dark, 31)


def figures(site, horizon, base):
    """People the ground with couples and walkers, larger when nearer."""
    for foot in np.sort(
        site.random.uniform(base + 4, SIZE - 4, site.random.integers(2, 6))
    ):
        tall = np.clip(2.5 + (foot - horizon) * 0.26, 4.0, 11)
        place = site.random.uniform(8, SIZE - 8)
        for mate in range(site.random.integers(1, 3)):
            figure(site, place + mate * tall * 0.42, foot, tall)


def boat(site, water, size):
    """Float a gondola with an upturned prow, a cabin and a rower."""
    place, dark = site.random.uniform(size, SIZE - size), colour("#332c2a")
    way = site.random.choice([-1, 1])
    curve = np.linspace(-1, 1, 15)
    under = [
        (place + way * size * part, water - size * 0.30 * abs(part) ** 2.5)
        for part in curve
    ]
    over = [
        (
            place + way * size * part * 0.97,
            water - size * (0.13 + 0.29 * abs(part) ** 4),
        )
        for part in curve
    ]
    site.polygon(under + over[::-1], dark, 40)
    site.box(
        place - size * 0.28,
        water - size * 0.34,
        place + size * 0.2,
        water - size * 0.12,
        pick(site.random, COATS),
        40,
    )
    figure(site, place - way * size * 0.68, water - size * 0.16, size * 0.75)


def fountain(site, middle, base, wide):
    """Build a round basin with a second bowl and a jet of water."""
    water, stone = colour("#a9c6cc"), site.style.stone
    site.ball(middle, base, wide, wide * 0.26, stone, 30, 1)
    site.box(middle - wide, base, middle + wide, base + wide * 0.12, stone, 30)
    site.ball(middle, base - wide * 0.03, wide * 0.86, wide * 0.18, water, 30, 0)
    site.box(
        middle - wide * 0.09, base - wide * 0.62, middle + wide * 0.09, base, stone, 31
    )
    site.ball(middle, base - wide * 0.55, wide * 0.42, wide * 0.13, stone, 31, 1)
    spray = colour("#f4f7f4")
    for reach in (-0.28, -0.12, 0.12, 0.28):
        arc = np.linspace(0, 1, 9)
        across = middle + wide * reach * arc
        up = base - wide * (0.62 + 0.55 * np.sin(np.pi * (0.35 + 0.65 * arc)))
        for x, y in zip(across, up, strict=True):
            site.ball(x, y, 0.35, 0.5, spray, 32, 0.2)


def lemon_pot(site, middle, base, tall):
    """Stand a lemon tree in a terracotta pot."""
    clay, leaf = (
        pick(site.random, ("#b9704a", "#c08058")),
        pick(site.random, ("#5f7f45", "#6b8a4c")),
    )
    half = tall * 0.2
    site.polygon(
        [
            (middle - half * 0.75, base),
            (middle - half, base - tall * 0.36),
            (middle + half, base - tall * 0.36),
            (middle + half * 0.75, base),
        ],
        clay,
        30,
    )
    site.box(
        middle - half * 1.15,
        base - tall * 0.42,
        middle + half * 1.15,
        base - tall * 0.33,
        clay,
        31,
    )
    clump(site, middle, base - tall * 0.72, tall * 0.28, tall * 0.28, leaf, 31)


def avenue(site, plan, horizon):
    """Line the way to the door with pots, statues or urns in perspective."""
    kind = site.random.integers(3)
    for away in (1.9, 3.2, 5.5):
        foot = horizon + (plan.base - horizon) * away
        if foot > SIZE - 1:
            break
        tall = 2.6 + (foot - horizon) * (0.24 if kind else 0.32)
        for side in (-1, 1):
            place = plan.axis + side * (8.0 * away)
            if kind == 0:
                lemon_pot(site, place, foot, tall)
            else:
                (statue, urn)[kind - 1](site, place, foot, tall * 1.25, 30)
