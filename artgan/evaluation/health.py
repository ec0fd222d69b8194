"""A quick look while training that says when something goes wrong."""

import math
from collections.abc import Sequence

import numpy as np

from artgan.evaluation import features

FEWEST = 32  # pictures for a distance; that of fewer is chance
WARM_UP = 10  # rows, half a minute or more apart: until then all figures are bad
SMOOTHED = 3  # rows: the last ones' median, so that one odd row rings no bell
# A figure's lowest value, after twice the warm-up, and as a part of that at the best
# distance. Good runs keep 0.77 or more; shifted copies are 0.3 to 0.7 from originals.
LOWEST = {
    "nearest": (0.6, 0, "The pictures are becoming copies of real ones"),
    "nearest_5th_percentile": (0.45, 0, "Some pictures are becoming copies"),
    "diversity": (0, 0.6, "The pictures are becoming alike"),
    "distinctness": (0, 0.5, "The pictures are becoming alike"),
    "structure": (0.4, 0.7, "The same thing stands in the same place in every picture"),
    "diversity_within_classes": (0.4, 0.6, "Within a class pictures are alike"),
    "structure_within_classes": (0.3, 0.6, "Within a class the same thing stays put"),
}
WORSE = 1.3  # times the best distance, and for as long as half of the way to it
NOISE = 0.2  # a distance of such a size is chance, of 32 real pictures and others
WINS = 0.97  # accuracy, of a discriminator that is hardly ever wrong
GONE = 1e-3  # a loss so small teaches nothing


@np.errstate(divide="ignore", invalid="ignore")  # equal real pictures
def health_figures(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """Figures from the features [n, d] of real pictures and [m, d] of painted ones.

    distance: `mmd2_unbiased` of features that the real ones bring to deviation 1; nan
    under 32 pictures. distinctness: diversity of each picture and the one most like it.
    """
    real, fake = np.float64(real), np.float64(fake)
    deviation = real.std(0)  # with a floor, for a feature that is almost always 0
    deviation = np.maximum(deviation, deviation.mean() + 1e-6)
    scaled = ((x - real.mean(0)) / deviation for x in (real, fake))
    enough = min(len(real), len(fake)) >= FEWEST
    nearest = features.nearest_distances(real, fake)
    as_many = np.random.default_rng(0).permutation(len(real))[: len(fake)]
    figures = {
        "distance": features.mmd2_unbiased(*scaled) if enough else math.nan,
        "diversity": features.diversity(real, fake),
        "distinctness": features.usual_gap(fake) / features.usual_gap(real[as_many]),
        "nearest": np.median(nearest),
        "nearest_5th_percentile": np.percentile(nearest, 5),
    }
    return {name: float(value) for name, value in figures.items()}


def health_sentence(history: Sequence[dict], run="RUN", known=()) -> str | None:
    """One plain sentence when something goes wrong with a run of this name, else None.

    history: a row for each look, oldest first: `step`, and what is known of the figures
    of `health_figures`, `structure`, losses and `discriminator_accuracy`; known: how
    sentences on fallen figures begin that are not to be told again.
    """
    looks = [row for row in history if math.isfinite(row.get("distance", math.nan))]
    best = min(looks, key=lambda row: row["distance"], default={})
    back = f"go back (`-w {run}@best` paints, `--from {run}@best` begins a new run)"
    back = back if best else "begin again"
    for name, value in (history[-1] if history else {}).items():
        if name.endswith("loss") and not math.isfinite(value):
            at = f"at step {history[-1]['step']:,}"
            return f"Training has broken down: {name} is {value} {at}; {back}."
    if len(history) < WARM_UP:
        return None
    told = history, best, back
    return fallen(*told, known) or getting_worse(*told) or learning_ended(*told)


def fallen(history: Sequence[dict], best: dict, back: str, known=()) -> str | None:
    """A sentence if pictures are becoming copies, alike, or built alike."""
    for name, (least, part, words) in LOWEST.items():
        now, before = lately(history, name), best.get(name, 0)
        least *= len(history) >= 2 * WARM_UP
        if words not in known and now < max(least, part * before):
            was = f", it was {before:.2f} at step {best['step']:,}" if before else ""
            # Copies have the best distance of all: going back there is no help.
            remedy = back if before >= least else "stop earlier next time"
            return f"{words}: {name} {now:.2f}{was}; {remedy} or add pictures."
    return None


def getting_worse(history: Sequence[dict], best: dict, back: str) -> str | None:
    """A sentence if the distance has been above its best for long."""
    now, position = lately(history, "distance"), history.index(best) if best else 0
    if len(history) - position <= max(WARM_UP, position // 2):
        return None
    if math.isnan(now) or now < WORSE * max(best["distance"], NOISE):
        return None
    return (
        f"The pictures have been getting worse since step {best['step']:,}: distance "
        f"{now:.2f}, it was {best['distance']:.2f}; {back}, with lower learning rates "
        "or more pictures."
    )


def learning_ended(history: Sequence[dict], best: dict, back: str) -> str | None:
    """A sentence if the discriminator was hardly ever wrong for long, or a loss 0."""
    window = history[-max(WARM_UP, len(history) // 3) :]
    if best in window:
        return None
    since = f"since step {window[0]['step']:,}"
    accuracy = min(row.get("discriminator_accuracy", 0) for row in window)
    if accuracy >= WINS:
        return (
            f"The discriminator wins {since} (accuracy {accuracy:.2f} or more): the "
            f"generator learns little: lower its learning rate, add pictures; {back}."
        )
    for name in ("discriminator_loss", "generator_loss"):
        if all(abs(row.get(name, 1)) < GONE for row in window):
            return f"Nothing is learnt {since}: {name} is almost 0; {back}."
    return None


def lately(history: Sequence[dict], name: str) -> float:
    """The median of a figure in the last rows; not a number where one lacks it."""
    return float(np.median([row.get(name, math.nan) for row in history[-SMOOTHED:]]))
