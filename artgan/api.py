"""The Python API: open a model and paint, train one, compare, save what was painted.

All raise ArtganError, with a sentence, for what a user can mend.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artgan.runs.begin import plan_training
from artgan.system import arguments
from artgan.system.tensorflow import load_quietly

if TYPE_CHECKING:
    import numpy as np

    from artgan.data.dataset import Dataset
    from artgan.evaluation.evaluate import Evaluation
    from artgan.paint.painter import Painter


@arguments.in_a_sentence()
def load(
    name: str | Path | None = None,
    runs: str | Path = "runs",
    checkpoints: str | Path | None = None,
) -> "Painter":
    """Open a model to paint with: its `generate` and `walk` give uint8 arrays.

    name: of a run in `runs` (RUN@best for its best checkpoint), of published weights
    such as "flowers", the path of a run, folder or file, or a name on the Hugging Face
    Hub such as "me/roses"; None for the usual one.
    """
    from artgan.paint.painter import open_model

    for told, path in ("name", name), ("checkpoints", checkpoints):
        if path is not None:
            arguments.check_path(told, path)
    return open_model(name, arguments.check_path("runs", runs), checkpoints)


def train(
    folder: str | Path | None = None,
    run: str | None = None,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    preset: str | None = None,
    warm_start: str | Path | None = None,
    callbacks: Iterable[Callable[[Any, list[float]], object]] = (),
    fresh: bool = False,
    new_data: bool = False,
    runs: str | Path = "runs",
    classes: str | int | None = None,
    devices: int | None = None,
    **settings: Any,
) -> "Painter":
    """Train on a folder of pictures, or go on with a run; return what it has learnt.

    folder: of pictures, None for the run's own; run: its name in `runs`, None for that
    of the folder; minutes or steps: how much more, 20 minutes by default; preset and
    settings: fields of Config, such as size=64, or size="192x128"; classes: "folder", a
    column of metadata.csv, "dataset.json", or how many to find; warm_start: a model to
    begin with; callbacks: called after each step with the GAN and the discriminator's
    loss, the generator's, and accuracy; fresh: start over; new_data: pictures may be
    others; devices: GPUs that share a step. What Ctrl-C or a callback ends is saved.
    """
    if steps is not None:
        steps, minutes = arguments.check_whole("steps", steps, 1, 10**9), None
    elif minutes is not None:
        minutes = arguments.check_number("minutes", minutes, 0.01, 1e6)
    if devices is not None:
        devices = arguments.check_whole("devices", devices, 1, 1024)
    if classes is not None:
        settings["classes_from"] = str(classes)
    asked: dict[str, Any] = {"preset": preset, "changes": settings}
    asked |= {"warm_start": warm_start, "fresh": fresh, "new_data": new_data}
    with arguments.in_a_sentence():
        if not all(map(callable, callbacks := list(callbacks))):
            raise arguments.wrong("callbacks", callbacks, "functions")
        plan = plan_training(folder, run, runs, **asked)
    load_quietly()
    from artgan.runs.train import train_run

    train_run(plan, steps, minutes, callbacks=callbacks, devices=devices)
    return load(plan.run.folder, plan.run.folder.parent)


@arguments.in_a_sentence()
def evaluate(
    images: "np.ndarray", dataset: "Dataset | np.ndarray", mirrored: bool = False
) -> "Evaluation":
    """Compare painted pictures with real ones: KID, SWD, copies, diversity, structure.

    images: uint8 [n, h, w, 3]; dataset: a Dataset of that size, or such an array;
    mirrored: mirrored ones are copies too. Returns `figures`, the numbers by name, and
    `pairs`, those most like a real picture.
    """
    load_quietly()
    from artgan.evaluation.evaluate import evaluate as compare

    return compare(images, getattr(dataset, "images", dataset), mirrored)


@arguments.in_a_sentence()
def save_animation(images: "np.ndarray", path: str | Path, fps: float = 15) -> Path:
    """Write images, uint8 [n, h, w, 3], as an endless .gif, .webp or .mp4."""
    from PIL import Image

    from artgan.paint.animation import save_animation as save
    from artgan.paint.files import check_targets

    pictures = map(Image.fromarray, arguments.check_pictures(images))
    return save(pictures, check_targets([path], force=True)[0], fps)


@arguments.in_a_sentence()
def save_grid(
    images: "np.ndarray", path: str | Path, columns: int | None = None
) -> Path:
    """Write images, uint8 [n, h, w, 3], as one .png, .jpg or .webp sheet.

    columns: how many in a row, by default about as many as in a column.
    """
    from artgan.paint.files import check_targets, picture_grid, save_picture

    images = arguments.check_pictures(images)
    if columns is not None:
        columns = arguments.check_whole("columns", columns, 1, len(images))
    [target] = check_targets([path], force=True)
    save_picture(picture_grid(images, columns), target, {})
    return target
