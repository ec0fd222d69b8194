"""One training step on several devices: each has its share of the batch.

TensorFlow's own `tf.distribute` does all of the communication. Two things are averaged
over devices, the gradients in `fast/optimizer.py` and the statistics of batch
normalisation in `fast/layers.py`; nothing else knows of devices.
"""

import json
import os
import signal
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import tensorflow as tf

from artgan.gan.classes import classes_of_step
from artgan.gan.training import train_step
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say
from artgan.system.processes import handling

strategies: dict[Any, tf.distribute.Strategy] = {}  # TensorFlow bears one a process


def find_strategy(devices: int | None = None) -> tf.distribute.Strategy:
    """How a step is shared: over `devices` GPUs of this computer, or over computers.

    devices: None for every GPU, or on processors one; more of them where there is no
    GPU are logical processors, to try it. TF_CONFIG names the computers, as TensorFlow
    documents it, and all their GPUs train. Raises ArtganError where that cannot be.
    """
    gpus = tf.config.list_physical_devices("GPU")
    count: Any = devices or max(1, len(gpus))
    if computers() > 1:
        count = "computers"
        if devices:
            raise ArtganError(
                "TF_CONFIG has all GPUs of its computers train. Leave --devices "
                "(devices) out, or unset TF_CONFIG to train on this computer alone."
            )
    if count == 1:
        return tf.distribute.get_strategy()
    if count not in strategies:
        if strategies:
            raise ArtganError(
                "This process has trained on another number of devices. Nothing was "
                "changed. Start Python anew for this one."
            )
        strategies[count] = make_strategy(count, len(gpus))
    return strategies[count]


def make_strategy(count: Any, gpus: int) -> tf.distribute.Strategy:
    """The strategy of this process, which must not have computed anything yet."""
    if count == "computers":
        say(f"Waiting until all {computers()} computers of TF_CONFIG are there.")
        try:
            with handling(
                ("SIGINT", "SIGTERM"), signal.SIG_DFL
            ):  # it may wait for ever
                return tf.distribute.MultiWorkerMirroredStrategy()
        except (RuntimeError, ValueError, tf.errors.OpError) as error:
            raise ArtganError(
                f"These computers cannot train together ({printable(error)}). Nothing "
                "was changed. See to TF_CONFIG, and train before all else."
            ) from None
    if gpus and count > gpus:
        raise ArtganError(f"There are {gpus} GPUs here, not {count}.")
    if not gpus:
        split_processor(count)
    kind = "GPU" if gpus else "CPU"
    return tf.distribute.MirroredStrategy([f"{kind}:{n}" for n in range(count)])


def computers() -> int:
    """How many computers TF_CONFIG has train; 1 without it."""
    try:
        jobs = json.loads(os.environ.get("TF_CONFIG") or "{}").get("cluster", {})
        return max(1, sum(len(jobs.get(job, [])) for job in ("chief", "worker")))
    except (AttributeError, TypeError, ValueError):
        raise ArtganError(
            "TF_CONFIG is not as TensorFlow documents it. Nothing was changed. Mend or "
            "unset it."
        ) from None


def worker_number(strategy: tf.distribute.Strategy) -> int:
    """Which of the computers this is; number 0, the chief, keeps the run."""
    if not (resolver := strategy.cluster_resolver):
        return 0
    chief_first = resolver.task_type == "worker" and "chief" in (
        resolver.cluster_spec().jobs
    )
    return resolver.task_id + chief_first


def numbers_of_all(strategy: tf.distribute.Strategy, number: int) -> np.ndarray:
    """Tell each computer the number of every other: int64 [computers].

    Each waits here until all have told theirs.
    """
    told = make_teller(strategy)(tf.constant(number, tf.int64))
    rows = strategy.experimental_local_results(told)[0].numpy()
    return rows[:: len(rows) // computers()]


@cache  # as tracing it takes a while
def make_teller(strategy: tf.distribute.Strategy) -> Callable:
    """A function that makes of one number here those of all devices: [devices]."""

    def row(own):
        context = tf.distribute.get_replica_context()
        own *= tf.one_hot(
            context.replica_id_in_sync_group,
            context.num_replicas_in_sync,
            dtype=tf.int64,
        )
        return context.all_reduce("SUM", own)

    return tf.function(lambda own: strategy.run(row, (own,)), autograph=False)


def split_processor(count: int) -> None:
    """Make the processor seem `count` devices; ArtganError once it is in use."""
    [processor] = tf.config.list_physical_devices("CPU")
    parts = [tf.config.LogicalDeviceConfiguration() for _ in range(count)]
    try:
        tf.config.set_logical_device_configuration(processor, parts)
    except RuntimeError:
        raise ArtganError(
            f"TensorFlow has begun to compute on one device, not {count}. Start Python "
            "anew and train before all else."
        ) from None


def check_batch(batch_size: int, strategy: tf.distribute.Strategy) -> None:
    """Raise ArtganError unless the batch can be shared evenly."""
    if batch_size % strategy.num_replicas_in_sync:
        count = strategy.num_replicas_in_sync
        raise ArtganError(
            f"A batch of {batch_size} cannot be shared by {count} devices. Nothing was "
            f"changed. Choose a batch_size that {count} divides, such as --set "
            f"batch_size={-(-batch_size // count) * count}, or fewer --devices."
        )


def shared_step(strategy: tf.distribute.Strategy) -> Callable:
    """`train_step` on all devices of a strategy: the same losses on each computer.

    It takes a GAN and a batch: uint8 images, or (images, labels) of a `Labelled`.
    """
    devices = strategy.num_replicas_in_sync

    @tf.function(autograph=False)
    def run_step(gan, *batch):
        found = strategy.run(train_step.python_function, (gan, *batch))
        return [strategy.reduce("MEAN", number, axis=None) for number in found]

    def step(gan, batch):
        images, *labels = batch if isinstance(batch, tuple) else (batch,)
        classes = classes_of_step(gan, *labels) if labels else []
        if devices == 1:
            return train_step(gan, images, *classes)
        rows = len(images) // devices

        def share(array):
            def own(context):
                first = rows * context.replica_id_in_sync_group
                return tf.constant(array[first : first + rows])

            return strategy.experimental_distribute_values_from_function(own)

        return run_step(gan, *tf.nest.map_structure(share, [images, *classes]))

    return step
