"""One training step on several devices: each has its share of the batch.

`tf.distribute` does all of the communication; what a step shares is in `fast.py`.
"""

import signal
from collections.abc import Callable
from functools import cache

import numpy as np
import tensorflow as tf

from artgan.gan.classes import classes_of_step
from artgan.gan.fast import own_rows
from artgan.gan.training import train_step
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say
from artgan.system.processes import handling

WRONG = (AttributeError, RuntimeError, TypeError, ValueError, tf.errors.OpError)


def find_strategy(
    devices: int | None = None, batch_size: int = 0
) -> tf.distribute.Strategy:
    """How a step is shared: over `devices` GPUs of this computer, or over computers.

    devices: None for every GPU, or on processors one; more where there is no GPU are
    logical processors. TF_CONFIG names the computers. ArtganError where it cannot be.
    """
    gpus = len(tf.config.list_physical_devices("GPU"))
    count, strategy = devices or max(1, gpus), tf.distribute.get_strategy()
    try:
        if computers := computers_to_train():
            strategy = join(computers, devices)
        elif count > 1:
            strategy = mirror(count, gpus)
    except WRONG as error:
        raise ArtganError(
            f"The devices cannot train together ({printable(error)}). Nothing was "
            "changed. See to TF_CONFIG if it is set, or start Python anew and train "
            "before all else."
        ) from None
    if batch_size % (count := strategy.num_replicas_in_sync):
        fitting = -(-batch_size // count) * count
        raise ArtganError(
            f"A batch of {batch_size} cannot be shared by {count} devices. Nothing was "
            f"changed. Name fewer --devices, or --set batch_size={fitting}."
        )
    return strategy


def computers_to_train() -> tuple[str, ...]:
    """The addresses that TF_CONFIG has train, the chief first; () if this one alone."""
    cluster = tf.distribute.cluster_resolver.TFConfigClusterResolver().cluster_spec()
    jobs = cluster.as_dict()
    found = (*jobs.get("chief", ()), *jobs.get("worker", ()))
    return found if found[1:] else ()


@cache  # as a process can have but one
def join(computers: tuple[str, ...], devices: int | None) -> tf.distribute.Strategy:
    """The strategy of several computers, once all of them are there."""
    if devices:
        raise ArtganError(
            "TF_CONFIG has all GPUs of its computers train. Leave --devices (devices) "
            "out, or unset TF_CONFIG to train on this computer alone."
        )
    say(
        f"Waiting until {', '.join(computers)} are there. Ctrl-C ends it. Each must be "
        f"started, and reach {computers[0]}."
    )
    with handling(("SIGINT", "SIGTERM"), signal.SIG_DFL):  # it may wait for ever
        return tf.distribute.MultiWorkerMirroredStrategy()


@cache
def mirror(count: int, gpus: int) -> tf.distribute.Strategy:
    """The strategy of some GPUs, or without any of a processor in so many parts."""
    if gpus and count > gpus:
        raise ArtganError(f"There are {gpus} GPUs here, not {count}.")
    if not gpus:
        [processor] = tf.config.list_physical_devices("CPU")
        parts = [tf.config.LogicalDeviceConfiguration() for _ in range(count)]
        tf.config.set_logical_device_configuration(processor, parts)
    kind = "GPU" if gpus else "CPU"
    return tf.distribute.MirroredStrategy([f"{kind}:{n}" for n in range(count)])


def shared_step(strategy: tf.distribute.Strategy) -> Callable:
    """`train_step` on all devices of a strategy: the same losses on each computer.

    It takes a GAN and a batch: uint8 images, or (images, labels) of a `Labelled`.
    """
    devices = strategy.num_replicas_in_sync

    def step_on_share(gan, *batch):
        return train_step.python_function(gan, *tf.nest.map_structure(own_rows, batch))

    @tf.function(autograph=False)
    def step_on_all(gan, *batch):
        found = strategy.run(step_on_share, (gan, *batch))
        return [strategy.reduce("MEAN", number, axis=None) for number in found]

    def step(gan, batch):
        images, *labels = batch if isinstance(batch, tuple) else (batch,)
        classes = classes_of_step(gan, *labels) if labels else []
        go = step_on_all if devices > 1 else train_step
        return go(gan, images, *classes)

    return step


def is_alone(strategy: tf.distribute.Strategy) -> bool:
    """Whether all devices of a strategy are of this computer."""
    return strategy.cluster_resolver is None


def numbers_of_all(strategy: tf.distribute.Strategy, number: int) -> np.ndarray:
    """Once all computers have come so far, the number of each: int64 [computers]."""
    if is_alone(strategy):
        return np.array([number])
    told = telling(strategy)(tf.constant(number, tf.int64))
    rows = strategy.experimental_local_results(told)[0].numpy()
    return rows[:: len(strategy.extended.worker_devices)]


@cache  # as tracing it takes a while
def telling(strategy: tf.distribute.Strategy) -> Callable:
    """A function that makes of a number here those of all devices: [devices]."""

    def tell(own):
        context = tf.distribute.get_replica_context()
        place, count = context.replica_id_in_sync_group, context.num_replicas_in_sync
        return context.all_reduce("SUM", tf.one_hot(place, count, own, 0 * own))

    return tf.function(lambda own: strategy.run(tell, (own,)), autograph=False)
