"""Pictures and curves for a page: shown inline, or written to a file.

A module of its own, for matplotlib takes most of a second to load, which nobody who
waits for a training to begin should wait for too.
"""

import base64
import html
import io
from pathlib import Path

import matplotlib.pyplot as plt
from IPython.display import HTML
from PIL import Image

from artgan.runs.log import figures_in, read_log
from artgan.system.files import replacing


def show(picture, alt):
    """Show an image, a figure or a picture file inline, with words for it in `alt`.

    The bytes are embedded, so a GIF moves in every viewer and travels with the page.
    """
    buffer, kind = io.BytesIO(), "jpeg"
    if isinstance(picture, Image.Image):
        picture.save(buffer, "JPEG", quality=85)
    elif isinstance(picture, plt.Figure):
        picture.savefig(buffer, format="png", dpi=100)
        plt.close(picture)
        kind = "png"
    else:
        buffer.write(Path(picture).read_bytes())
        kind = Path(picture).suffix[1:]
    data = base64.b64encode(buffer.getvalue()).decode()
    words = html.escape(alt)
    return HTML(f'<img src="data:image/{kind};base64,{data}" alt="{words}">')


def plot_curves(log: Path, target: Path | None = None):
    """Draw the losses, and below them the health, against the step of a run's log.

    log: path of the JSON lines; target: a path to write the figure to, or None to show
    it.
    """
    rows = read_log(log)
    panels = [panel for panel in PANELS if any(figures_in(rows, n)[0] for n in panel)]
    panels = panels or [PANELS[0]]
    figure, axes = plt.subplots(
        len(panels),
        figsize=(8, 3 * len(panels)),
        layout="constrained",
        squeeze=False,
    )
    for panel, place in zip(panels, axes[:, 0], strict=True):
        for name, color in panel.items():
            place.plot(*figures_in(rows, name), color, label=name)
        place.set(xlabel="step", ylabel="health" if "distance" in panel else "loss")
        place.legend(frameon=False)
        place.spines[["top", "right"]].set_visible(False)
    if target:
        with replacing(Path(target)) as temporary:
            figure.savefig(temporary, format="png", dpi=120)
        plt.close(figure)
    return figure


PANELS = (  # the figures in each and their colours
    {"discriminator_loss": "#b5532a", "generator_loss": "#2a6f97"},
    {
        "distance": "#2a6f97",
        "diversity": "#3a7d44",
        "structure": "#7a4d9f",
        "nearest": "#b5532a",
    },
)
