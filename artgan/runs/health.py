"""Looking at a training's health now and then, by its own frozen features."""

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from artgan.evaluation.health import health_figures, health_sentence
from artgan.gan.feature_network import pooled_features
from artgan.paint.paint import paint_seeds

if TYPE_CHECKING:
    from artgan.gan.training import GAN

FIRST, PAUSE = 60.0, 30.0  # seconds until the first look, and between two
PRICE = 40  # times what a look takes is waited too: it costs less than 3 %
REAL, PAINTED = 256, 64  # pictures that are compared
FIRST_SEED = 1_000_000  # of the painted ones, which nobody looks at


class HealthCheck:
    """Looks at what a GAN paints; `history` has a row for each look, oldest first.

    images: [count, size, size, 3] uint8, the real pictures; rows: of a log. Nothing is
    looked at where the GAN has no features, as with the `dcgan` preset.
    """

    def __init__(self, images: np.ndarray, rows: list[dict], run) -> None:
        self.images, self.run, self.real = images, run, None
        self.told: set[str] = set()
        self.history = [row for row in rows if "distance" in row]
        self.due = time.monotonic() + FIRST

    def __call__(self, gan: "GAN", losses: dict):
        """The row of a look, its figures finite numbers; None where there is none.

        losses: {name: number} for the row.
        """
        if self.real is None:
            self.real = self.real_features(gan)
        if self.real is None:
            self.due = math.inf
            return None
        began = time.monotonic()
        row = self.look(gan, losses)
        now = time.monotonic()
        self.due = now + max(PAUSE, PRICE * (now - began))
        self.history.append(row)
        return {name: value for name, value in row.items() if math.isfinite(value)}

    def real_features(self, gan: "GAN"):
        """The features of some real pictures, spread evenly; None without features."""
        count = min(REAL, len(self.images))
        chosen = np.linspace(0, len(self.images) - 1, count).astype(int)
        return features_of(gan, self.images[chosen])

    def look(self, gan, losses):
        """Compare real pictures with painted ones: a row of the log."""
        count = min(PAINTED, len(self.real))
        seeds = range(FIRST_SEED, FIRST_SEED + count)
        painted = np.stack(list(paint_seeds(gan, seeds)))
        row = {"step": int(gan.step)} | losses
        return row | health_figures(self.real, features_of(gan, painted))

    def warning(self):
        """A sentence on what goes wrong that was not told yet, or ""."""
        sentence = health_sentence(self.history, self.run) or ""
        kind = " ".join(sentence.split()[:4])
        if kind in self.told:
            return ""
        self.told.add(kind)
        return sentence


def features_of(gan: "GAN", images: np.ndarray, batch=8):
    """What the GAN's frozen network sees in images [n, side, side, 3] uint8: [n, d].

    None where it has no such network, as with the `dcgan` preset.
    """
    if not hasattr(gan.project, "weights"):
        return None
    weights, count = gan.project.weights, len(images)
    parts = (images[n : n + batch] for n in range(0, count, batch))
    return np.concatenate([pooled_features(part, weights) for part in parts])
