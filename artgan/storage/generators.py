"""From stored weights to a generator that paints, and on to files of other programs."""

import os
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache, partial
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from artgan.gan.config import Config
from artgan.gan.generator import build_generator
from artgan.gan.layers import EvenConv2DTranspose, even_kernel
from artgan.storage.weights import Arrays
from artgan.system.errors import ArtganError


def build_in_float32(config: Config) -> keras.Model:
    """An untrained generator in float32: machines of a kind paint alike from a seed."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        return build_generator(config)
    finally:
        keras.config.set_dtype_policy(before)


@cache
def shapes_of(config: Config) -> dict[str, tuple]:
    """The shape of each weight of a config's generator by its name."""
    with tf.Graph().as_default():  # computes nothing, so a huge network costs nothing
        return {w.path: tuple(w.shape) for w in build_in_float32(config).weights}


def load_generator(config: Config, arrays: Arrays) -> keras.Model:
    """The generator of a config with arrays by name; ArtganError for another's."""
    wanted, found = shapes_of(config), {name: a.shape for name, a in arrays.items()}
    for name in wanted | found:
        if wanted.get(name) != found.get(name):
            raise ArtganError(
                f"The weights do not fit the network of their settings: {name!r:.80} "
                f"is {found.get(name)} where {wanted.get(name)} is needed."
            )
    generator = build_in_float32(config)
    generator.set_weights([arrays[name] for name in wanted])
    return generator


def export_generator(generator: keras.Model, kind: str, path: Path) -> Path:
    """Write a generator as "keras" or "onnx"; return the path, with that suffix.

    What is written takes latents, float32 [batch, latent_size], and gives pictures. It
    is loaded again and must paint the same. Raises ArtganError, and writes nothing, if
    it does not, something is there already, or a library is missing.
    """
    write, load = FORMATS[kind]
    path = path.with_name(f"{path.name.removesuffix(f'.{kind}')}.{kind}")
    if path.exists():
        raise ArtganError(f"{str(path)!r} is there already. Name another --out.")
    shape = [3, generator.input_shape[1]]
    latents = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=path.parent) as folder,
        redirect_stdout(StringIO()),
        warnings.catch_warnings(action="ignore"),
    ):
        temporary = Path(folder, f"generator.{kind}")
        try:
            write(plain_generator(generator), temporary)
            painted = np.asarray(load(temporary)(latents))
            difference = np.abs(painted - generator(latents)).max()
            if not difference <= 1e-3:
                raise ValueError(f"it paints other pictures, off by {difference:.2g}")
            os.replace(temporary, path)
        except Exception as error:  # a layer that is not Keras's, a library missing
            raise ArtganError(
                f"{str(path)!r} was not written: {type(error).__name__}, "
                f"{str(error)!r:.300}. ONNX needs pip install 'artgan[onnx]'."
            ) from error
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
    kinds: Any = type(layer).__mro__  # ours only compute faster
    kind = next(k for k in kinds if not k.__module__.startswith("artgan.gan."))
    return kind.from_config(layer.get_config())


def load_onnx(path: Path) -> Callable:
    """A function latents -> pictures that an ONNX file computes."""
    import onnxruntime

    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=providers)
    return lambda latents: session.run(None, {"latents": latents})[0]


FORMATS: dict[str, tuple[Callable, Callable]] = {
    "keras": (keras.Model.save, keras.models.load_model),
    "onnx": (partial(keras.Model.export, format="onnx"), load_onnx),
}
