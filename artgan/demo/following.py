"""Following a run that trains, from the files that it writes."""

import os
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from artgan.demo.markup import note, picture, problem, reason, warning
from artgan.evaluation.health import WARM_UP, health_sentence
from artgan.runs.log import minutes_trained, read_log
from artgan.storage.run_folder import is_run, run_names
from artgan.system.errors import ArtganError
from artgan.system.printing import printable

NONE = "There is no run yet. The command “artgan train” begins one."
QUIET = 90  # seconds without a new line in the log, after which a run seems to rest


@dataclass(frozen=True)
class View:
    """What the page shows of a run; None for a part that is as it was."""

    sentence: str | None
    grid: str | None
    curves: str | None
    seen: tuple


def follow(runs: Path, name: str | None, seen: tuple = ()) -> View:
    """Look at a run; seen: of the last look, so that only what is new is read."""
    try:
        view = view_of(find_run(runs, name), seen)
    except (ArtganError, OSError) as error:
        sentence = (problem if name else note)(reason(error))
        view = View(sentence, "", "", (None, 0, 0, sentence))
    # Told again, a sentence would be said again by a screen reader.
    return replace(view, sentence=None) if view.seen[3:] == seen[3:] else view


def newest_run(runs: Path) -> str | None:
    """The name of the run that was trained last, or None without any."""

    def trained(name):
        return changed(Path(runs, name, "log.jsonl"))

    return max(run_names(runs), key=trained, default=None)


def find_run(runs: Path, name: str | None) -> Path:
    """The folder of a run; raises ArtganError if it is no longer there."""
    folder = Path(runs, name or "")
    if name and is_run(folder):
        return folder
    names = ", ".join(run_names(runs))
    others = f"There is: {printable(names)}." if names else "No other is there."
    if not name:
        raise ArtganError(f"Choose a run to follow. {others}" if names else NONE)
    raise ArtganError(f"There is no run {printable(name)} any more. {others}")


def view_of(folder: Path, seen: tuple) -> View:
    """The sentence on a run, and its grid and curves if they are new."""
    log, latest = folder / "log.jsonl", folder / "latest.png"
    rows = read_log(log) if log.is_file() else []
    sentence = sentence_on(folder, rows)
    now = (str(folder), changed(latest), changed(log), sentence)
    same = seen[:1] == now[:1]
    grid = None if same and seen[1] == now[1] else grid_of(latest, rows)
    curves = None if same and seen[2] == now[2] else curves_of(log, rows)
    return View(sentence, grid, curves, now)


def changed(path: Path) -> int:
    """When a file was changed, in nanoseconds; 0 without one."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def sentence_on(folder: Path, rows: list[dict]) -> str:
    """How far a run is, whether it is training now, and its health."""
    name = printable(folder.name)
    if not rows:
        return note(f"{name} has written nothing yet; its first steps take a while.")
    silence = max(0, time.time() - rows[-1].get("time", 0))
    doing = "is training" if silence < QUIET else "rests"
    told = f"{name} {doing}: step {rows[-1]['step']:,}, {minutes_trained(rows):.0f} "
    told += f"minutes trained, {ago(silence)}."
    return note(told) + health_of(rows, folder.name)


def ago(seconds: float) -> str:
    """How long ago the last news came, in words."""
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"last news {seconds / size:.0f} {unit} ago"
    return "last news just now"


def health_of(rows: list[dict], run: str) -> str:
    """The health sentence, or that there is nothing to worry about yet."""
    looks = [row for row in rows if "distance" in row]
    if sentence := health_sentence(looks, run):
        return warning(sentence)
    if len(looks) < WARM_UP:
        return note(f"Health: too early to tell ({len(looks)} of {WARM_UP} looks).")
    return note("Health: nothing looks wrong.")


def grid_of(latest: Path, rows: list[dict]) -> str:
    """The latest pictures as HTML."""
    if not latest.is_file():
        return note("No pictures yet.")
    step = f" at about step {rows[-1]['step']:,}" if rows else ""
    words = f"18 pictures of fixed seeds{step}"
    return picture(latest.read_bytes(), words, f"What it paints{step}")


def curves_of(log: Path, rows: list[dict]) -> str:
    """The curves of losses and health as HTML."""
    if not rows:
        return ""
    os.environ.setdefault("MPLBACKEND", "Agg")  # no window, for this is no main thread
    from artgan.runs.figures import plot_curves

    with tempfile.TemporaryDirectory() as place:
        target = Path(place, "curves.png")
        plot_curves(log, target)
        drawn = target.read_bytes()
    return picture(drawn, f"Curves of the losses and the health; {latest_of(rows)}")


def latest_of(rows: list[dict]) -> str:
    """The last figures of a log, in words."""
    row: dict = {}
    for newer in rows[-50:]:
        row |= newer
    names = "discriminator_loss", "generator_loss", "distance", "diversity"
    figures = [f"{n.replace('_', ' ')} {row[n]:.2f}" for n in names if n in row]
    return "at last " + ", ".join(figures)
