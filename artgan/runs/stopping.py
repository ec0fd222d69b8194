"""However a training stops, on all computers, it is saved, and a sentence says why."""

import math
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import tensorflow as tf

from artgan.gan.classes import Labelled
from artgan.gan.devices import is_alone, numbers_of_all, shared_step
from artgan.gan.training import GAN, train
from artgan.runs.recorder import Recorder
from artgan.runs.run import Run
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say
from artgan.system.processes import stopped_between_steps


class EndOfAll(KeyboardInterrupt):
    """All computers end after this step."""


def train_and_save(
    gan: GAN,
    recorder: Recorder | None,
    images: np.ndarray | Labelled,
    strategy: tf.distribute.Strategy,
    failures: list[BaseException],
    callbacks: Iterable[Callable] = (),
    steps: int | None = None,
    minutes: float | None = None,
) -> None:
    """Train so many more steps or minutes, and leave the run saved however it ends.

    recorder: None on a computer of which another keeps the run; failures: gets what a
    callback raised. What breaks a step is raised, and nothing saved.
    """
    together = True
    with stopped_between_steps() as stop_if_asked:
        actions: list[Callable] = [*callbacks, stop_if_asked]
        actions = [recorder, *actions] if recorder else actions
        act = ending_together(strategy, actions, minutes, failures)
        try:
            train(gan, images, steps, minutes, [act], shared_step(strategy))
        except (KeyboardInterrupt, OSError) as error:  # of printing, or the pictures
            say("\nStopped. Saving; the same command, without --fresh, goes on.")
            together = isinstance(error, EndOfAll)
            failures += [error] if isinstance(error, OSError) else []
        if recorder:
            try:
                recorder.save(gan)
            except KeyboardInterrupt:
                recorder.save(gan)
            recorder.save_sample(gan)
        if together:
            numbers_of_all(strategy, 0)  # they wait until it is saved
    if recorder and not failures:
        tell_end(gan, recorder)


def ending_together(
    strategy: tf.distribute.Strategy,
    actions: list[Callable],
    minutes: float | None,
    failures: list[BaseException],
) -> Callable:
    """What is done after each step, so that all computers end after the same one.

    None waits for ever in a step that another does not make.
    """
    alone = is_alone(strategy)  # then `train` knows when they are
    end = math.inf if alone or not minutes else time.monotonic() + round(60 * minutes)

    def act(gan: GAN, losses: list[float]) -> None:
        action, ending = None, None
        try:
            for action in actions:
                action(gan, losses)
        except BaseException as error:
            ending = error
        over = ending is not None or time.monotonic() >= end
        over = bool(numbers_of_all(strategy, over).any())
        if isinstance(ending, Exception) and isinstance(action, Recorder):
            raise ending  # for what it would save is broken
        if ending and not isinstance(ending, KeyboardInterrupt):
            failures.append(ending)
        if over:
            raise EndOfAll

    return act


def tell_end(gan: GAN, recorder: Recorder) -> None:
    """Draw what came of it and say where it is; ArtganError if it is not saved."""
    if recorder.problem:
        raise ArtganError(f"{recorder.problem} {last_good(recorder.run)}")
    drawn = recorder.attempt("The GIF", recorder.run.draw)
    told = f" The pictures: {drawn[0]}; the curves: {drawn[1]}." if drawn else ""
    print(f"Step {int(gan.step.numpy())}.{told}")


def check_alike(
    strategy: tf.distribute.Strategy, parts: Iterable[bytes], what: str, advice: str
) -> None:
    """Raise ArtganError on every computer if the `parts` of one have other bytes."""
    number = 0
    for part in parts:
        number = zlib.crc32(part, number)
    numbers = numbers_of_all(strategy, number)
    if others := np.flatnonzero(numbers != numbers[0]).tolist():
        raise ArtganError(
            f"Worker {', '.join(map(str, others))} has other {what} than worker 0. "
            f"Nothing was changed. {advice}"
        )


@contextmanager
def explained(run: Run) -> Iterator[list[BaseException]]:
    """Turn what ends a training badly into an ArtganError that tells what was kept.

    Yields a list; what the block puts there is raised as it is.
    """
    failures: list[BaseException] = []
    try:
        yield failures
    except (FloatingPointError, MemoryError, tf.errors.OpError) as error:
        happened = printable(error) or type(error).__name__
    else:
        for failure in failures:
            raise failure
        return
    raise ArtganError(
        f"Training stopped: {happened}. {last_good(run)} Start it again, on all its "
        "computers, to go on from that. If it happens again, train a new run with "
        "--set precision=float32 or, where memory is full, --set batch_size=4."
    )


def last_good(run: Run) -> str:
    """A sentence on the last checkpoint that was saved."""
    path = printable(next(iter(run.saved), "none yet"), 400)
    return f"The last good checkpoint is {path}."
