"""Loading TensorFlow as this program needs it, whatever the user's machine is set to.

Nothing here is needed to understand the GAN. Call `load_quietly` before anything that
imports TensorFlow or Keras.
"""

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from artgan.system.errors import ArtganError
from artgan.system.printing import printable, say

ONEDNN, THREADS = "TF_ENABLE_ONEDNN_OPTS", "TF_NUM_INTRAOP_THREADS"
CPU = Path("/proc/cpuinfo")
NO_AVX = (
    "This processor has no AVX, without which TensorFlow ends at once. Use a newer "
    "computer, or let the virtual machine pass AVX on."
)
NO_DLL = (
    " On Windows it needs the Microsoft Visual C++ Redistributable: install it from "
    "https://aka.ms/vs/17/release/vc_redist.x64.exe."
)
SLOW = (
    f"TensorFlow was loaded before artgan and without {ONEDNN}=1, so training takes "
    "half as long again. Import artgan first, or set that variable and start again."
)


def load_quietly() -> None:
    """Import TensorFlow and Keras, silent and with the settings this program needs.

    What TensorFlow's libraries say on the standard error output is sent away; Python's
    own errors still show. A user's keras.json, and another choice of backend, change
    nothing. Raises ArtganError where TensorFlow cannot be loaded.
    """
    if "tensorflow" in sys.modules:
        tell_slow()
    else:
        tell_processor()
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        # On processors with AVX2 only, TensorFlow leaves oneDNN off: it is half as fast
        # again with it.
        os.environ.setdefault(ONEDNN, "1")
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = "tensorflow"
        import_both()
    settle_keras()


def import_both() -> None:
    """Import TensorFlow and Keras; an ArtganError says in a sentence why it failed."""
    # Keras would load matplotlib, for drawings of its own.
    unloaded = sys.modules.setdefault("matplotlib", None) is None  # type: ignore
    try:
        with silent_errors():
            import keras  # noqa: F401
            import tensorflow  # noqa: F401
    except ImportError as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        dll = any("DLL load failed" in line for line in lines)
        raise ArtganError(
            f"TensorFlow could not be loaded: {printable(lines[0])}."
            + (NO_DLL if dll else " Install this program anew.")
        ) from error
    except AssertionError as error:  # Keras checks its settings so
        raise ArtganError(
            f"Keras could not be loaded ({printable(error)}). Mend or remove "
            "keras.json in the folder .keras."
        ) from error
    finally:
        if unloaded:
            del sys.modules["matplotlib"]


def settle_keras() -> None:
    """Undo what a keras.json says of numbers and layout."""
    import keras

    if keras.config.backend() != "tensorflow":
        raise ArtganError(
            f"Keras was loaded with {printable(keras.config.backend())} before. Import "
            "artgan first, or set KERAS_BACKEND=tensorflow."
        )
    keras.config.set_floatx("float32")
    keras.config.set_image_data_format("channels_last")


def tell_processor(cpu: Path = CPU) -> None:
    """Say so if TensorFlow is about to abort on this processor: no Python catches it.

    One that somebody built for an older processor lives.
    """
    if platform.machine().lower() in ("x86_64", "amd64") and cpu.exists():
        if "avx" not in cpu.read_text("utf-8", "replace").split():
            say(NO_AVX, sys.stderr)


@cache
def tell_slow() -> None:
    """Say, once, if TensorFlow is slower than it need be since it was loaded before."""
    if not kernels()["oneDNN"] and sys.platform != "darwin":
        say(SLOW, sys.stderr)


def kernels() -> dict[str, bool | int]:
    """What decides the last bits of a result: {"oneDNN": on or off, "threads": n}."""
    import tensorflow as tf
    from tensorflow.python.util import _pywrap_util_port  # nothing public tells it

    threads = tf.config.threading.get_intra_op_parallelism_threads()
    threads = threads or int(os.environ.get(THREADS) or 0)
    on = bool(_pywrap_util_port.IsMklEnabled())
    return {"oneDNN": on, "threads": threads or usable_cores()}


def usable_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def compare_kernels(stored: dict, now: dict) -> str:
    """A sentence if a run goes on with other kernels than before, else "".

    stored, now: as from `kernels`; what is not stored is believed to be the same.
    """
    before = now | stored
    if before == now:
        return ""
    return (
        f"This run was computed {described(before)}, and now is {described(now)}: it "
        "goes on, though not to the same bits. To have them, start with "
        f"{ONEDNN}={int(before['oneDNN'])} {THREADS}={before['threads']} in the "
        "environment."
    )


def described(found: dict) -> str:
    """Kernels in words."""
    return f"with{'' if found['oneDNN'] else 'out'} oneDNN on {found['threads']} cores"


@contextmanager
def silent_errors() -> Iterator[None]:
    """Send away what C++ says on the standard error output, for the block."""
    try:
        messages = os.dup(2)
    except OSError:  # it is closed, so nothing is said
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(messages, 2)
        os.close(messages)
        os.close(nowhere)
