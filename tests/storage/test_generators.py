"""Generators from stored weights, and files that paint without this project."""

import subprocess
import sys
import tracemalloc
from dataclasses import replace
from importlib.util import find_spec

import keras
import numpy as np
import pytest
from painters import named_arrays

from artgan.gan.config import preset
from artgan.storage import generators
from artgan.storage.generators import build_in_float32, export_generator, load_generator
from artgan.system.errors import ArtganError

CONVERTER = all(map(find_spec, ["tf2onnx", "onnx", "onnxruntime"]))
ONNX = pytest.mark.skipif(not CONVERTER, reason="ONNX is an extra: pip install .[onnx]")
PROGRAMS = {
    "keras": """
import sys
import keras
import numpy as np
np.save("found.npy", keras.models.load_model("roses.keras")(np.load("latents.npy")))
assert not any(name.startswith("artgan") for name in sys.modules)
""",
    "onnx": """
import numpy as np
import onnxruntime
session = onnxruntime.InferenceSession("roses.onnx")
np.save("found.npy", session.run(None, {"latents": np.load("latents.npy")})[0])
""",
}


def normal(*shape):
    """Random latents."""
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def make_generator(config, **changes):
    """A generator with statistics that a trained one would have."""
    generator = build_in_float32(replace(config, **changes))
    draw = np.random.default_rng(0)
    for weight in generator.weights:
        numbers = draw.normal(size=weight.shape) / np.sqrt(np.prod(weight.shape[:-1]))
        weight.assign(numbers if weight.ndim > 1 else np.abs(numbers))
    return generator


def test_arrays_by_name_give_the_same_network_in_float32(tiny_gan):
    arrays = dict(reversed(named_arrays(tiny_gan.generator_ema).items()))
    keras.config.set_dtype_policy("mixed_bfloat16")
    generator = load_generator(tiny_gan.config, arrays)
    assert keras.config.dtype_policy().name == "mixed_bfloat16"
    keras.config.set_dtype_policy("float32")
    assert {layer.compute_dtype for layer in generator.layers} == {"float32"}
    wanted = tiny_gan.generator_ema(normal(2, 6))
    np.testing.assert_allclose(generator(normal(2, 6)), wanted, atol=1e-5)


def test_weights_that_do_not_fit_are_refused_by_name(tiny_gan):
    whole, dense = named_arrays(tiny_gan.generator_ema), "dense/kernel"
    fewer = {name: array for name, array in whole.items() if name != dense}
    for arrays, words in (
        (whole | {dense: np.ones([1, 2])}, r"dense/kernel' is \(1, 2\) where \(6, "),
        (whole | {"wing": np.ones(3)}, r"wing' is \(3,\) where None is needed"),
        (fewer, r"dense/kernel' is None where \(6, "),
    ):
        with pytest.raises(ArtganError, match=words):
            load_generator(tiny_gan.config, arrays)


def test_huge_settings_cost_no_memory(tiny_gan):
    huge = {"latent_size": 4096, "max_channels": 4096, "base_channels": 4096}
    tracemalloc.start()
    with pytest.raises(ArtganError, match="do not fit the network"):
        load_generator(preset("default", **huge), named_arrays(tiny_gan.generator_ema))
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


@pytest.mark.parametrize("kind", ["keras", pytest.param("onnx", marks=ONNX)])
def test_a_new_process_without_the_project_paints_the_same(tiny_config, tmp_path, kind):
    generator = make_generator(tiny_config, width=64, classes="guardi:3,marieschi:2")
    path = export_generator(generator, kind, tmp_path / "roses")
    assert [*tmp_path.iterdir()] == [path]
    assert path.stat().st_size < 4 * generator.count_params() + 200_000
    np.save(tmp_path / "latents.npy", normal(5, 8))
    command = [sys.executable, "-I", "-c", PROGRAMS[kind]]
    subprocess.run(command, cwd=tmp_path, check=True)
    wanted = generator(normal(5, 8)).numpy()
    assert wanted.std() > 0.05
    np.testing.assert_allclose(np.load(tmp_path / "found.npy"), wanted, atol=1e-3)
    with pytest.raises(ArtganError, match="is there already"):
        export_generator(generator, kind, path)


def wrong(model, path):
    """Save a model that paints black."""
    model.set_weights([0 * array for array in model.get_weights()])
    model.save(path)


def without_library(model, path):
    raise ImportError("No module named 'tf2onnx'")


@pytest.mark.parametrize(
    ("write", "words"),
    [(wrong, "paints other pictures"), (without_library, r"tf2onnx.*artgan\[onnx\]")],
)
def test_what_is_wrong_is_not_written(tiny_gan, tmp_path, monkeypatch, write, words):
    monkeypatch.setitem(generators.FORMATS, "keras", (write, keras.models.load_model))
    with pytest.raises(ArtganError, match=words):
        export_generator(tiny_gan.generator_ema, "keras", tmp_path / "x.keras")
    assert list(tmp_path.iterdir()) == []
