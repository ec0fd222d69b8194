"""The networks that the benchmark compares with are those of the project."""

import csv
import dataclasses
import importlib.util
import json
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from artgan.gan import networks
from artgan.gan.config import PRESETS, preset
from artgan.system.errors import ArtganError
from benchmarks import throughput, throughput_networks
from benchmarks.throughput_arithmetic import (
    PASSES,
    TUTORIAL_PASSES,
    forward_operations,
    layer_operations,
    step_operations,
)
from benchmarks.throughput_clock import Clock
from benchmarks.throughput_report import make_rows, print_table, write_csv
from benchmarks.throughput_worker import answer, read_pictures

TINY = {"size": 32, "width": 4, "discriminator_width": 4, "latent_size": 6}
TINY |= {"batch_size": 2, "precision": "float32"}
OTHERS = {"gated": True, "normalization": "both", "output_stride": 1}


@pytest.fixture(autouse=True)
def float32():
    """Whatever another test chose, these networks are float32."""
    keras.config.set_dtype_policy("float32")


@pytest.fixture(params=[*PRESETS, "others"])
def config(request):
    """A tiny config of each preset, and one with the switches that no preset uses."""
    if request.param == "others":
        return preset("default", **TINY | OTHERS)
    return preset(request.param, **TINY)


def pairs(config):
    """(network of the project, its twin in plain Keras), of both kinds."""
    for name in ("build_generator", "build_discriminator"):
        yield [getattr(m, name)(config) for m in (networks, throughput_networks)]


def kernel_shapes(network):
    """(kernel, output without the batch) of each layer that multiplies, sorted."""
    flat = [getattr(layer, "layer", layer) for layer in network.layers]
    found = [layer for layer in flat if hasattr(layer, "kernel")]
    outputs = [
        layer.output.shape[1:]
        for layer in network.layers
        if hasattr(getattr(layer, "layer", layer), "kernel")
    ]
    shapes = [tuple(layer.kernel.shape) for layer in found]
    return sorted(zip(shapes, outputs, strict=True))


def test_keras_twins_have_the_same_layers(config):
    for network, twin in pairs(config):
        assert kernel_shapes(network) == kernel_shapes(twin)
        assert network.count_params() == twin.count_params()


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", PRESETS)
def test_keras_twins_compute_the_same(name, training):
    # Keras's spectral normalisation overwrites its kernels, so it computes another.
    config = preset(name, **TINY | {"normalization": "batch"})
    for network, twin in pairs(config):
        twin.set_weights(network.get_weights())
        shape = [2, *network.input_shape[1:]]
        inputs = tf.random.stateless_normal(shape, [0, 1])
        ours = tf.nest.flatten(network(inputs, training=training))
        theirs = tf.nest.flatten(twin(inputs, training=training))
        for a, b in zip(ours, theirs, strict=True):
            # Where the last doubling is smooth, Keras's goes on with zeros.
            inside = ..., slice(1, -1), slice(1, -1), slice(None)
            a, b = (x.numpy()[inside if x.ndim == 4 else ...] for x in (a, b))
            np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)


def torch_shapes(network, inputs):
    """Those of `kernel_shapes` for a network of PyTorch, in Keras's order of axes."""
    found, kinds = [], ("Conv2d", "ConvTranspose2d", "Linear")

    def note(module, _, output):
        kernel = tuple(module.weight.permute(*range(2, module.weight.ndim), 1, 0).shape)
        found.append((kernel, (*output.shape[2:], output.shape[1])))

    for module in network.modules():
        if type(module).__name__.removeprefix("Parametrized") in kinds:
            module.register_forward_hook(note)
    network(inputs)
    return sorted(found)


def test_torch_twins_have_the_same_layers(config):
    torch = pytest.importorskip("torch", reason="PyTorch is only for the benchmark")
    from benchmarks.throughput_torch import Discriminator, Generator

    shapes = [2, config.latent_size], [2, 3, config.size, config.size]
    makers = Generator, Discriminator
    for (network, _), make, shape in zip(pairs(config), makers, shapes, strict=True):
        twin = make(config)
        assert torch_shapes(twin, torch.zeros(shape)) == kernel_shapes(network)
        trained = sum(weight.numel() for weight in twin.parameters())
        assert trained == sum(np.prod(w.shape) for w in network.trainable_weights)


def test_torch_augmentation_keeps_shapes_and_moves_pictures_whole():
    torch = pytest.importorskip("torch", reason="PyTorch is only for the benchmark")
    from benchmarks.throughput_torch_step import cut_out, translate

    images = torch.arange(1, 2 * 3 * 16 * 16 + 1).reshape(2, 3, 16, 16).float()
    moved = translate(images)
    assert moved.shape == images.shape
    for before, after in zip(images, moved, strict=True):
        shift = (after[after > 0] - before[0, 0, 0])[0]
        assert shift >= 0 and set(after.unique().tolist()) <= {
            0.0,
            *before.unique().tolist(),
        }
    holes = (cut_out(images) == 0).sum((1, 2, 3))
    assert ((holes > 0) & (holes <= 3 * 8 * 8)).all()


def quick_config():
    """A config whose graphs are small, with an average and an augmentation."""
    switches = {"size": 16, "average": 0.9, "augment": "translation", "flip": True}
    return preset("dcgan", **TINY | switches)


def task_of(name):
    """What a worker is asked for: two steps of one implementation."""
    fields = dataclasses.asdict(quick_config())
    return {"name": name, "config": fields, "data": None, "steps": 2}


@pytest.mark.parametrize("name", ["artgan", "tutorial"])
def test_each_implementation_trains_and_times_each_step(name):
    seconds = answer(task_of(name))
    assert np.shape(seconds) == (2, 2) and np.min(seconds) > 0
    json.dumps(seconds)


