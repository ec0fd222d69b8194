"""The Python API: open a model and paint, train one, compare, save what was painted.

`artgan/__init__.py` hands these out. Each loads TensorFlow when it is called. All of
them raise ArtganError, with a sentence, for what a user can mend.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artgan.runs.begin import find_run, load_dataset, wanted_config
from artgan.system.arguments import check_number, check_pictures, check_whole
from artgan.system.tensorflow import load_quietly

if TYPE_CHECKING:
    import numpy as np

    from artgan.data.dataset import Dataset
    from artgan.evaluation.evaluate import Evaluation
    from artgan.gan.config import Config
    from artgan.paint.painter import Painter

MINUTES = 20  # of a training where nothing is said


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

    return open_model(name, runs, checkpoints)


def train_model(
    folder: str | Path | None = None,
    run: str | None = None,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    preset: str | None = None,
    begin_with: str | Path | None = None,
    callbacks: Iterable[Callable[[Any, list[float]], object]] = (),
    fresh: bool = False,
    runs: str | Path = "runs",
    **settings: Any,
) -> "Painter":
    """Train on a folder of pictures, or go on with a run; return what it has learnt.

    folder: of pictures, None for the run's own; run: its name in `runs`, None for that
    of the folder; minutes or steps: how much more, 20 minutes by default; preset and
    settings: fields of Config, such as size=64; begin_with: a model that a new run
    begins with; callbacks: called after each step with the GAN and [discriminator's
    loss, generator's loss, discriminator's accuracy]; fresh: start over. Ctrl-C, or a
    callback that raises KeyboardInterrupt, ends the training, and it is saved.
    """
    amount = amount_of(steps, minutes)
    place, pictures, known = find_run(folder, run, runs, fresh)
    config = wanted_config(known, preset, settings)
    load_quietly()
    from artgan.runs.run import open_run, run_training
    from artgan.runs.run_file import write_run_file
    from artgan.runs.warm_start import warm_start

    learnt = load(begin_with, runs) if begin_with and not known else None
    dataset = load_dataset(pictures, config, place, known)
    with open_run(place, config, dataset.images, fresh) as (gan, recorder):
        write_run_file(place, config, dataset)
        if learnt and gan.step == 0:
            networks = "generator", "discriminator"
            print(warm_start(gan, {name: learnt.arrays(name) for name in networks}))
        run_training(gan, recorder, dataset.images, **amount, callbacks=callbacks)
    return load(place, runs)


def amount_of(steps: int | None, minutes: float | None) -> dict[str, Any]:
    """How much to train: {"steps": N} or {"minutes": M}; ArtganError for neither."""
    if steps is not None:
        return {"steps": check_whole("steps", steps, 1, 10**9)}
    minutes = MINUTES if minutes is None else minutes
    return {"minutes": check_number("minutes", minutes, 0.01, 1e6)}


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
