"""The log of a run, a line of JSON for each look at it: losses, and its health."""

import json
from pathlib import Path

LONGEST_GAP = 120  # seconds between two rows; more was a pause


def read_log(log: Path) -> list[dict]:
    """The rows of a JSON lines log that tell of a step; what is none is left out."""
    if not Path(log).is_file():
        return []
    rows = []
    for line in Path(log).read_text("utf-8", "replace").splitlines():
        try:
            row = json.loads(line, parse_constant=int)  # which fails for NaN
        except (ValueError, RecursionError):
            continue
        step = row.get("step") if isinstance(row, dict) else None
        if type(step) is int and 0 <= step < 2**63:
            rows.append(row)
    return rows


def figures_in(rows: list[dict], name: str) -> tuple[list[int], list[float]]:
    """The (steps, values) of the rows that have a number of that name."""
    pairs = [
        (row["step"], row[name])
        for row in rows
        if type(row.get(name)) in (int, float) and abs(row[name]) < 1e30
    ]
    return [step for step, _ in pairs], [value for _, value in pairs]


def minutes_trained(rows: list[dict]) -> float:
    """Minutes between the rows of a log, pauses left out."""
    _, times = figures_in(rows, "time")
    gaps = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
    return sum(gap for gap in gaps if 0 < gap < LONGEST_GAP) / 60
