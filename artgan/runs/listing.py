"""What a list of runs tells of each, from its small files only."""

from pathlib import Path

from artgan.runs.log import figures_in, minutes_trained, read_log
from artgan.storage.checkpoints import checkpoint_paths, checkpoint_step
from artgan.storage.run_folder import run_names
from artgan.system.printing import printable


def describe_runs(runs: str | Path) -> list[tuple[str, ...]]:
    """For each run its name, step, minutes, distance and latest picture, as texts.

    The step is that of the newest checkpoint; the distance the last that was looked at.
    """
    return [describe_run(Path(runs, name)) for name in run_names(runs)]


def describe_run(folder: Path) -> tuple[str, ...]:
    """The texts of one run."""
    steps = [checkpoint_step(path) for path in checkpoint_paths(folder / "checkpoints")]
    log, latest = folder / "log.jsonl", folder / "latest.png"
    rows = read_log(log) if log.is_file() else []
    distances = figures_in(rows, "distance")[1]
    return (
        printable(folder.name),
        f"{max(steps, default=0)}",
        f"{minutes_trained(rows):.0f}",
        f"{distances[-1]:.3f}" if distances else "-",
        printable(latest, 400) if latest.exists() else "-",
    )
