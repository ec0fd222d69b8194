"""The twins that the project is compared with compute what it computes."""

import importlib.util
import subprocess
import sys

import keras
import numpy as np
import pytest

from artgan.gan.config import preset
from artgan.gan.training import GAN, train_step
from artgan.gan.upsample import even_kernel
from benchmarks import machine, throughput
from benchmarks.throughput_keras import KerasGAN

TINY = {"size": 32, "base_channels": 4, "max_channels": 16, "latent_size": 6}
TINY |= {"mixing_channels": 4, "head_channels": 8, "batch_size": 4}
WEIGHTS = ("kernel", "bias", "gamma", "beta", "left_vector", "vector_u")


@pytest.fixture(params=["default", "dcgan"])
def both(request):
    """The project's GAN and its twin in Keras, with the same weights."""
    config = preset(request.param, precision="float32", seed=3, **TINY)
    gan, twin = GAN(config), KerasGAN(config)
    for name in ("generator", "discriminator"):
        ours, theirs = (weights(getattr(which, name)) for which in (gan, twin))
        for weight, other in zip(ours, theirs, strict=True):
            other.assign(weight)
    return gan, twin


def weights(network):
    """The weights that a step starts from, layer by layer, in the order of WEIGHTS."""
    found = []
    for layer in network.layers:
        for owner in (getattr(layer, "layer", layer), layer):  # of a wrapper too
            held = [getattr(owner, name, None) for name in WEIGHTS]
            found += [w for w in held if isinstance(w, keras.Variable)]
    return list({id(weight): weight for weight in found}.values())


def test_the_twin_in_keras_has_the_same_layers(both):
    gan, twin = both
    for name in ("generator", "discriminator"):
        ours, theirs = (getattr(which, name) for which in both)
        assert ours.count_params() == theirs.count_params()
        assert [x.shape for x in ours.outputs] == [x.shape for x in theirs.outputs]
    assert not any(
        type(layer).__module__.startswith("artgan")
        for network in (twin.generator, twin.discriminator)
        for layer in network.layers
    )


def test_the_twin_in_keras_has_the_same_first_losses(both, tiny_images):
    gan, twin = both
    for layer in twin.generator.layers:
        if gan.config.generator == "slim" and "transpose" in layer.name:
            layer.kernel.assign(even_kernel(layer.kernel))
    ours = [float(x) for x in train_step(gan, tiny_images[:4])[:2]]
    theirs = [float(x) for x in twin.step(tiny_images[:4])]
    assert theirs[0] == pytest.approx(ours[0], rel=1e-3)
    # Keras passes no gradient through the spectral norm, so the discriminator has
    # moved a little otherwise before the generator learns from it.
    assert theirs[1] == pytest.approx(ours[1], rel=0.2, abs=0.05)


def test_the_twin_in_torch_has_the_same_layers():
    pytest.importorskip("torch", reason="PyTorch is only for the benchmark")
    from benchmarks.throughput_torch import TorchGAN

    config = preset("dcgan", precision="float32", **TINY)
    gan, twin = GAN(config), TorchGAN(config)
    for network, other in zip(
        (gan.generator, gan.discriminator), twin.networks, strict=True
    ):
        count = sum(np.prod(w.shape) for w in network.trainable_weights)
        assert sum(weight.numel() for weight in other.parameters()) == count
    images = np.zeros([4, 32, 32, 3], np.uint8)
    loss_d, loss_g = (float(loss) for loss in twin.step(images))
    assert loss_d == pytest.approx(2 * np.log(2), abs=0.7)
    assert loss_g == pytest.approx(np.log(2), abs=0.7)


def test_both_implementations_are_measured_in_turns(repository, tmp_path):
    command = [sys.executable, "benchmarks/throughput.py", "--size", "32"]
    command += ["--batch-size", "2", "--steps", "1", "--rounds", "2", "--threads", "1"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "default, 32 px, batches of 2" in done.stdout
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert [row.split()[1] for row in rows[1:]] == ["artgan", "keras"]
    assert "| on |" in rows[1] and "1.00" in rows[1]


def test_what_is_compared_follows_from_the_options():
    found = ["torch"] if importlib.util.find_spec("torch") else []
    for words, names in (([], []), (["--preset", "dcgan"], found)):
        options = throughput.parse(words)
        assert throughput.implementations(options) == ["artgan", "keras", *names]
    former = throughput.parse(["--former", "somewhere"])
    assert throughput.implementations(former)[-1] == "former"


def test_the_machine_is_described(monkeypatch):
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2")
    told = machine.describe_machine()
    assert "ONEDNN_MAX_CPU_ISA is AVX2" in told and "TensorFlow 2." in told
    assert 0.01 < machine.peak_memory() < 100
