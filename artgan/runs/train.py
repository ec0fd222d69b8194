"""Training in a run's folder: open it, go on where it stopped, record, save."""

import random
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict

import keras
import numpy as np
import tensorflow as tf

from artgan.data.dataset import Dataset
from artgan.gan.classes import Labelled
from artgan.gan.config import Config
from artgan.gan.devices import find_strategy, shared_step
from artgan.gan.training import GAN, train
from artgan.paint.painter import open_model
from artgan.runs.begin import Plan, load_dataset
from artgan.runs.classes import keep_classes, with_found
from artgan.runs.health import HealthCheck
from artgan.runs.recorder import Recorder
from artgan.runs.stopping import check_alike, explained, train_and_save
from artgan.storage.checkpoints import Learnt, load_checkpoint, read_state, warm_start
from artgan.storage.weights import Damaged, networks_in
from artgan.system.errors import ArtganError
from artgan.system.printing import printable
from artgan.system.processes import only_one

MINUTES = 20.0  # of a training where nothing is said
TRAINING = threading.Lock()


def train_run(
    plan: Plan,
    steps: int | None = None,
    minutes: float | None = None,
    until_step: int | None = None,
    callbacks: Iterable[Callable] = (),
    devices: int | None = None,
) -> None:
    """Train as planned: so many more steps or minutes (20), or up to a step.

    callbacks: called after each step with the GAN and its losses; devices: as for
    `find_strategy`. It is saved however it ends. Raises ArtganError where that, or a
    step, cannot be, or another training is under way; and what a callback raised.
    """
    if steps is None and until_step is None:
        minutes = minutes or MINUTES
    with one_training(), explained(plan.run) as failures:
        strategy = find_strategy(devices, plan.config.batch_size)
        learnt = None
        if plan.warm_start and plan.begins:
            model = open_model(plan.warm_start, plan.run.folder.parent)
            print(model.opened)
            learnt = {name: model.arrays(name) for name in networks_in(model.place)}
        dataset = load_dataset(plan)
        plan, labels = with_found(plan, dataset)
        kinds = b"" if labels is None else labels.tobytes()
        seen = [dataset.fingerprint.encode(), kinds]
        check_alike(strategy, seen, "pictures", "Give each the same --data.")
        chief = strategy.extended.should_checkpoint
        with held(plan) if chief else nullcontext():
            gan, is_new = begin(plan, learnt, strategy)
            recorder = record(plan, gan, is_new, dataset, labels) if chief else None
            if until_step is not None:
                steps = until_step - int(gan.step.numpy())
            if steps is not None and steps < 1:
                print("The run has made these steps already; --steps makes more.")
                return
            taught: np.ndarray | Labelled = dataset.images
            if labels is not None:
                taught = Labelled(taught, labels)
            asked = strategy, failures, callbacks, steps, minutes
            train_and_save(gan, recorder, taught, *asked)


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
def held(plan: Plan) -> Iterator[None]:
    """Hold a run's folder for the block; ArtganError if another process does."""
    folder = plan.run.folder
    if plan.fresh and folder.exists():
        with only_one(folder, "training in"):
            pass  # Windows renames no folder in which a file is held
        print(f"The old run is kept as {plan.run.set_aside()}.")
    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder, "training in"):
        yield


def begin(
    plan: Plan, learnt: Learnt | None, strategy: tf.distribute.Strategy
) -> tuple[GAN, bool]:
    """The GAN of a run, alike on all computers, and whether it begins with step 0.

    It goes on from the newest whole checkpoint; a new one takes what fits of `learnt`.
    """
    with strategy.scope():  # in which all computers wait for the first
        gan = GAN(plan.config)
    try:
        restored = load_checkpoint(gan, plan.run.checkpoints)
    except (Damaged, ValueError) as error:
        raise ArtganError(
            f"{error} Nothing was changed. Give the settings the run was started with "
            "or none, another --run name, or --fresh to start it over."
        ) from None
    if learnt and not restored:
        print(warm_start(gan, learnt))
    numbers = (array.tobytes() for array in read_state(gan).values())
    advice = "Give each --runs and --from that all of them see."
    check_alike(strategy, numbers, "checkpoints", advice)
    return gan, not restored


def record(
    plan: Plan, gan: GAN, is_new: bool, dataset: Dataset, labels: np.ndarray | None
) -> Recorder:
    """Write what a run is to remember, say where it is, and begin to record it."""
    run, step = plan.run, int(gan.step.numpy())
    run.tidy(step)
    run.write(plan.config, dataset, plan.warm_start)
    if labels is not None and plan.begins:
        keep_classes(plan, dataset, labels)
    recorder = Recorder(run, HealthCheck(run, dataset.images, labels))
    if is_new:
        recorder.save_sample(gan)
    print(f"{run} is at step {step}. Ctrl-C stops and saves.")
    print(f"Watch {printable(run.latest)}.")
    return recorder


def dry_run(config: Config, devices: int | None, plan: Plan | None = None) -> None:
    """Print the config and train two steps on noise, to see that all of it works.

    The pictures and classes of a plan, if there is one, are looked at as well.
    """
    if plan:
        with_found(plan, load_dataset(plan))
    strategy = find_strategy(devices, config.batch_size)
    print("\n".join(f"{name} = {value!r}" for name, value in asdict(config).items()))
    shape = [2 * config.batch_size, *config.shape, 3]
    images = np.random.default_rng(config.seed).integers(0, 256, shape, np.uint8)
    with strategy.scope():
        gan = GAN(config)
    train(gan, images, steps=2, go=shared_step(strategy))
    for network in gan.generator, gan.discriminator:
        print(f"The {network.name} has {network.count_params():,} parameters.")
    print("Two steps ran, on noise; no run was made or changed.")
