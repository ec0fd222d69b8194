"""The models that the page offers, each opened once, and errors as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import gradio as gr

from artgan.api import load
from artgan.storage.resolve import published_names
from artgan.storage.run_folder import run_names
from artgan.system.errors import ArtganError

if TYPE_CHECKING:
    from artgan.paint.painter import Painter

MOST_OPEN = 4  # models kept in memory


class Painters:
    """Opens models by name, for several visitors at once.

    runs, checkpoints: the folders of runs and of published weights, as for `load`.
    """

    def __init__(self, runs: Path, checkpoints: Path) -> None:
        self.runs, self.checkpoints = Path(runs), Path(checkpoints)
        self.lock = Lock()
        self.read = lru_cache(MOST_OPEN)(self.read_anew)

    def names(self, first: str = "") -> list[str]:
        """The names to choose from: first, if there is one, runs, published weights."""
        published = published_names(self.checkpoints)
        others = [name for name in published.values() if name != published.get(first)]
        return list(
            dict.fromkeys(filter(None, [first, *run_names(self.runs), *others]))
        )

    def open(self, name: str | None) -> "Painter":
        """The painter of a name; of a run that trains, with what it has learnt since.

        Raises ArtganError if there is no such model, or nothing to paint with yet.
        """
        run = self.runs / (name or "").partition("@")[0]  # RUN@best is of the run too
        with self.lock:
            return self.read(name, changed(run / "checkpoints"))

    def read_anew(self, name: str | None, saved: int) -> "Painter":
        """Read a model from its file; saved: when, so that a newer one is read too."""
        return load(name, self.runs, self.checkpoints)


def changed(path: Path) -> int:
    """When a file or folder was changed, in nanoseconds; 0 without one."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@contextmanager
def told() -> Iterator[None]:
    """Tell on the page what a visitor can mend; Gradio would print a traceback too."""
    try:
        yield
    except (ArtganError, OSError) as error:
        raise gr.Error(str(error), print_exception=False) from error


def picture_box(label: str, **options) -> gr.Image:
    """A place for a picture, which can be enlarged and saved, but not sent away."""
    buttons = ["fullscreen", "download"]
    return gr.Image(
        label=label, format="png", buttons=buttons, interactive=False, **options
    )
