"""Looking at a training's health now and then, by its own frozen features."""

import time

import numpy as np

from artgan.evaluation.evaluate import within_classes
from artgan.evaluation.health import health_figures, health_sentence
from artgan.evaluation.pixels import structure
from artgan.gan.feature_network import load_features, pooled_features
from artgan.gan.training import GAN
from artgan.paint.paint import paint, seed_labels
from artgan.runs.log import read_log
from artgan.runs.run import Run

FIRST, PAUSE = 60.0, 30.0  # seconds until the first look, and between two
PRICE = 40  # times what a look takes is waited too: it costs less than 3 %
REAL, PAINTED = 256, 64  # pictures that are compared
FIRST_SEED = 1_000_000  # of the painted ones, which nobody looks at


class HealthCheck:
    """Looks at what a GAN paints; `history` has a row for each look, oldest first.

    images: the real ones, [count, h, w, 3] uint8; labels: of these, if they have any.
    """

    def __init__(
        self, run: Run, images: np.ndarray, labels: np.ndarray | None = None
    ) -> None:
        chosen = np.linspace(0, len(images) - 1, min(REAL, len(images))).astype(int)
        self.run, self.images = run.name, images[chosen]  # spread evenly
        self.labels = None if labels is None else labels[chosen]
        self.features: np.ndarray | None = None
        self.told: set[str] = set()
        self.history = [row for row in read_log(run.log) if "structure" in row]
        self.due = time.monotonic() + FIRST

    def __call__(self, gan: GAN, row: dict) -> dict:
        """A row of the log, {name: number}, and what a look adds that is a number."""
        began = time.monotonic()
        row = row | self.look(gan)
        now = time.monotonic()
        self.due = now + max(PAUSE, PRICE * (now - began))
        self.history.append(row)
        return {name: value for name, value in row.items() if abs(value) < 1e7}

    def look(self, gan: GAN) -> dict[str, float]:
        """Compare real pictures with painted ones, all of them and within classes."""
        seeds = range(FIRST_SEED, FIRST_SEED + min(PAINTED, len(self.images)))
        painted = paint(gan, seeds)
        with np.errstate(divide="ignore", invalid="ignore"):  # equal real pictures
            figures = {"structure": float(structure(self.images, painted))}
        if self.features is None:
            self.weights = load_features()
            self.features = features_of(self.images, self.weights)
        features = features_of(painted, self.weights)
        if self.labels is not None:
            sets = (self.images, painted), (self.features, features)
            labels = self.labels, seed_labels(gan.config, seeds)
            found = within_classes(*sets, labels)
            for name in ("diversity", "structure"):
                values = [within[name] for within in found.values()]
                figures[f"{name}_within_classes"] = float(np.mean(values or np.nan))
        return figures | health_figures(self.features, features)

    def warning(self) -> str:
        """A sentence on what goes wrong that was not told yet, or ""."""
        sentence = health_sentence(self.history, self.run, self.told) or ""
        kind = sentence.partition(":")[0].partition(" since")[0]
        if kind in self.told:
            return ""
        self.told.add(kind)
        return sentence


def features_of(images: np.ndarray, weights: dict) -> np.ndarray:
    """What a frozen network sees in images, [n, h, w, 3] uint8, a few at a time."""
    parts = (images[n : n + 8] for n in range(0, len(images), 8))
    return np.concatenate([pooled_features(part, weights) for part in parts])
