"""Loading TensorFlow as this program needs it, whatever the user's machine is set to.

Nothing here is needed to understand the GAN. Call `load_quietly` before anything that
imports TensorFlow or Keras.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from artgan.system.errors import ArtganError
from artgan.system.printing import printable

CPU = Path("/proc/cpuinfo")
NO_AVX = (
    "TensorFlow does not start on this processor, which has no AVX. Use a newer "
    "computer, or let the virtual machine pass AVX on."
)
NO_DLL = (
    " On Windows it needs the Microsoft Visual C++ Redistributable: install it from "
    "https://aka.ms/vs/17/release/vc_redist.x64.exe."
)


def load_quietly() -> None:
    """Import TensorFlow and Keras, silent and with the settings this program needs.

    What TensorFlow and its libraries say on the standard error output is sent away;
    Python's own errors still show. A user's keras.json, and another choice of backend,
    change nothing. Raises ArtganError where TensorFlow cannot be loaded.
    """
    loaded = {"tensorflow", "keras"} <= set(sys.modules)
    if not loaded:
        check_processor()
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        # On processors with AVX2 only, TensorFlow leaves oneDNN off: it is twice as
        # fast with it.
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
        os.environ["KERAS_BACKEND"] = "tensorflow"
        import_both()
    settle_keras()


def import_both() -> None:
    """Import TensorFlow and Keras; an ArtganError says in a sentence why it failed."""
    try:
        # Keras would load matplotlib, for drawings of its own.
        with silent_errors(), hidden("matplotlib"):
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


def check_processor(cpu: Path = CPU) -> None:
    """Raise ArtganError if TensorFlow would end this process on its processor.

    Without AVX it aborts, which no Python catches. A TensorFlow that somebody built for
    an older processor works, so one that may not is tried in a process of its own.
    """
    if platform.machine().lower() not in ("x86_64", "amd64") or not cpu.exists():
        return
    if " avx " in cpu.read_text("utf-8", "replace").replace("\n", " \n"):
        return
    trial = [sys.executable, "-c", "import tensorflow"]
    if subprocess.run(trial, capture_output=True, check=False).returncode < 0:
        raise ArtganError(NO_AVX)


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


@contextmanager
def hidden(name: str) -> Iterator[None]:
    """Let a package that is not loaded yet seem not to be installed, for the block."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
