"""Pictures and curves for a page: shown inline, or written to a file.

A module of its own, for matplotlib takes most of a second to load, which nobody who
waits for a training to begin should wait for too.
"""

import base64
import html
import io
import os
from pathlib import Path

import matplotlib.pyplot as plt
from IPython.display import HTML
from PIL import Image

from artgan.paint.grid import read_log


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


def plot_losses(log, target=None):
    """Draw both losses against the step from a run's JSON lines log.

    log: path of the log; target: a path to write the figure to, or None to show it.
    """
    rows = read_log(log)
    figure, axes = plt.subplots(figsize=(8, 3), layout="constrained")
    for name, color in (("discriminator", "#b5532a"), ("generator", "#2a6f97")):
        axes.plot([r["step"] for r in rows], [r[name] for r in rows], color, label=name)
    axes.set(xlabel="step", ylabel="loss")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    if target:
        temporary = Path(target).with_suffix(".part")
        figure.savefig(temporary, format="png", dpi=120)
        os.replace(temporary, target)
        plt.close(figure)
    return figure
