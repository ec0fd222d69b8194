"""Opening what can paint: published weights, a run, or a file, by name or path."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import tensorflow as tf

from artgan.storage.builders import build_stored_generator, stored_config
from artgan.storage.catalogue import names_of, published_folder, read_catalogue
from artgan.storage.checkpoints import by_name, checkpoint_step, newest_checkpoint
from artgan.storage.weights import fill, read_generator
from artgan.system.errors import ArtganError


@dataclass(frozen=True, eq=False)
class Model:
    """An averaged generator that paints, in float32, and where it comes from."""

    config: object  # a Config, or the settings of an ancestor's network
    generator_ema: keras.Model
    name: str  # such as "flowers-256", or the name of a run
    sha256: str  # of the generator's file, or of the checkpoint's data
    step: int


def open_model(name, runs="runs", checkpoints="checkpoints"):
    """Open the model of a name: published weights before a run before a path.

    name: of published weights, such as "flowers", of a run in `runs`, or a path to a
    folder or file of weights or to a run. Raises ArtganError that lists what there is,
    or says what is wrong with the weights.
    """
    name = str(name)
    if name in published_names(checkpoints):
        return open_weights(published_folder(name, checkpoints))
    for folder in Path(runs, name), Path(name):
        if is_run(folder):
            return open_run_model(folder)
    for place in Path(name), Path(checkpoints, name):
        if place.is_file() or (place / "generator.safetensors").is_file():
            return open_weights(place)
    raise ArtganError(f"There is no model '{name}'. {choice(runs, checkpoints)}")


def open_weights(place):
    """The model in a folder or file of weights. Raises ArtganError if it is no good."""
    path = Path(place, "generator.safetensors") if place.is_dir() else place.resolve()
    config, arrays, card = read_generator(place)
    model = empty_model(config)
    fill(model.generator_ema, arrays, place)
    name = path.parent.name if path.stem == "generator" else path.stem
    step, sha256 = int(card.get("step") or 0), card["sha256"]["generator"]
    return replace(model, name=name, step=step, sha256=sha256)


def open_run_model(folder):
    """The averaged generator of a run's newest whole checkpoint.

    Raises ArtganError where there is none, or none is whole.
    """
    folder = Path(folder)
    try:
        path, stored = newest_checkpoint(folder / "checkpoints")
        if path is None:
            raise ArtganError(f"{folder} has no checkpoint yet. Train it longer.")
        model = empty_model(stored)
        checkpoint = tf.train.Checkpoint(generator_ema=by_name(model.generator_ema))
        restored = checkpoint.restore(path)
        restored.expect_partial().assert_existing_objects_matched()
    except (AssertionError, ValueError) as error:
        raise ArtganError(f"{folder} cannot be opened: {error}") from None
    with open(f"{path}.data-00000-of-00001", "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    step = checkpoint_step(Path(path))
    return replace(model, name=folder.resolve().name, step=step, sha256=sha256)


def empty_model(settings):
    """A model of untrained weights from a stored config, a dictionary.

    It computes in float32 whatever it was trained in, so that a seed gives the same
    picture on machines of a kind. Raises ArtganError if it cannot be built.
    """
    config = stored_config(settings)
    return Model(config, build_stored_generator(config), "", "", 0)


def is_run(folder):
    """Tell whether a folder is that of a run."""
    return (folder / "checkpoints").is_dir()


def published_names(checkpoints):
    """The names and aliases of the published weights; none without a catalogue."""
    if not Path(checkpoints, "catalogue.json").exists():
        return []
    models = read_catalogue(checkpoints)
    return [name for item in models.items() for name in names_of(*item)]


def usual_name(checkpoints):
    """The model to paint with where none is named: "flowers", else the first published.

    Which one is printed where it is not the flowers.
    """
    names = published_names(checkpoints)
    if not names or "flowers" in names:
        return "flowers"
    print(f"Painting with {names[0]}, for no flowers are published yet.")
    return names[0]


def choice(runs, checkpoints):
    """A sentence that lists the models that there are."""
    published = ", ".join(published_names(checkpoints)) or "none"
    names = sorted(path.name for path in Path(runs).glob("*") if is_run(path))
    return (
        f"Published weights: {published}. Runs in {runs}: {', '.join(names) or 'none'}."
        " The path of a folder or file of weights will do too."
    )
