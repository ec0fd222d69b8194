"""The models that the page offers, each opened once, and errors as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock

import gradio as gr

from artgan.paint.painter import Painter, open_model
from artgan.storage.resolve import published_names, run_names
from artgan.system.errors import ArtganError


class Painters:
    """Opens models by name, for several visitors at once; folders as for `load`."""

    def __init__(self, runs: Path, checkpoints: Path) -> None:
        self.runs, self.checkpoints, self.lock = runs, checkpoints, Lock()
        # 4 stay in memory; a run that has saved since is read anew.
        self.read = lru_cache(4)(lambda name, at: open_model(name, runs, checkpoints))

    def names(self, first: str = "") -> list[str]:
        """The names to choose from: first, if there is one, runs, published weights."""
        published = published_names(self.checkpoints)
        others = [name for name in published.values() if name != published.get(first)]
        names = dict.fromkeys([first, *run_names(self.runs), *others])
        return [name for name in names if name]

    def open(self, name: str | None) -> Painter:
        """The painter of a name; ArtganError if nothing can paint by that name."""
        run = self.runs / (name or "").partition("@")[0]  # RUN@best is of the run too
        with self.lock:
            return self.read(name, changed(run / "checkpoints"))


def changed(path: Path) -> int:
    """When a file or folder was changed, in nanoseconds; 0 without one."""
    return path.stat().st_mtime_ns if path.exists() else 0


@contextmanager
def told() -> Iterator[None]:
    """Tell on the page what a visitor can mend; Gradio would print a traceback too."""
    try:
        yield
    except (ArtganError, OSError) as error:
        raise gr.Error(str(error), print_exception=False) from error


def picture_box(label: str, **options) -> gr.Image:
    """A place for a picture, which can be enlarged and saved, but not sent away."""
    options |= {"format": "png", "buttons": ["fullscreen", "download"]}
    return gr.Image(label=label, interactive=False, **options)
