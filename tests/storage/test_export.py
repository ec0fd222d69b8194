"""Exported generators paint without a line of this project."""

import os
import subprocess
import sys
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np
import pytest

from artgan.__main__ import main
from artgan.storage import export
from artgan.storage.builders import build_stored_generator
from artgan.storage.export import FORMATS, export_generator, plain_generator
from artgan.storage.publishing import write_weights
from artgan.storage.weights import named_arrays
from artgan.system.errors import ArtganError

CONVERTER = all(map(find_spec, ["tf2onnx", "onnx", "onnxruntime"]))
ONNX = pytest.mark.skipif(not CONVERTER, reason="ONNX is an extra: pip install .[onnx]")
KINDS = ["keras", "savedmodel", pytest.param("onnx", marks=ONNX)]
PROGRAM = """
import sys
import keras
import numpy as np
import tensorflow as tf
latents = np.load("latents.npy")
np.save("keras.npy", keras.models.load_model("roses.keras")(latents))
model = tf.saved_model.load("roses")
np.save("savedmodel.npy", model.serve(latents))
if "onnx" in sys.argv:
    import onnxruntime
    session = onnxruntime.InferenceSession("roses.onnx")
    np.save("onnx.npy", session.run(None, {"latents": latents})[0])
assert not any(name.startswith("artgan") for name in sys.modules)
"""


def make_generator(config, **changes):
    """A generator with statistics that a trained one would have."""
    generator = build_stored_generator(replace(config, **changes))
    draw = np.random.default_rng(0)
    for weight in generator.weights:
        numbers = draw.normal(size=weight.shape) / np.sqrt(np.prod(weight.shape[:-1]))
        weight.assign(numbers if weight.ndim > 1 else np.abs(numbers))
    return generator


@pytest.fixture(scope="module")
def exports(tiny_config, tmp_path_factory):
    """A folder with one generator in every format that this machine can write."""
    folder = tmp_path_factory.mktemp("exports")
    generator = make_generator(tiny_config, width=64, classes="guardi:3,marieschi:2")
    kinds = ["keras", "savedmodel"] + ["onnx"] * CONVERTER
    written = {export_generator(generator, k, folder / "roses").name for k in kinds}
    assert written == {path.name for path in folder.iterdir()}
    latents = np.random.default_rng(1).normal(size=[5, 8]).astype(np.float32)
    np.save(folder / "latents.npy", latents)
    command = [sys.executable, "-I", "-c", PROGRAM, *kinds]
    subprocess.run(command, cwd=folder, check=True)
    np.save(folder / "wanted.npy", generator(latents))
    size = (folder / "roses.keras").stat().st_size
    assert 4 * generator.count_params() < size < 4 * generator.count_params() + 200_000
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_fresh_process_without_the_project_paints_the_same(exports, kind):
    wanted = np.load(exports / "wanted.npy")
    assert wanted.std() > 0.05
    found = np.load(exports / f"{kind}.npy")
    np.testing.assert_allclose(found, wanted, atol=1e-3 if kind == "onnx" else 1e-4)


@pytest.mark.parametrize(
    "changes",
    [{"generator": "slim"}, {"generator": "dcgan", "initial_resolution": 8}],
)
def test_only_layers_of_keras_are_left_and_paint_the_same(tiny_config, changes):
    generator = make_generator(tiny_config, **changes)
    plain = plain_generator(generator)
    for layer in plain._flatten_layers():
        assert type(layer).__module__.startswith("keras."), layer
    latents = np.random.default_rng(1).normal(size=[2, 6]).astype(np.float32)
    np.testing.assert_allclose(plain(latents), generator(latents), atol=1e-4)


def test_a_layer_of_another_kind_is_a_sentence():
    class Odd(keras.layers.Layer):
        pass

    with pytest.raises(ArtganError, match="The layer Odd cannot be exported"):
        export.plain_layer(Odd())


def test_what_paints_otherwise_is_thrown_away(tiny_gan, tmp_path, monkeypatch):
    def wrong(model, path):
        model.set_weights([0 * array for array in model.get_weights()])
        model.save(path)

    suffix, _, load, tolerance = FORMATS["keras"]
    monkeypatch.setitem(FORMATS, "keras", (suffix, wrong, load, tolerance))
    with pytest.raises(ArtganError, match="paints other pictures"):
        export_generator(tiny_gan.generator_ema, "keras", tmp_path / "x.keras")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_converter_is_a_sentence(tiny_gan, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ArtganError, match="pip install tf2onnx"):
        export_generator(tiny_gan.generator_ema, "onnx", tmp_path / "x.onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_that_is_no_text_will_do(tiny_gan, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("caf\udce9 [1]*")
    assert export_generator(tiny_gan.generator_ema, "keras", path).exists()


def test_the_command_says_what_goes_in_and_out(tiny_gan, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    networks = {"generator": named_arrays(tiny_gan.generator_ema)}
    write_weights(tmp_path / "roses", networks, asdict(tiny_gan.config), 3, {})
    for _ in range(2):
        code = main(["export", "roses", "--to", "keras", "--out", "results/roses"])
    output = capsys.readouterr()
    told = "latents [n, 6], float32, normal, become pictures [n, 32, 32, 3] in [-1, 1]"
    assert told in output.out
    assert (tmp_path / "results" / "roses.keras").is_file()
    assert code == 2 and "is there already" in output.err
