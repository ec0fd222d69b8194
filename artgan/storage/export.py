"""Generators for other programs: files that paint with no code of this project."""

import importlib.util
import io
import os
import tempfile
import warnings
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from artgan.gan.fast.convolutions import Conv2DTranspose
from artgan.gan.fast.layers import BatchNormalization, GatedLinearUnit, Noise
from artgan.gan.fast.upsampling import SmoothConv2D, UpsampleConv2D
from artgan.system.errors import ArtganError


def export_generator(generator, kind, path):
    """Write a generator as "keras", "savedmodel" or "onnx"; return the path.

    What is written takes latents, float32 [batch, latent_size], and gives pictures,
    float32 [batch, size, size, 3], as the generator does. It is loaded again and must
    paint the same before it gets its name, to which a suffix that it needs is added.
    Raises ArtganError, and writes nothing, if it does not, something is there already,
    or a library is missing.
    """
    write, load, tolerance = FORMATS[kind]
    path = Path(path)
    if not path.name.endswith(SUFFIXES[kind]):
        path = path.with_name(path.name + SUFFIXES[kind])
    if path.exists():
        raise ArtganError(f"{path} is there already. Name another --out, or remove it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, quiet():
        temporary = Path(folder, path.name)
        write(plain_generator(generator), temporary)
        check_pictures(generator, load(temporary), tolerance)
        os.replace(temporary, path)
    return path


def plain_generator(generator):
    """A copy of a generator that is built from Keras's own layers only."""
    latents = keras.Input(generator.input_shape[1:], name="latents")
    plain = keras.models.clone_model(generator, latents, plain_layer)
    kept = [layer for layer in generator.layers if not isinstance(layer, Noise)]
    plain.set_weights([weight for layer in kept for weight in layer.get_weights()])
    plain(np.zeros([1, latents.shape[1]]))  # Keras exports what has been called once
    return plain


def plain_layer(layer):
    """Keras's own layer that does the same as a layer of the project."""
    for ours, plain in PLAIN.items():
        if isinstance(layer, ours):
            return plain(layer)
    if not type(layer).__module__.startswith("keras."):
        raise ArtganError(
            f"The layer {type(layer).__name__} cannot be exported. Nothing was written."
        )
    return type(layer).from_config(layer.get_config())


def plain_base(kind):
    """What makes Keras's own layer of a kind from ours, which only computes faster."""
    return lambda layer: kind.from_config(layer.get_config())


def plain_gate(layer):
    """A gated linear unit as a small network: halves a, b -> a * sigmoid(b)."""
    inputs = keras.Input(layer.input.shape[1:])
    values, gates = keras.ops.split(inputs, 2, axis=-1)
    outputs = layers.Multiply()([values, layers.Activation("sigmoid")(gates)])
    return keras.Model(inputs, outputs, name=layer.name)


def plain_upsample(layer):
    """A convolution of copied pixels as a small network of Keras's own layers."""
    inputs = keras.Input(layer.input.shape[1:])
    x = layers.UpSampling2D(2)(inputs)
    outputs = plain_base(layers.Conv2D)(layer)(x)
    return keras.Model(inputs, outputs, name=layer.name)


def plain_smooth(layer):
    """A convolution of a doubled grid as a small network of Keras's own layers."""
    reach = layer.spread.shape[1] // 2
    inputs = keras.Input(layer.input.shape[1:])
    edges = [[0, 0], [reach, reach], [reach, reach], [0, 0]]
    x = keras.ops.pad(inputs, edges, "symmetric")
    x = layers.UpSampling2D(2, interpolation="bilinear")(x)
    x = layers.Conv2D(layer.filters, layer.kernel_size)(x)
    first = 2 * reach - (layer.kernel_size - 1) // 2
    last = 2 * reach - layer.kernel_size // 2
    outputs = layers.Cropping2D([[first, last]] * 2)(x)
    return keras.Model(inputs, outputs, name=layer.name)


def plain_noise(layer):
    """The noise of painting as a small network of Keras's own layers."""
    grid, latents = (keras.Input(tensor.shape[1:]) for tensor in layer.input)
    x = keras.ops.matmul(latents, np.asarray(layer.directions))
    x = layers.Reshape([*grid.shape[1:3], 1])(x)
    outputs = grid + x * np.asarray(layer.strength)
    return keras.Model([grid, latents], outputs, name=layer.name)


PLAIN = {
    BatchNormalization: plain_base(layers.BatchNormalization),
    Conv2DTranspose: plain_base(layers.Conv2DTranspose),
    UpsampleConv2D: plain_upsample,
    GatedLinearUnit: plain_gate,
    SmoothConv2D: plain_smooth,
    Noise: plain_noise,
}


def write_onnx(model, path):
    """Write an ONNX file through Keras and tf2onnx."""
    for name in ("tf2onnx", "onnx", "onnxruntime"):
        if importlib.util.find_spec(name) is None:
            raise ArtganError(
                "Exporting ONNX needs three more libraries: pip install tf2onnx onnx "
                "onnxruntime. Nothing was written."
            )
    if tuple(map(int, keras.__version__.split(".")[:2])) < (3, 8):
        raise ArtganError("Exporting ONNX needs Keras 3.8: pip install -U keras.")
    model.export(path, format="onnx")


def load_onnx(path):
    """A function latents -> pictures that an ONNX file computes."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda latents: session.run(None, {session.get_inputs()[0].name: latents})[0]


def load_saved_model(path):
    """A function latents -> pictures that a SavedModel computes."""
    model = tf.saved_model.load(str(path))
    return lambda latents: model.serve(latents)


FORMATS = {  # How to write, how to load, and how far a colour may be off.
    "keras": (
        lambda model, path: model.save(path),
        keras.models.load_model,
        1e-4,
    ),
    "savedmodel": (
        lambda model, path: model.export(path),
        load_saved_model,
        1e-4,
    ),
    "onnx": (write_onnx, load_onnx, 1e-3),
}
SUFFIXES = {"keras": ".keras", "savedmodel": "", "onnx": ".onnx"}


def check_pictures(generator, painter, tolerance):
    """Raise ArtganError unless a function paints as a generator does."""
    shape = [3, generator.input_shape[1]]
    latents = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    difference = np.abs(np.asarray(painter(latents)) - generator(latents)).max()
    if not difference <= tolerance:
        raise ArtganError(
            f"What was exported paints other pictures (off by {difference:.2g} of a "
            "range of 2), so it was thrown away."
        )


@contextmanager
def quiet():
    """Hold back the remarks of the converters."""
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
