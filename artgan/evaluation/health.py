"""What is watched while training: a quick look that says when something goes wrong.

The features are those of the discriminator's own frozen network, which are at hand, so
the figures flatter the generator. They show where a run is heading, not how good it is:
`evaluate` tells that, by another network. Copies are found among the real pictures that
are given here only, so with larger data sets look at the pairs of `evaluate` too.
"""

import math
from collections.abc import Sequence

import numpy as np

from artgan.evaluation.kid import mmd2_unbiased
from artgan.evaluation.nearest import diversity, nearest_distances, pairwise_distances

# Rows come every half minute or more seldom. Of 64 real pictures that were kept apart,
# the figures below were 0.01 +- 0.02 (distance), 1.0 +- 0.02 (diversity), 1.05 +- 0.05
# (distinctness), 1.0 +- 0.03 (nearest) and 0.8 (its 5th percentile).
WARM_UP = 10  # rows: until then pictures are noise and all figures bad
SMOOTHED = 3  # rows: the last ones' median, so that one odd row rings no bell
ALIKE = 0.6  # of the diversity at the best distance; good runs had 0.77 to 0.99
REPEATED = 0.5  # of the distinctness then; 0.4 for motifs painted with slight changes
COPIES = 0.6  # nearest: shifted copies give 0.5 to 0.7, mirrored ones 0.4
SOME_COPIES = 0.45  # its 5th percentile: in 64 pictures, 3 that are copies
WORSE = 1.3  # times the best distance, and for as long as half of the way to it
NOISE = 0.05  # a distance of such a size is chance
WINS = 0.97  # accuracy, of a discriminator that is hardly ever wrong


def health_figures(
    real_features: np.ndarray, fake_features: np.ndarray
) -> dict[str, float]:
    """Figures from features of, say, 256 real pictures and of 64 painted ones.

    real_features: [n, d], fake_features: [m, d], m at most n, both 2 or more. Returns
    distance: `mmd2_unbiased`, each feature brought to mean 0 and deviation 1 by the
    real ones; 0 for real pictures. It does not depend on m, while a Frechet distance
    would need a covariance, and so far more than 64 pictures.
    diversity: as in `diversity`, of all pairs.
    distinctness: the same, of each picture and the one most like it among m; it falls
    too where several motifs repeat, when most pairs still differ.
    nearest, nearest_5th_percentile: of `nearest_distances`.
    """
    real, fake = np.float64(real_features), np.float64(fake_features)
    mean, deviation = real.mean(0), real.std(0) + 1e-6
    nearest = nearest_distances(real, fake)
    as_many = np.random.default_rng(0).permutation(len(real))[: len(fake)]
    figures = {
        "distance": mmd2_unbiased((real - mean) / deviation, (fake - mean) / deviation),
        "diversity": diversity(real, fake),
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        figures["distinctness"] = usual_gap(fake) / usual_gap(real[as_many])
        figures["nearest"] = np.median(nearest)
        figures["nearest_5th_percentile"] = np.percentile(nearest, 5)
    return {name: float(value) for name, value in figures.items()}


def usual_gap(features: np.ndarray) -> float:
    """The median distance of the rows [n, d] to the row nearest to each."""
    distances = pairwise_distances(features, features)
    np.fill_diagonal(distances, np.inf)
    return np.median(distances.min(1))


def health_sentence(history: Sequence[dict], run: str = "RUN") -> str | None:
    """One plain sentence when something goes wrong with a run, else None.

    history: a row for each look, oldest first: `step`, the figures of
    `health_figures`, maybe `discriminator_accuracy` (the fraction of logits, of real
    and of painted pictures, with the right sign) and losses, named `..._loss`. run: its
    name. Only the last rows' trouble is told, and that which matters most.
    """
    broken = not_finite(history, run)
    if broken or len(history) < WARM_UP:
        return broken
    rows = [row for row in history if math.isfinite(row.get("distance", math.nan))]
    if not rows:
        return None
    best = min(rows, key=lambda row: row["distance"])
    checks = copying, becoming_alike, getting_worse, discriminator_wins
    return next(filter(None, (check(history, best, run) for check in checks)), None)


def not_finite(history: Sequence[dict], run: str) -> str | None:
    """A sentence if the last row's losses or distance are not numbers."""
    for name, value in (history[-1] if history else {}).items():
        if name.endswith(("loss", "distance")) and not math.isfinite(value):
            return (
                f"Training has broken down: {name} is {value} at step "
                f"{history[-1]['step']:,}. {go_back(run)}."
            )
    return None


def copying(history: Sequence[dict], best: dict, run: str) -> str | None:
    """A sentence if painted pictures lie closer to real ones than real ones do."""
    limits = {
        "nearest": (COPIES, "The pictures are"),
        "nearest_5th_percentile": (SOME_COPIES, "Some pictures are"),
    }
    for name, (limit, subject) in limits.items():
        now = lately(history, name)
        if now is None or now >= limit:
            continue
        told = f"{subject} becoming copies: their distance to the nearest real picture "
        told += f"is {now:.2f} of that between real ones"
        if best.get(name, 0) < limit:  # copies have the best distance of all
            return f"{told}; add pictures, or stop earlier next time."
        return f"{told}{then(name, best)}; {go_back(run, best)} or add pictures."
    return None


def becoming_alike(history: Sequence[dict], best: dict, run: str) -> str | None:
    """A sentence if the pictures differ far less from each other than at their best."""
    for name, least in {"diversity": ALIKE, "distinctness": REPEATED}.items():
        now, before = lately(history, name), best.get(name)
        if now is not None and before is not None and now < least * before:
            return (
                f"The pictures are becoming alike: {name} {now:.2f}"
                f"{then(name, best)}; {go_back(run, best)} or add pictures."
            )
    return None


def getting_worse(history: Sequence[dict], best: dict, run: str) -> str | None:
    """A sentence if the distance has been above its best for long."""
    position = next(n for n, row in enumerate(history) if row is best)
    patience = max(WARM_UP, position // 2)
    now = lately(history, "distance")
    if len(history) - position <= patience:
        return None
    if now is None or now < WORSE * max(best["distance"], NOISE):
        return None
    return (
        f"The pictures have been getting worse since step {best['step']:,}: distance "
        f"{now:.2f}, it was {best['distance']:.2f}; {go_back(run, best)}, with lower "
        "learning rates or more pictures."
    )


def discriminator_wins(history: Sequence[dict], best: dict, run: str) -> str | None:
    """A sentence if the discriminator is hardly ever wrong and nothing improves."""
    window = history[-max(WARM_UP, len(history) // 3) :]
    accuracies = [row.get("discriminator_accuracy", 0) for row in window]
    if min(accuracies) < WINS or any(row is best for row in window):
        return None
    return (
        f"The discriminator wins since step {window[0]['step']:,} (accuracy "
        f"{accuracies[-1]:.2f}) and the pictures no longer improve: add pictures or "
        f"augmentation, or lower its learning rate; {go_back(run, best)}."
    )


def lately(history: Sequence[dict], name: str) -> float | None:
    """The median of a figure in the last rows, None where it is not in all of them."""
    values = [row.get(name, math.nan) for row in history[-SMOOTHED:]]
    return float(np.median(values)) if np.isfinite(values).all() else None


def then(name: str, best: dict) -> str:
    """What a figure was at the best distance, as words, or none if it is not known."""
    if name not in best:
        return ""
    return f", it was {best[name]:.2f} at step {best['step']:,} (best distance)"


def go_back(run: str, best: dict | None = None) -> str:
    """What to do, as words."""
    return f"{'Go' if best is None else 'go'} back with `-w {run}@best`"
