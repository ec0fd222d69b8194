"""However a training stops, it is saved, and what went wrong is a sentence."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tensorflow as tf

from artgan.gan.classes import Labelled
from artgan.gan.devices import find_strategy, shared_step
from artgan.gan.training import GAN, train
from artgan.runs.recorder import Recorder
from artgan.runs.run import Run
from artgan.runs.together import LOST, EndOfAll, ending_together, wait_for_all
from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say
from artgan.system.processes import stopped_between_steps


def train_and_save(
    gan: GAN,
    recorder: Recorder | None,
    images: np.ndarray,
    steps: int | None = None,
    minutes: float | None = None,
    callbacks: Iterable[Callable] = (),
    labels: np.ndarray | None = None,
    strategy: tf.distribute.Strategy | None = None,
) -> None:
    """Train so many more steps or minutes, and leave the run saved however it ends.

    recorder: None on a computer of which another keeps the run. Raises as `train_run`;
    checkpoints that were there are never worse for it.
    """
    failures: list[BaseException] = []
    guarded = [ending_with(failures, callback) for callback in callbacks]
    recording: list[Callable] = [recorder] if recorder else []
    strategy, with_others = strategy or find_strategy(1), True
    with explained(recorder):
        with stopped_between_steps() as stop_if_asked:
            try:
                after_step = [*recording, *guarded, stop_if_asked]
                after_step = ending_together(strategy, after_step, minutes)
                taught = images if labels is None else Labelled(images, labels)
                go = shared_step(strategy)
                train(gan, taught, steps, minutes, after_step, go=go)
            except KeyboardInterrupt as error:
                with_others = isinstance(error, EndOfAll)
                say("\nStopped. Saving; the same command goes on from here.")
            except OSError as error:  # of printing, or of the pictures
                with_others = False
                failures.append(error)
            if recorder:
                save_at_last(gan, recorder)
            if with_others:
                wait_for_all(strategy)  # until it is saved
    if failures:
        raise failures[0]
    if recorder:
        tell_end(gan, recorder)


def tell_end(gan: GAN, recorder: Recorder) -> None:
    """Draw what came of it and say where it is; ArtganError if it is not saved."""
    if problem := recorder.saver.problem:
        raise ArtganError(f"{problem} {last_good(recorder)}")
    drawn = recorder.attempt("The GIF", draw, recorder.run)
    told = f" The pictures: {drawn[0]}; the curves: {drawn[1]}." if drawn else ""
    print(f"Step {int(gan.step.numpy())}.{told}")


def ending_with(failures: list[BaseException], callback: Callable) -> Callable:
    """A callback that ends the training, to be saved, where the other raises."""

    def call(gan: GAN, losses: list[float]) -> None:
        try:
            callback(gan, losses)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            failures.append(error)
            raise KeyboardInterrupt from error

    return call


def save_at_last(gan: GAN, recorder: Recorder) -> None:
    """Save the end of a training, even if it is told to stop just then."""
    try:
        recorder.saver(gan)
    except KeyboardInterrupt:
        recorder.saver(gan)
    recorder.save_sample(gan)


def draw(run: Run) -> tuple[Path, Path]:
    """Draw the GIF and the curves; matplotlib takes its time to load."""
    from artgan.runs.figures import draw_run

    return draw_run(run.folder)


@contextmanager
def explained(recorder: Recorder | None) -> Iterator[None]:
    """Turn what ends a training badly into an ArtganError that tells what was kept."""
    try:
        yield
        return
    except FloatingPointError as error:
        happened = f"Training stopped: {error}. Nothing of that was saved."
        next_time = "Run this again, or a new run with --set precision=float32."
    except LOST:
        raise
    except (tf.errors.OpError, MemoryError) as error:
        happened = f"Training could not go on: {reason(error)}."
        next_time = "Make room in memory, or train a new run with --set batch_size=4."
    raise ArtganError(f"{happened} {last_good(recorder)} {next_time}")


def last_good(recorder: Recorder | None) -> str:
    """A sentence on the last checkpoint that was saved."""
    if not recorder:
        return "Worker 0 keeps the run."
    path = printable(recorder.saver.last_good or "none yet", 400)
    return f"The last good checkpoint is {path}."


def reason(error: Exception) -> str:
    """What TensorFlow says has happened, without where in its graph.

    It says "{{function_node ...}} what happened [Op:Conv2D]".
    """
    line = re.sub(r"\{\{.*?\}\}|\[Op:.*", "", f"{error}", flags=re.DOTALL)
    return printable(line.rpartition("; ")[2].strip() or type(error).__name__)
