"""Several computers train one run: they begin alike, and what ends one ends all."""

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import tensorflow as tf

from artgan.gan.devices import computers, numbers_of_all
from artgan.gan.training import GAN
from artgan.storage.checkpoints import gan_variables
from artgan.system.errors import ArtganError

# What TensorFlow raises where another computer no longer answers.
LOST = (
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
    tf.errors.FailedPreconditionError,
    tf.errors.UnavailableError,
)


class EndOfAll(KeyboardInterrupt):
    """All computers end after this step."""


def ending_together(
    strategy: tf.distribute.Strategy,
    actions: Iterable[Callable],
    minutes: float | None = None,
) -> list[Callable]:
    """What is done after each step, so that all computers end after the same one.

    What one of them raises ends all, be it the end of its minutes: none waits for ever
    in a step that another does not make.
    """
    if computers() == 1:
        return [*actions]
    end = time.monotonic() + 60 * (minutes or float("inf"))

    def act(gan: GAN, losses: list[float]) -> None:
        ending = None
        try:
            for action in actions:
                action(gan, losses)
        except BaseException as error:
            ending = error
        over = ending is not None or time.monotonic() >= end
        if numbers_of_all(strategy, over).any():
            if ending and not isinstance(ending, KeyboardInterrupt):
                raise ending
            raise EndOfAll

    return [act]


def check_alike(
    strategy: tf.distribute.Strategy, parts: Iterable[bytes], what: str, advice: str
) -> None:
    """Raise ArtganError on every computer if one of them has something else.

    parts: the bytes of what must be alike; what: its name in the sentence.
    """
    if computers() == 1:
        return
    number = 0
    for part in parts:
        number = zlib.crc32(part, number)
    numbers = numbers_of_all(strategy, number)
    if others := np.flatnonzero(numbers != numbers[0]).tolist():
        raise ArtganError(
            f"Worker {', '.join(map(str, others))} has other {what} than worker 0. "
            f"Nothing was changed. {advice}"
        )


def wait_for_all(strategy: tf.distribute.Strategy) -> None:
    """Return once every computer has come so far."""
    if computers() > 1:
        numbers_of_all(strategy, 0)


def numbers_in(gan: GAN) -> Iterable[bytes]:
    """All that training changes, as bytes."""
    return (np.asarray(v.numpy()).tobytes() for v in gan_variables(gan).values())


@contextmanager
def losing_none() -> Iterator[None]:
    """Turn it into an ArtganError where another computer no longer answers."""
    try:
        yield
    except LOST:
        raise ArtganError(
            "Another computer of TF_CONFIG has ended, or cannot be reached. The run's "
            "last checkpoint is kept. Start all of them again to go on from it."
        ) from None
