"""The measures of one villa."""

from dataclasses import dataclass


@dataclass
class Plan:
    """The measures of one villa in finished pixels."""

    axis: float
    base: float
    half: float
    floors: list
    bays: int
    plinth: float
    rustic: int
    corners: str
    cornice: float
    skyline: str
    roof_rise: float
    chimneys: bool
    ornament: int
    ornament_tall: float
    steep: float
    stair: float
    opening: float
    wing_tall: float
    wing_roof: float
    wing_kind: str


def choose_plan(random, axis, base, scale):
    """Choose the measures of a villa; scale 1 fills most of a picture."""
    return Plan(
        axis=axis,
        base=base,
        half=random.uniform(30, 38) * scale,
        floors=[random.uniform(13, 17) * scale, random.uniform(10, 15) * scale],
        bays=int(random.choice([5, 5, 5, 7])),
        plinth=random.uniform(3, 9) * scale,
        rustic=int(random.choice([0, 1, 1, 2])),
        corners=str(random.choice(["quoins", "pilasters", "none", "none"])),
        cornice=random.uniform(3.0, 4.2),
        skyline=str(random.choice(["roof", "roof", "balustrade"])),
        roof_rise=random.uniform(7, 11) * scale,
        chimneys=bool(random.random() < 0.6),
        ornament=int(random.choice([0, 0, 1, 2])),
        ornament_tall=random.uniform(6.5, 8.5) * (0.5 + 0.5 * scale),
        steep=random.uniform(0.36, 0.5),
        stair=random.uniform(0.5, 0.95),
        opening=random.uniform(0.32, 0.42),
        wing_tall=random.uniform(12, 17) * scale,
        wing_roof=random.uniform(4, 6) * scale,
        wing_kind=str(random.choice(["arcade", "arcade", "colonnade", "windows"])),
    )
