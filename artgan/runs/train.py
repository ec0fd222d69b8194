"""Training in a run's folder: go on where it stopped, save however it ends."""

import random
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from artgan.gan.config import Config
from artgan.gan.devices import (
    check_batch,
    find_strategy,
    shared_step,
    worker_number,
)
from artgan.gan.training import GAN, train
from artgan.paint.painter import Painter, open_model
from artgan.runs.begin import Plan, load_dataset
from artgan.runs.board import Board
from artgan.runs.classes import keep_classes, with_classes
from artgan.runs.recorder import Recorder
from artgan.runs.run import Run
from artgan.runs.stopping import train_and_save
from artgan.runs.together import check_alike, losing_none, numbers_in
from artgan.runs.warm_start import learnt_by, warm_start
from artgan.storage.checkpoints import load_checkpoint
from artgan.storage.weights import Damaged
from artgan.system.errors import ArtganError
from artgan.system.printing import printable
from artgan.system.processes import only_one

TRAINING = threading.Lock()


def train_run(
    plan: Plan,
    steps: int | None = None,
    minutes: float | None = None,
    until_step: int | None = None,
    callbacks: Iterable[Callable] = (),
    tensorboard: bool = False,
    devices: int | None = None,
) -> None:
    """Train as planned, so many more steps or minutes, or up to a step.

    callbacks: called after each step with the GAN and its losses; tensorboard: write
    for it too; devices: that share a step, as for `find_strategy`. What was trained is
    saved however it ends. Raises ArtganError when another training is under way, on a
    loss that is no number, or where the state could not be saved; and whatever a
    callback raised.
    """
    with one_training(), losing_none():
        strategy = find_strategy(devices)
        check_batch(plan.config.batch_size, strategy)
        model = None
        if plan.warm_start and plan.begins:
            model = open_model(plan.warm_start, plan.runs)
            print(model.opened)
        dataset = load_dataset(plan)
        plan, labels = with_classes(plan, dataset)
        seen = [dataset.fingerprint.encode()]
        seen += [] if labels is None else [labels.tobytes()]
        check_alike(strategy, seen, "pictures", "Give each the same --data.")
        with opened(plan, model, strategy) as (gan, restored):
            recorder = None
            if worker_number(strategy) == 0:
                plan.run.write(plan.config, dataset, plan.warm_start)
                if labels is not None and plan.begins:
                    keep_classes(plan, dataset, labels)
                recorder = Recorder(plan.run, dataset.images, restored, labels=labels)
                begin_recording(gan, recorder, tensorboard)
            if until_step is not None:
                steps = until_step - int(gan.step.numpy())
            if steps is not None and steps < 1:
                print("The run has made these steps already; --steps makes more.")
                return
            amount = steps, minutes, callbacks, labels, strategy
            train_and_save(gan, recorder, dataset.images, *amount)


@contextmanager
def one_training() -> Iterator[None]:
    """Keep a second training of this process away, and put back what one changes.

    Keras has one precision, and Python and NumPy one state of chance, for all threads.
    """
    if not TRAINING.acquire(blocking=False):
        raise ArtganError(
            "Another training is under way in this process. Nothing was changed. Wait "
            "until it ends, or start a second process."
        )
    policy = keras.config.dtype_policy()
    states = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
        random.setstate(states[0])
        np.random.set_state(states[1])
        TRAINING.release()


@contextmanager
def opened(
    plan: Plan, model: Painter | None, strategy: tf.distribute.Strategy
) -> Iterator[tuple[GAN, Path | None]]:
    """Hold a run's folder, new or resumed, for the block; other computers only read.

    Yields its GAN and the checkpoint that it goes on from, None for a new one. Raises
    ArtganError when another process trains there, or it has begun with other settings.
    """
    run = plan.run
    if worker_number(strategy) > 0:
        yield begin(plan, model, strategy)
        return
    if plan.fresh and run.folder.exists():
        with only_one(run.folder, "training in"):
            pass  # Windows renames no folder in which a file is held
        print(f"The old run is kept as {run.set_aside()}.")
    run.folder.mkdir(parents=True, exist_ok=True)
    with only_one(run.folder, "training in"):
        gan, restored = begin(plan, model, strategy)
        run.checkpoints.mkdir(exist_ok=True)
        run.tidy(int(gan.step.numpy()))
        yield gan, restored


def begin(
    plan: Plan, model: Painter | None, strategy: tf.distribute.Strategy
) -> tuple[GAN, Path | None]:
    """Make the GAN of a run, alike on all computers, and the checkpoint it is from."""
    with strategy.scope():  # in which all computers wait for the first
        gan = GAN(plan.config)
    restored = resume(gan, plan.run)
    if model and not restored:
        print(warm_start(gan, learnt_by(model)))
    advice = "Give each --runs and --from that all of them see."
    check_alike(strategy, numbers_in(gan), "checkpoints", advice)
    return gan, restored


def resume(gan: GAN, run: Run) -> Path | None:
    """Go on from the newest whole checkpoint; return its path, or None."""
    try:
        return load_checkpoint(gan, run.checkpoints)
    except (Damaged, ValueError) as error:
        raise ArtganError(
            f"{error} Nothing was changed. Give the settings the run was started with "
            "or none, another --run name, or --fresh to start it over."
        ) from None


def begin_recording(gan: GAN, recorder: Recorder, tensorboard: bool) -> None:
    """Say where a run is, and let a new one begin with a grid."""
    if tensorboard:
        place = recorder.run.folder / "tensorboard"
        recorder.board = recorder.attempt("TensorBoard", Board, place)
    if not recorder.saver.last_good:
        recorder.save_sample(gan)
    print(f"{recorder.run} is at step {int(gan.step.numpy())}. Ctrl-C stops and saves.")
    print(f"Watch {printable(recorder.run.latest)}.")


def dry_run(config: Config, devices: int | None = None) -> None:
    """Print the config and train two steps on noise, to see that all of it works."""
    strategy = find_strategy(devices)
    check_batch(config.batch_size, strategy)
    print("\n".join(f"{name} = {value!r}" for name, value in asdict(config).items()))
    shape = [2 * config.batch_size, *config.shape, 3]
    images = np.random.default_rng(config.seed).integers(0, 256, shape, np.uint8)
    with strategy.scope():
        gan = GAN(config)
    train(gan, images, steps=2, go=shared_step(strategy))
    for network in gan.generator, gan.discriminator:
        print(f"The {network.name} has {network.count_params():,} parameters.")
    print("Two steps ran, and nothing was kept.")
