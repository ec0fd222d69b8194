"""Loading TensorFlow without what nobody asked for: its remarks, and matplotlib."""

import os
import sys
from contextlib import contextmanager


def load_quietly():
    """Import TensorFlow with its messages sent away; Python's own errors still show."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    messages, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        with hidden("matplotlib"):  # Keras would load it, for drawings of its own
            import tensorflow  # noqa: F401
    finally:
        os.dup2(messages, 2)
        os.close(messages)
        os.close(nowhere)


@contextmanager
def hidden(name):
    """Let a package that is not loaded yet seem not to be installed, for the block."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None
    try:
        yield
    finally:
        del sys.modules[name]
