"""The log of a run, a line of JSON for each look at it, and the curves of that."""

import json
from pathlib import Path

from artgan.system.files import replacing

LONGEST_GAP = 120  # seconds between two rows; more was a pause
PANELS = {
    "loss": ("discriminator_loss", "generator_loss"),
    "health": ("distance", "diversity", "structure", "nearest"),
}


def read_log(log: Path) -> list[dict]:
    """The rows of a JSON lines log that tell of a step: their finite numbers."""
    rows = []
    lines = log.read_text("utf-8", "replace").splitlines() if log.is_file() else []
    for line in lines:
        try:
            row = json.loads(line, parse_constant=int)  # which fails for NaN
        except (ValueError, RecursionError):
            continue
        step = row.get("step") if isinstance(row, dict) else None
        if type(step) is int and 0 <= step < 2**63:
            figures = {k: v for k, v in row.items() if type(v) in (int, float)}
            rows.append({k: v for k, v in figures.items() if abs(v) < 1e30})
    return rows


def figures_in(rows: list[dict], name: str) -> tuple[list[int], list[float]]:
    """The (steps, values) of the rows that have a number of that name."""
    pairs = [(row["step"], row[name]) for row in rows if name in row]
    return [step for step, _ in pairs], [value for _, value in pairs]


def minutes_trained(rows: list[dict]) -> float:
    """Minutes between the rows of a log, pauses left out."""
    _, times = figures_in(rows, "time")
    gaps = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
    return sum(gap for gap in gaps if 0 < gap < LONGEST_GAP) / 60


def plot_curves(log: Path, target: Path) -> None:
    """Draw the losses, and below them the health, against the step of a log."""
    from matplotlib.figure import Figure  # slow to load, and drawn without a window

    rows = read_log(log)
    known = {name for row in rows for name in row}
    panels = [panel for panel in PANELS if known & {*PANELS[panel]}] or ["loss"]
    figure = Figure(figsize=(8, 3 * len(panels)), layout="constrained")
    axes = figure.subplots(len(panels), squeeze=False)
    for panel, place in zip(panels, axes[:, 0], strict=True):
        for name in PANELS[panel]:
            place.plot(*figures_in(rows, name), label=name)
        place.set(xlabel="step", ylabel=panel)
        place.legend(frameon=False)
        place.spines[["top", "right"]].set_visible(False)
    with replacing(target) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
