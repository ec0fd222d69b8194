"""The curves of a run, and its GIF.

A module of its own, for matplotlib takes most of a second to load, which nobody who
waits for a training to begin should wait for too.
"""

from pathlib import Path

import matplotlib.pyplot as plt

from artgan.paint.animation import save_gif
from artgan.runs.log import figures_in, read_log
from artgan.runs.run import Run
from artgan.storage.run_folder import existing_run
from artgan.system.errors import ArtganError
from artgan.system.files import replacing

PANELS = (  # the figures in each and their colours
    {"discriminator_loss": "#b5532a", "generator_loss": "#2a6f97"},
    {
        "distance": "#2a6f97",
        "diversity": "#3a7d44",
        "structure": "#7a4d9f",
        "nearest": "#b5532a",
    },
)


def plot_curves(log: Path, target: Path) -> None:
    """Draw the losses, and below them the health, against the step of a run's log.

    log: path of the JSON lines; target: a path to write the figure to.
    """
    rows = read_log(log)
    panels = [panel for panel in PANELS if any(figures_in(rows, n)[0] for n in panel)]
    panels = panels or [PANELS[0]]
    figure, axes = plt.subplots(
        len(panels), figsize=(8, 3 * len(panels)), layout="constrained", squeeze=False
    )
    for panel, place in zip(panels, axes[:, 0], strict=True):
        for name, color in panel.items():
            place.plot(*figures_in(rows, name), color, label=name)
        place.set(xlabel="step", ylabel="health" if "structure" in panel else "loss")
        place.legend(frameon=False)
        place.spines[["top", "right"]].set_visible(False)
    with replacing(Path(target)) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
    plt.close(figure)


def draw_run(folder: Path) -> tuple[Path, Path]:
    """Make the GIF and the curves of a run's folder; return their paths.

    Raises ArtganError where there is no run, or no sample is whole.
    """
    run = Run(existing_run(folder))
    samples = sorted(run.samples.glob("*.png"))
    if not samples:
        raise ArtganError(f"{run} has no samples yet. Train it longer.")
    gif, curves = folder / "training.gif", folder / "curves.png"
    try:
        save_gif(samples, gif)
    except ValueError as error:
        raise ArtganError(f"No GIF was made: {error}. Train {run} longer.") from None
    plot_curves(run.log, curves)
    return gif, curves
