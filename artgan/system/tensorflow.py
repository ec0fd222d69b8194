"""Loading TensorFlow as this program needs it, whatever a machine is set to."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say

ONEDNN, THREADS = "TF_ENABLE_ONEDNN_OPTS", "TF_NUM_INTRAOP_THREADS"


@cache
def load_quietly() -> None:
    """Import TensorFlow and Keras, silent and with the settings this program needs.

    Call it before anything that imports them. A user's keras.json, and another choice
    of backend, change nothing. Raises ArtganError where they cannot be loaded.
    """
    late = "tensorflow" in sys.modules
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault(ONEDNN, "1")  # else off with AVX2 only
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = "tensorflow"
    try:
        with silent_errors():
            import keras
            import tensorflow  # noqa: F401
    except (ImportError, AssertionError) as error:  # Keras asserts its settings
        raise ArtganError(
            f"TensorFlow could not be loaded: {printable(repr(error))}. Install this "
            "program anew, on Windows Microsoft's Visual C++ Redistributable too, and "
            "remove keras.json in the folder .keras."
        ) from error
    if (backend := keras.config.backend()) != "tensorflow":
        raise ArtganError(
            f"Keras was loaded with {printable(backend)} before. Import artgan first, "
            "or set KERAS_BACKEND=tensorflow."
        )
    keras.config.set_floatx("float32")
    keras.config.set_image_data_format("channels_last")
    if late and not kernels()["oneDNN"] and sys.platform != "darwin":
        say(
            f"TensorFlow was loaded before artgan and without {ONEDNN}=1: training "
            "takes half as long again. Import artgan first, or set that variable.",
            sys.stderr,
        )


@contextmanager
def silent_errors() -> Iterator[None]:
    """Send away what C++ says on the standard error output, for the block."""
    messages, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(messages, 2)
        os.close(messages)
        os.close(nowhere)


def kernels() -> dict[str, bool | int]:
    """What decides the last bits of a result: {"oneDNN": on or off, "threads": n}."""
    import tensorflow as tf
    from tensorflow.python.util import _pywrap_util_port  # nothing public tells it

    threads = tf.config.threading.get_intra_op_parallelism_threads()
    threads = threads or int(os.environ.get(THREADS) or 0)
    if not threads and hasattr(os, "sched_getaffinity"):
        threads = len(os.sched_getaffinity(0))
    on = bool(_pywrap_util_port.IsMklEnabled())
    return {"oneDNN": on, "threads": threads or os.cpu_count() or 1}


def compare_kernels(stored: dict, now: dict) -> str:
    """A sentence if a run goes on with other `kernels` than those stored, else ""."""
    before = now | stored
    if before == now:
        return ""
    was, goes = (
        f"{'with' if side['oneDNN'] else 'without'} oneDNN in {side['threads']} threads"
        for side in (before, now)
    )
    return (
        f"This run was computed {was} and goes on {goes}, not to the same bits. To "
        f"have them, start with {ONEDNN}={int(before['oneDNN'])} "
        f"{THREADS}={before['threads']} in the environment."
    )
