"""Loading TensorFlow without the screenful of remarks that it greets with."""

import os


def load_quietly():
    """Import TensorFlow with its messages sent away; Python's own errors still show."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    messages, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        import tensorflow  # noqa: F401
    finally:
        os.dup2(messages, 2)
        os.close(messages)
        os.close(nowhere)
