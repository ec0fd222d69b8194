"""One training step on several devices: each has its share of the batch.

TensorFlow's own `tf.distribute` does all of the communication. Two things are averaged
over devices, the gradients in `fast/optimizer.py` and the statistics of batch
normalisation in `fast/layers.py`; nothing else knows of devices.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from artgan.gan.training import train_step
from artgan.system.errors import ArtganError

strategies: dict[Any, tf.distribute.Strategy] = {}  # TensorFlow bears one a process


def find_strategy(devices: int | None = None) -> tf.distribute.Strategy:
    """How a step is shared: over `devices` GPUs of this computer, or over computers.

    devices: None for every GPU, or on processors one; more than there are GPUs makes
    logical processors, to try it. TF_CONFIG names the computers, as TensorFlow
    documents it. Raises ArtganError where that cannot be.
    """
    if devices not in strategies:
        if strategies:
            raise ArtganError("This process trains on other devices already.")
        strategies[devices] = make_strategy(devices)
    return strategies[devices]


def make_strategy(devices: int | None) -> tf.distribute.Strategy:
    """The strategy of this process, which must not have computed anything yet."""
    if "TF_CONFIG" in os.environ:
        return tf.distribute.MultiWorkerMirroredStrategy()
    found = tf.config.list_physical_devices("GPU")
    count = devices or max(1, len(found))
    if count == 1:
        return tf.distribute.get_strategy()
    if found and count > len(found):
        raise ArtganError(f"There are {len(found)} GPUs here, not {count}.")
    kind = "GPU" if found else "CPU"
    if not found:
        split_processor(count)
    return tf.distribute.MirroredStrategy([f"{kind}:{n}" for n in range(count)])


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
            f"A batch of {batch_size} cannot be shared by {count} devices. Choose a "
            f"--set batch_size that {count} divides."
        )


def shared_step(strategy: tf.distribute.Strategy) -> Callable:
    """`train_step` on all devices of a strategy: the same losses on each computer."""
    if strategy.num_replicas_in_sync == 1:
        return train_step

    @tf.function(autograph=False)
    def run_step(gan, images, labels):
        found = strategy.run(train_step.python_function, (gan, images, labels))
        return [strategy.reduce("MEAN", number, axis=None) for number in found]

    def step(gan, images: np.ndarray, labels: np.ndarray):
        rows = len(images) // strategy.num_replicas_in_sync

        def share(array):
            def own(context):
                first = rows * context.replica_id_in_sync_group
                return tf.constant(array[first : first + rows])

            return strategy.experimental_distribute_values_from_function(own)

        return run_step(gan, share(images), share(labels))

    return step