def test_torch_trains_and_times_each_step_in_a_process_of_its_own(repository):
    if not importlib.util.find_spec("torch"):
        pytest.skip("PyTorch is only for the benchmark")
    # The compiler that its optimisers bring aborts a process that has TensorFlow.
    module = "benchmarks.throughput_worker"
    command = [sys.executable, "-m", module, json.dumps(task_of("torch"))]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seconds = json.loads(done.stdout.splitlines()[-1])
    assert np.shape(seconds) == (2, 2) and np.min(seconds) > 0


def test_fit_trains_both_networks_and_the_average():
    from benchmarks.throughput_keras import fit

    config = quick_config()
    images = read_pictures(None, 4, config.size, 0)
    start = throughput_networks.build_generator(config)
    ticks = []
    gan = fit(config, images, 2, lambda: ticks.append(1))
    assert len(ticks) == 2
    assert gan.generator_optimizer.iterations == 2
    assert gan.discriminator_optimizer.iterations == 2
    assert len(start.weights) == len(gan.generator_ema.weights)
    pairs = zip(gan.generator_ema.weights, gan.generator.weights, strict=True)
    assert any(np.abs(slow.numpy() - fast.numpy()).max() > 0 for slow, fast in pairs)
    assert all(np.isfinite(w).all() for w in gan.get_weights())


def test_operations_of_a_layer_are_counted_as_by_hand():
    image = keras.Input([8, 8, 3])
    x = layers.Conv2D(5, 3, strides=2, padding="same")
    y = layers.Conv2DTranspose(7, 5, strides=2, padding="same")
    z = layers.Dense(2)
    keras.Model(image, z(layers.Flatten()(y(x(image)))))
    assert layer_operations(x) == 2 * (4 * 4) * (3 * 3) * 3 * 5
    assert layer_operations(y) == 2 * (4 * 4) * (5 * 5) * 5 * 7
    assert layer_operations(z) == 2 * (8 * 8 * 7) * 2


def test_a_step_of_the_classic_is_the_sum_of_its_passes():
    pair = [b for _, b in pairs(preset("seed", **TINY))]
    generator, discriminator = map(forward_operations, pair)
    assert step_operations(*pair) == 3 * generator + 8 * discriminator
    saved = step_operations(*pair) - step_operations(*pair, TUTORIAL_PASSES)
    assert saved == discriminator


def test_redrawing_is_paid_for_less_often():
    config = preset("default", **TINY)
    _, with_redrawing = [b for _, b in pairs(config)]
    generator, judging = [
        b for _, b in pairs(preset("default", **TINY, reconstruct=False))
    ]
    redrawn = forward_operations(with_redrawing) - forward_operations(judging)
    difference = step_operations(generator, with_redrawing) - step_operations(
        generator, judging
    )
    assert redrawn > 0 and difference == PASSES[2] * redrawn


def test_pictures_of_a_folder_are_cut_and_repeated(tmp_path):
    from PIL import Image

    Image.new("RGB", (40, 20), "red").save(tmp_path / "a.png")
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    pictures = read_pictures(tmp_path, 3, 16, 0)
    assert pictures.shape == (3, 16, 16, 3) and pictures.dtype == np.uint8
    assert (pictures == [255, 0, 0]).all()
    (tmp_path / "a.png").unlink()
    with pytest.raises(ArtganError, match="no picture"):
        read_pictures(tmp_path, 3, 16, 0)


ANSWERS = {
    ("tensorflow peak", "float32"): [([100.0, 110.0], 1.0), ([120.0, 90.0], 1.0)],
    ("artgan", "float32"): [([[9, 9], [1, 2], [1, 2]], 0.5), ([[9, 9], [1, 2]], 0.7)],
    ("keras", "float32"): [([[9, 9], [2, 2], [2, 2]], 0.5), ([[9, 9], [2, 2]], 0.6)],
}


@pytest.mark.parametrize(
    "clock, faster, share", [("wall", 2, 40), ("processor", 1, 22)]
)
def test_the_report_leaves_warming_up_out_and_compares(clock, faster, share):
    timings, peaks = throughput.summarize(ANSWERS, 1, clock)
    rows = make_rows(8, timings, peaks, {"artgan": 6.0, "keras": 6.0})
    assert [row["project is faster by"] for row in rows] == [1, faster]
    assert rows[0]["% of peak"] == pytest.approx(share, abs=0.5)
    assert [row["GiB"] for row in rows] == [0.7, 0.6]


def test_the_table_and_the_file_hold_the_rows(tmp_path, capsys):
    timings, peaks = throughput.summarize(ANSWERS, 1, "wall")
    rows = make_rows(8, timings, peaks, {"artgan": 6.0, "keras": 6.0})
    print_table(rows)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4 and len(set(map(len, lines))) == 1
    write_csv(tmp_path / "rows.csv", rows, {"date": "today"})
    with open(tmp_path / "rows.csv", encoding="utf-8", newline="") as file:
        stored = list(csv.DictReader(file))
    assert [row["pictures/s"] for row in stored] == ["8.0", "4.0"]
    assert {row["date"] for row in stored} == {"today"}
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_bad_options_are_refused(capsys):
    for words in (["--batch", "0"], ["--preset", "none"], ["--only", "nothing"]):
        with pytest.raises(SystemExit):
            throughput.parse(words)
    assert "it must be above 0" in capsys.readouterr().err


def test_the_clock_notes_both_times():
    clock = Clock()
    clock.tick()
    clock.tick()
    assert np.shape(clock.seconds) == (2, 2)
