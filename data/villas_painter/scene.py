"""One whole picture: a villa in its garden, its light and its weather."""

import numpy as np

from .foreground import avenue, boat, figures, fountain
from .ground import lawn, piazza, reflected
from .light import lit
from .noise import clouded, mix, smoothstep
from .paper import dabs, finished, wobble
from .perspective import court
from .relief import SCALE, SIZE, Site, blurred
from .sky import grid, moon, paint_sky
from .trees import TREES, broadleaf, grove, hedge, topiary
from .view import choose_view


def planted(site, plan):
    """Frame the villa with trees, often the same on both sides."""
    kind = TREES[site.random.integers(len(TREES))]
    away, tall = plan.half + site.random.uniform(6, 17), site.random.uniform(28, 54)
    sides = (-1, 1) if site.random.random() < 0.65 else (site.random.choice([-1, 1]),)
    for side in sides:
        kind(site, plan.axis + side * away, plan.base + 2, tall, 4.0)
        if site.random.random() < 0.4:
            kind(site, plan.axis + side * (away + 9), plan.base + 4, tall * 0.9, 6.0)


def garden(site, plan):
    """Set hedges and topiary before the house."""
    choice = site.random.random()
    for side in (-1, 1):
        if choice < 0.4:
            near, far = plan.axis + side * 13, plan.axis + side * 70
            hedge(site, min(near, far), max(near, far), plan.base + 5, 3.4, 9.0)
        if 0.2 < choice < 0.65:
            for away in (12, 25, 39):
                topiary(site, plan.axis + side * away, plan.base + 6, 6.5, 14.0)


def overlay(picture, relief, view, sunshine=1.0):
    """Lay a lit relief over a picture."""
    colours = lit(relief, view.palette, view.direction, sunshine)
    return mix(picture, colours, relief.covered)


def ground_shadow(picture, relief, view, top, reach):
    """Throw the shadow of what stands on the ground sideways and softly."""
    soft = relief.covered.astype(np.float32)
    lean = np.zeros_like(soft)
    for step in range(0, int(reach * SCALE), 4):
        lean = np.maximum(
            lean, np.roll(soft, (step // 3 + 2, -view.side * step), (0, 1))
        )
    lean = blurred(lean, 1.0)
    lean[: int(top * SCALE)] = 0
    return picture * (1 - 0.5 * lean[..., None] * (1 - np.array(view.palette.shade)))


def leaf_shade(random, view):
    """Return sunshine [h, w]: now and then trees outside the picture shade it."""
    x, y = grid()
    if random.random() < 0.45:
        return np.ones_like(x)
    corner = (x - SIZE / 2) * view.side + (y - view.plan.base) * random.uniform(
        0.5, 1.1
    )
    leaves = clouded(random, x.shape, 9, 9, 4) * 14
    return 1 - 0.9 * smoothstep(20, 26, corner + leaves + random.uniform(-4, 12))


def backdrop(random, view):
    """Paint sky, hills and ground: [h, w, 3]."""
    picture = paint_sky(random, view.palette, view.horizon, view.side)
    land = view.floor(
        random, view.palette, view.plan.axis, view.horizon, view.plan.base
    )
    row = int(view.horizon * SCALE)
    picture[row:] = land[row:]
    picture = dabs(random, picture, 4.0, 2.0, 0.6)
    if view.palette.name == "moonrise":
        picture = moon(random, view.palette, picture, view.side)
    return picture


def estate(random, view):
    """Build the villa with its trees: a Site."""
    site, plan = Site(random, view.style), view.plan
    if site.random.random() < 0.75:
        tall = site.random.uniform(14, 34)
        grove(site, -6, SIZE + 6, plan.base - 2, tall, -40.0)
    view.recipe(site, plan)
    if view.courtly:
        court(site, plan, view.horizon)
    else:
        planted(site, plan)
    if view.floor is lawn and not view.courtly:
        garden(site, plan)
    return site


def before(random, view, shore):
    """Put boats, people, a fountain or an avenue before the villa: a Site."""
    site, plan = Site(random, view.style), view.plan
    if view.watery:
        for water in np.sort(
            site.random.uniform(shore + 5, 124, site.random.integers(1, 4))
        ):
            boat(site, water, 4 + (water - shore) * 0.4)
        return site
    choice = site.random.random()
    if not view.courtly and site.random.random() < 0.2:
        edge = SIZE / 2 + site.random.choice([-1, 1]) * site.random.uniform(62, 70)
        broadleaf(site, edge, SIZE + 6, site.random.uniform(85, 118))
    if choice < 0.25:
        fountain(
            site, plan.axis, site.random.uniform(114, 119), site.random.uniform(9, 13)
        )
    elif choice < 0.6:
        avenue(site, plan, view.horizon)
    if site.random.random() < (0.8 if view.floor is piazza else 0.25):
        figures(site, view.horizon, plan.base)
    return site


def paint_villa(seed, index):
    """Paint picture `index` of a series: uint8 [SIZE, SIZE, 3], the same each time."""
    random = np.random.default_rng([seed, index])
    view = choose_view(random)
    picture = backdrop(random, view)
    relief = estate(random, view)
    picture = ground_shadow(picture, relief, view, view.plan.base - 2, 9)
    picture = overlay(picture, relief, view, leaf_shade(random, view))
    shore = view.plan.base + random.uniform(1.5, 5)
    if view.watery:
        picture = reflected(random, view.palette, picture, shore)
    front = before(random, view, shore)
    picture = ground_shadow(picture, front, view, shore, 3)
    return finished(random, wobble(random, overlay(picture, front, view, 0.75), 0.35))
