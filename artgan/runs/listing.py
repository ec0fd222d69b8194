"""What a list of runs tells of each, from its small files only."""

from pathlib import Path

from artgan.runs.log import figures_in, minutes_trained, read_log
from artgan.runs.run import Run
from artgan.storage.checkpoints import checkpoint_paths, checkpoint_step
from artgan.storage.run_folder import run_names
from artgan.system.printing import printable


def describe_runs(runs: str | Path) -> list[tuple[str, ...]]:
    """For each run its name, step, minutes, distance and latest picture, as texts.

    The step is that of the newest checkpoint; the distance the last that was measured.
    """
    return [describe_run(Run(Path(runs, name))) for name in run_names(runs)]


def describe_run(run: Run) -> tuple[str, ...]:
    """The texts of one run."""
    steps = [checkpoint_step(path) for path in checkpoint_paths(run.checkpoints)]
    rows = read_log(run.log)
    distances = figures_in(rows, "distance")[1]
    return (
        printable(run.name),
        f"{max(steps, default=0)}",
        f"{minutes_trained(rows):.0f}",
        f"{distances[-1]:.3f}" if distances else "-",
        printable(run.latest, 400) if run.latest.exists() else "-",
    )
