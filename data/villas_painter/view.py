"""What is decided before the first brush stroke."""

from dataclasses import dataclass

from .country import (
    arcade_villa,
    domed_villa,
    farmhouse,
    loggia_villa,
    temple_villa,
)
from .ground import lawn, piazza
from .palette import PALETTE_ODDS, PALETTES, Palette, Style, choose_style
from .plans import Plan, choose_plan
from .relief import SIZE
from .town import church_front, palazzo, pavilion, tower_villa

RECIPES = (temple_villa, domed_villa, arcade_villa, loggia_villa,
           tower_villa, palazzo, church_front, pavilion, farmhouse)  # fmt: skip
RECIPE_ODDS = (0.21, 0.14, 0.14, 0.11, 0.09, 0.12, 0.06, 0.07, 0.06)
SCALES = ((0.74, 0.86), (0.92, 1.08), (1.1, 1.28))
SCALE_ODDS = (0.18, 0.54, 0.28)


@dataclass
class View:
    """Hour, villa, light and ground of one picture."""

    palette: Palette
    style: Style
    plan: Plan
    recipe: object
    side: int  # the sun stands to the left (-1) or right (1)
    direction: tuple
    horizon: float
    floor: object
    watery: bool
    courtly: bool


def choose_view(random):
    """Choose hour, villa, light and ground."""
    palette = PALETTES[random.choice(len(PALETTES), p=PALETTE_ODDS)]
    side = int(random.choice([-1, 1]))
    base = random.uniform(98, 110)
    scale = random.uniform(*SCALES[random.choice(3, p=SCALE_ODDS)])
    axis = SIZE / 2 + random.choice([0, 0, 0, random.integers(-8, 9)])
    recipe = RECIPES[random.choice(len(RECIPES), p=RECIPE_ODDS)]
    watery = random.random() < (0.5 if recipe is palazzo else 0.15)
    return View(
        palette=palette,
        style=choose_style(random, palette),
        plan=choose_plan(random, axis, base, scale),
        recipe=recipe,
        side=side,
        direction=(-side * random.uniform(0.8, 1.2), random.uniform(0.7, 1.1)),
        horizon=base - random.uniform(3, 8),
        floor=piazza if watery or random.random() < 0.3 else lawn,
        watery=watery,
        courtly=not watery and scale < 1.0 and random.random() < 0.4,
    )
