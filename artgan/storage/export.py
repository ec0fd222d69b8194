"""Generators for other programs: files that paint with no code of this project."""

import importlib.util
import io
import os
import tempfile
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from artgan.gan.upsample import EvenConv2DTranspose, even_kernel
from artgan.system.errors import ArtganError

# Layers that only compute faster than those they extend, or change their weights.
OURS = "artgan.gan.fast.", "artgan.gan.upsample"


def export_generator(generator: keras.Model, kind: str, path: Path) -> Path:
    """Write a generator as "keras", "savedmodel" or "onnx"; return the path.

    What is written takes latents, float32 [batch, latent_size], and gives pictures,
    float32 [batch, size, size, 3]. It is loaded again and must paint the same before it
    gets its name, to which the suffix that it needs is added. Raises ArtganError, and
    writes nothing, if it does not, something is there already, or a library is missing.
    """
    suffix, write, load, tolerance = FORMATS[kind]
    path = path.with_name(path.name.removesuffix(suffix) + suffix)
    if path.exists():
        raise ArtganError(
            f"{str(path)!r} is there already. Name another --out, or remove it."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=path.parent) as folder,
        warnings.catch_warnings(action="ignore"),
        redirect_stdout(io.StringIO()),
    ):
        temporary = Path(folder, "generator" + suffix)
        write(plain_generator(generator), temporary)
        check_pictures(generator, load(temporary), tolerance)
        os.replace(temporary, path)
    return path


def plain_generator(generator: keras.Model) -> keras.Model:
    """A copy of a generator that is built from Keras's own layers only."""
    latents = keras.Input(generator.input_shape[1:], name="latents")
    plain = keras.models.clone_model(generator, latents, plain_layer)
    plain.set_weights(generator.get_weights())
    for layer in generator.layers:
        if isinstance(layer, EvenConv2DTranspose):
            plain.get_layer(layer.name).kernel.assign(even_kernel(layer.kernel))
    plain(np.zeros([1, latents.shape[1]]))  # Keras exports what has been called once
    return plain


def plain_layer(layer: keras.layers.Layer) -> keras.layers.Layer:
    """Keras's own layer that can do the same as one of the project."""
    kinds = type(layer).__mro__
    kind: Any = next(kind for kind in kinds if not kind.__module__.startswith(OURS))
    if not kind.__module__.startswith("keras."):
        raise ArtganError(
            f"The layer {kind.__name__} cannot be exported. Nothing was written."
        )
    return kind.from_config(layer.get_config())


def check_pictures(generator: keras.Model, painter: Callable, tolerance: float) -> None:
    """Raise ArtganError unless a function paints as a generator does."""
    shape = [3, generator.input_shape[1]]
    latents = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    difference = np.abs(np.asarray(painter(latents)) - generator(latents)).max()
    if not difference <= tolerance:
        raise ArtganError(
            f"What was exported paints other pictures (off by {difference:.2g} of a "
            "range of 2), so it was thrown away."
        )


def write_onnx(model: keras.Model, path: Path) -> None:
    """Write an ONNX file through Keras and tf2onnx."""
    for name in ("tf2onnx", "onnx", "onnxruntime"):
        if importlib.util.find_spec(name) is None:
            raise ArtganError(
                "Exporting ONNX needs three more libraries: pip install tf2onnx onnx "
                "onnxruntime. Nothing was written."
            )
    model.export(path, format="onnx")


def load_onnx(path: Path) -> Callable:
    """A function latents -> pictures that an ONNX file computes."""
    import onnxruntime

    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=providers)
    return lambda latents: session.run(None, {session.get_inputs()[0].name: latents})[0]


def load_saved_model(path: Path) -> Callable:
    """A function latents -> pictures that a SavedModel computes."""
    model = tf.saved_model.load(str(path))
    return lambda latents: model.serve(latents)


FORMATS: dict[str, tuple[str, Callable, Callable, float]] = {
    # its suffix, how to write, how to load, and how far a colour may be off
    "keras": (".keras", keras.Model.save, keras.models.load_model, 1e-4),
    "savedmodel": ("", keras.Model.export, load_saved_model, 1e-4),
    "onnx": (".onnx", write_onnx, load_onnx, 1e-3),
}
