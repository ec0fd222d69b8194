"""The Python API: open a model and paint, train one, compare, save what was painted.

`artgan/__init__.py` hands these out. Each loads TensorFlow when it is called. All of
them raise ArtganError, with a sentence, for what a user can mend.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artgan.runs.begin import MINUTES, plan_training
from artgan.system.arguments import (
    check_number,
    check_path,
    check_pictures,
    check_whole,
    wrong,
)
from artgan.system.tensorflow import load_quietly

if TYPE_CHECKING:
    import numpy as np

    from artgan.data.dataset import Dataset
    from artgan.evaluation.evaluate import Evaluation
    from artgan.gan.config import Config
    from artgan.paint.painter import Painter


def load(
    name: str | Path | None = None,
    runs: str | Path = "runs",
    checkpoints: str | Path | None = None,
) -> "Painter":
    """Open a model to paint with: its `generate` and `walk` give uint8 arrays.

    name: of a run in `runs` (RUN@best for its best checkpoint), of published weights
    such as "flowers", the path of a run or of a folder or file of weights, a name on
    the Hugging Face Hub such as "me/roses", or an address that ends in #sha256=; None
    for the usual one. checkpoints: the folder of published weights, if not the shipped
    one.
    """
    from artgan.paint.painter import open_model

    if name is not None:
        check_path("name", name)
    return open_model(name, check_path("runs", runs), checkpoints)


def train_model(
    folder: str | Path | None = None,
    run: str | None = None,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    preset: str | None = None,
    warm_start: str | Path | None = None,
    callbacks: Iterable[Callable[[Any, list[float]], object]] = (),
    fresh: bool = False,
    runs: str | Path = "runs",
    classes: str | int | None = None,
    devices: int | None = None,
    **settings: Any,
) -> "Painter":
    """Train on a folder of pictures, or go on with a run; return what it has learnt.

    folder: of pictures, None for the run's own; run: its name in `runs`, None for that
    of the folder; minutes or steps: how much more, 20 minutes by default; preset and
    settings: fields of Config, such as size=64, or size="192x128" for width x height;
    classes: "folder" for subfolders, a column of metadata.csv, or how many to find;
    warm_start: a model that a new run begins with; callbacks: called after each step
    with the GAN and [discriminator's loss, generator's loss, discriminator's accuracy];
    fresh: start over; devices: how many GPUs share a step, by default all. Ctrl-C, or a
    callback that raises KeyboardInterrupt, ends the training, and it is saved; it is
    too where a callback raises anything else, which is then raised again.
    """
    amount = amount_of(steps, minutes)
    if devices is not None:
        devices = check_whole("devices", devices, 1, 1024)
    callbacks = check_callbacks(callbacks)
    if classes is not None:
        settings["classes_from"] = str(classes)
    options: dict[str, Any] = {
        "preset": preset,
        "changes": settings,
        "warm_start": warm_start,
    }
    plan = plan_training(folder, run, runs, **options, fresh=fresh)
    load_quietly()
    from artgan.runs.train import train_run

    train_run(plan, **amount, callbacks=callbacks, devices=devices)
    return load(plan.run.folder, plan.runs)


def amount_of(steps: int | None, minutes: float | None) -> dict[str, Any]:
    """How much to train: {"steps": N} or {"minutes": M}; ArtganError for neither."""
    if steps is not None:
        return {"steps": check_whole("steps", steps, 1, 10**9)}
    minutes = MINUTES if minutes is None else minutes
    return {"minutes": check_number("minutes", minutes, 0.01, 1e6)}


def check_callbacks(callbacks: Any) -> list[Callable]:
    """Return functions as a list; ArtganError for anything else."""
    listed: list[Any] = list(callbacks) if isinstance(callbacks, Iterable) else [None]
    if not all(map(callable, listed)):
        raise wrong("callbacks", callbacks, "a list of functions")
    return listed


def preset(name: str = "default", **changes: Any) -> "Config":
    """The settings of a preset ("default", "dcgan" or "seed"), some of them changed."""
    from artgan.gan import config

    return config.preset(name, **changes)


def evaluate(
    images: "np.ndarray", dataset: "Dataset | np.ndarray", mirrored: bool = False
) -> "Evaluation":
    """Compare painted pictures with real ones: KID, SWD, copies, diversity, structure.

    images: uint8 [n, h, w, 3]; dataset: a Dataset of that size, or such an array;
    mirrored: whether a mirrored real picture counts as a copy too. The result's
    `figures` has the numbers by name, its `pairs` those most like a real picture.
    """
    load_quietly()
    from artgan.evaluation.evaluate import evaluate as compare

    return compare(images, getattr(dataset, "images", dataset), mirrored)


def save_animation(images: "np.ndarray", path: str | Path, fps: float = 15) -> Path:
    """Write images, uint8 [n, h, w, 3], as an endless .gif, .webp or .mp4."""
    from PIL import Image

    from artgan.paint.animation import save_animation as save
    from artgan.paint.files import check_targets

    images = check_pictures(images)
    [target] = check_targets([path], force=True)
    return save(map(Image.fromarray, images), target, fps)


def save_grid(
    images: "np.ndarray", path: str | Path, columns: int | None = None
) -> Path:
    """Write images, uint8 [n, h, w, 3], as one .png, .jpg or .webp sheet.

    columns: how many in a row, by default about as many as in a column.
    """
    from artgan.paint.files import check_targets, save_picture
    from artgan.paint.grid import picture_grid

    images = check_pictures(images)
    if columns is not None:
        columns = check_whole("columns", columns, 1, len(images))
    [target] = check_targets([path], force=True)
    save_picture(picture_grid(images, columns), target, {})
    return target
