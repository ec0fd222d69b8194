"""Ten harmonised palettes of light and air, and the colours of the buildings."""

from dataclasses import dataclass

import numpy as np


def colour(text):
    """Turn "#rrggbb" into three floats in [0, 1]."""
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255


@dataclass(frozen=True)
class Palette:
    """The light of one hour: `sun` and `shade` multiply the colours of things."""

    name: str
    zenith: str
    horizon: str
    cloud_light: str
    cloud_dark: str
    haze: str
    sun: tuple
    shade: tuple
    cloudiness: float
    lamps: float = 0.0


PALETTES = (
    Palette("venetian morning", "#4f8cbf", "#f0e3c0", "#fff4dc", "#a9adc0", "#a4bccd",
            (1.10, 1.00, 0.84), (0.40, 0.46, 0.45), 0.50),
    Palette("high noon", "#2f74bd", "#c3deea", "#ffffff", "#9fb0c9", "#9dbad2",
            (1.12, 1.06, 0.95), (0.38, 0.46, 0.63), 0.42),
    Palette("golden hour", "#6f9bb4", "#f9d592", "#ffe8b5", "#c08f82", "#cdb59a",
            (1.20, 0.99, 0.70), (0.42, 0.39, 0.55), 0.50),
    Palette("rose dawn", "#7f97c6", "#f9c3ab", "#ffdcc8", "#a585a8", "#bda9bd",
            (1.16, 0.94, 0.80), (0.44, 0.42, 0.60), 0.52),
    Palette("violet dusk", "#3d417f", "#f7a068", "#fbb985", "#5e4a86", "#86688e",
            (1.12, 0.83, 0.66), (0.34, 0.33, 0.54), 0.50, 0.22),
    Palette("storm", "#33404f", "#b9bda8", "#c2c1b2", "#424c5a", "#6f7f87",
            (1.16, 1.05, 0.80), (0.30, 0.35, 0.44), 0.80),
    Palette("old paper", "#9fb0a8", "#f1e2b8", "#f9edd0", "#b09d84", "#bcb69c",
            (1.12, 0.99, 0.77), (0.45, 0.41, 0.40), 0.50),
    Palette("turquoise", "#4790a6", "#eaf0cf", "#fffbe6", "#93b3b0", "#9cc4bb",
            (1.12, 1.03, 0.82), (0.36, 0.46, 0.54), 0.42),
    Palette("silver mist", "#9fb1bf", "#eee9da", "#faf6ea", "#a9b0b8", "#c3cbcd",
            (1.03, 0.98, 0.90), (0.50, 0.54, 0.61), 0.62),
    Palette("moonrise", "#17264f", "#7f93ae", "#9fb0c8", "#263760", "#4d6488",
            (0.78, 0.84, 0.98), (0.22, 0.28, 0.47), 0.46, 0.45),
)  # fmt: skip

PALETTE_ODDS = (0.15, 0.14, 0.15, 0.10, 0.09, 0.09, 0.09, 0.10, 0.05, 0.04)

WALLS = ("#efdfb8", "#e0b064", "#dc9f86", "#f3ece0", "#bd6b50", "#f1d588",
         "#c98d69", "#c3c6a4", "#eec39a", "#e9d3b4", "#d7bfa2")  # fmt: skip
STONES = ("#f6eedb", "#ecdfc4", "#fbf6ea", "#e2d3b6")
ROOFS = ("#ad6644", "#a06050", "#b97c58", "#7b7f88", "#97705c", "#a5715a")
METALS = ("#8d9da6", "#7fa591", "#a3a9a5", "#8aa39b", "#a8765a")
SHUTTERS = ("#4d6e4c", "#5f8577", "#7d5337", "#5f7a90", "#8a3f33", "#7c8a63")
GOLD = colour("#edbd57")
LEAVES = ("#5c7a3a", "#6f8440", "#48683c", "#7d8a45", "#55703f", "#a08a44")
LAWNS = ("#8aa650", "#9cae5a", "#7b9a4c", "#a9b162")
SANDS = ("#d9c59b", "#cdb791", "#e2d2b0", "#c9b9a0")


@dataclass(frozen=True)
class Style:
    """The colours of one villa, three floats in [0, 1] each."""

    wall: np.ndarray
    stone: np.ndarray
    roof: np.ndarray
    metal: np.ndarray
    shutter: np.ndarray
    glass: np.ndarray
    has_shutters: bool
    window: str
    lamps: float


def pick(random, options):
    """Choose one colour and shift it slightly, so that no two villas match."""
    chosen = colour(options[random.integers(len(options))])
    return np.clip(chosen * random.uniform(0.95, 1.05, 3), 0, 1).astype(np.float32)


def choose_style(random, palette):
    """Choose the colours of a villa seen in the light of a palette."""
    return Style(
        wall=pick(random, WALLS),
        stone=pick(random, STONES),
        roof=pick(random, ROOFS),
        metal=pick(random, METALS),
        shutter=pick(random, SHUTTERS),
        glass=colour("#39424f"),
        has_shutters=random.random() < 0.4,
        window=random.choice(["plain", "hood", "gable", "arch"]),
        lamps=palette.lamps,
    )
