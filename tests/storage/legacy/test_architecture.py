"""Checkpoints of the architecture notebook, written by TensorFlow 1's own graphs."""

import os
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from artgan.__main__ import main
from artgan.storage.builders import build_stored_generator, stored_config
from artgan.storage.json_file import read_object
from artgan.storage.legacy.architecture import architecture_discriminator
from artgan.storage.legacy.architecture_file import read_architecture
from artgan.storage.weights import load_arrays, read_network
from artgan.system.errors import ArtganError

v1 = tf.compat.v1
SIDE, CHANNELS, LATENT = 2, [32, 16, 8, 4, 2], 5
SIZE = SIDE * 2 ** (len(CHANNELS) - 1)


def variable(name, shape):
    """A variable with the random numbers that its part of a network needs."""
    numbers = np.random.default_rng(len(name) + 97 * shape[-1]).normal(size=shape)
    if "variance" in name or "gamma" in name:
        numbers = 0.5 + np.abs(numbers)
    elif len(shape) > 1:
        numbers /= np.sqrt(np.prod(shape[:-1]) / 4)
    return v1.get_variable(name, initializer=numbers.astype(np.float32))


def normalize(x, training):
    """TensorFlow 1's fused batch normalisation and LeakyReLU."""
    channels = [x.shape[-1]]
    gamma, beta = variable("gamma", channels), variable("beta", channels)
    mean = variable("moving_mean", channels)
    variance = variable("moving_variance", channels)
    statistics = {} if training else {"mean": mean, "variance": variance}
    x, _, _ = v1.nn.fused_batch_norm(
        x, gamma, beta, epsilon=1e-5, is_training=training, **statistics
    )
    return tf.nn.leaky_relu(x, 0.2)


def deconvolve(x, filters, stride):
    """A transposed 5x5 convolution with a bias."""
    kernel = variable("kernel", [5, 5, filters, x.shape[-1]])
    shape = [tf.shape(x)[0], stride * x.shape[1], stride * x.shape[2], filters]
    x = tf.nn.conv2d_transpose(x, kernel, shape, stride)
    return x + variable("bias", [filters])


def paint(latents, normalized):
    """The notebook's generator at a reduced width."""
    with v1.variable_scope("dense"):
        kernel = variable("kernel", [LATENT, SIDE * SIDE * CHANNELS[0]])
        x = tf.matmul(latents, kernel) + variable("bias", kernel.shape[1:])
    x = tf.nn.leaky_relu(tf.reshape(x, [-1, SIDE, SIDE, CHANNELS[0]]), 0.2)
    for number, filters in enumerate(CHANNELS[1:], start=1):
        with v1.variable_scope(f"layer{number}_deconv"):
            x = deconvolve(x, filters, 2)
        if not normalized:
            x = tf.nn.leaky_relu(x, 0.2)
            continue
        with v1.variable_scope(f"layer{number}_batch_norm"):
            x = normalize(x, training=False)
    with v1.variable_scope("logits"):
        return tf.tanh(deconvolve(x, 3, 1))


def judge(images, strides):
    """The notebook's discriminator at a reduced width."""
    x = images
    for number, stride in enumerate(strides, start=1):
        with v1.variable_scope(f"layer{number}_conv"):
            kernel = variable("kernel", [5, 5, x.shape[-1], 2 ** (number + 1)])
            x = tf.nn.conv2d(x, kernel, stride, "SAME")
            x += variable("bias", [x.shape[-1]])
        with v1.variable_scope(f"layer{number}_batch_norm"):
            x = normalize(x, training=True)
    x = tf.reshape(x, [-1, np.prod(x.shape[1:])])
    with v1.variable_scope("dense"):
        return tf.matmul(x, variable("kernel", [x.shape[1], 1])) + variable("bias", [1])


def write_checkpoint(path, strides=(2, 2, 2, 1, 2), normalized=True, extra=None):
    """Write the checkpoint; return latents, pictures, images and logits."""
    draw = np.random.default_rng(0)
    latents = draw.uniform(-1, 1, [3, LATENT]).astype(np.float32)
    images = draw.uniform(-1, 1, [3, SIZE, SIZE, 3]).astype(np.float32)
    with tf.Graph().as_default(), v1.Session() as session:
        with v1.variable_scope("generator"):
            pictures = paint(tf.constant(latents), normalized)
            if extra:
                variable(extra, [2])
        with v1.variable_scope("discriminator"):
            logits = judge(tf.constant(images), strides)
        trained = v1.trainable_variables("discriminator/dense")
        step = v1.train.AdamOptimizer(0.0).minimize(
            tf.reduce_sum(logits), None, trained
        )
        session.run(v1.global_variables_initializer())
        session.run(step)
        v1.train.Saver().save(session, str(path))
        return latents, session.run(pictures), images, session.run(logits)


def painted(networks, settings, latents):
    """What the imported generator paints."""
    generator = build_stored_generator(stored_config(settings))
    load_arrays(generator, networks["generator"], "the checkpoint")
    return np.asarray(generator(latents))


def test_both_networks_do_what_they_did_in_tensorflow_1(tmp_path):
    latents, pictures, images, logits = write_checkpoint(tmp_path / "model.ckpt")
    networks, settings, remarks = read_architecture(tmp_path / "model.ckpt")
    assert (
        settings["latent_distribution"] == "uniform" and settings["size"] == SIZE == 32
    )
    assert pictures.std() > 0.1
    np.testing.assert_allclose(
        painted(networks, settings, latents), pictures, atol=1e-4
    )
    arrays = networks["discriminator"]
    discriminator = architecture_discriminator(list(arrays.values()), SIZE)
    load_arrays(discriminator, arrays, "the checkpoint")
    found = discriminator(images, training=True)
    np.testing.assert_allclose(found, logits, atol=1e-4)
    assert "keeps the side" in remarks[0]


def test_a_network_without_normalisation_is_read_exactly(tmp_path):
    path = tmp_path / "model.ckpt"
    latents, pictures, _, _ = write_checkpoint(path, normalized=False)
    networks, settings, _ = read_architecture(path)
    np.testing.assert_allclose(
        painted(networks, settings, latents), pictures, atol=1e-4
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_any_path_will_do(tmp_path, monkeypatch):
    write_checkpoint(tmp_path / "model.ckpt")
    odd = tmp_path / "disk [2024]*{a}? caf\udce9"
    odd.mkdir()
    for part in tmp_path.glob("model.ckpt*"):
        part.rename(odd / part.name.replace("model", "my [1]"))
    monkeypatch.chdir(odd)
    for path in odd / "my [1].ckpt", Path("my [1].ckpt.index"):
        assert "generator" in read_architecture(path)[0]


def test_a_discriminator_that_always_halves_fits_the_preset(tmp_path):
    write_checkpoint(tmp_path / "model.ckpt", strides=(2, 2, 2))
    networks, _, remarks = read_architecture(tmp_path / "model.ckpt.index")
    assert networks["discriminator"]["judge/kernel"].shape == (4 * 4 * 16, 1)
    assert remarks == []


def test_other_variables_are_not_passed_over(tmp_path):
    write_checkpoint(tmp_path / "model.ckpt", extra="attention")
    with pytest.raises(ArtganError, match="it also has attention"):
        read_architecture(tmp_path / "model.ckpt")


def test_other_networks_are_refused(tmp_path):
    with tf.Graph().as_default(), v1.Session() as session:
        for name in ("generator/dense/kernel", "generator/layer1_deconv/kernel"):
            variable(name, [5, 5, 2, 0 + 4] if "deconv" in name else [5, 7])
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, str(tmp_path / "model.ckpt"))
    with pytest.raises(ArtganError, match="does not hold the networks|config field"):
        read_architecture(tmp_path / "model.ckpt")


@pytest.mark.parametrize("data", [None, b"", b"\x80\x04K\x01.", bytes(5000)])
def test_what_is_no_checkpoint_is_a_sentence(tmp_path, data):
    path = tmp_path / "model.ckpt"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ArtganError, match="cannot be read as a TensorFlow checkpoint"):
        read_architecture(path)


def test_a_damaged_checkpoint_is_a_sentence(tmp_path):
    write_checkpoint(tmp_path / "model.ckpt")
    data = tmp_path / "model.ckpt.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:100])
    with pytest.raises(ArtganError, match="cannot be read as a TensorFlow checkpoint"):
        read_architecture(tmp_path / "model.ckpt")


def test_the_command_leaves_a_folder_of_weights(tmp_path, monkeypatch, capsys):
    latents, pictures, _, _ = write_checkpoint(tmp_path / "models" / "model.ckpt")
    monkeypatch.chdir(tmp_path)
    command = ["import-weights", "architecture", "models/model.ckpt", "--out", "new"]
    assert main(command) == 0
    output = capsys.readouterr().out
    assert "`python -m artgan generate -w new` paints" in output
    config, arrays, _ = read_network("new")
    card = read_object(tmp_path / "new" / "card.json")
    assert card["imported_from"] == "model.ckpt"
    assert "keeps the side" in card["remarks"][0]
    np.testing.assert_allclose(
        painted({"generator": arrays}, config, latents), pictures, atol=1e-4
    )
    assert main(["generate", "-w", "new", "-i", "2", "--out", "o"]) == 0
    sizes = [Image.open(path).size for path in (tmp_path / "o").rglob("*.png")]
    assert sizes == [(SIZE, SIZE), (SIZE, SIZE)]
    assert read_network("new", "discriminator")[1]["conv1/kernel"].shape == (5, 5, 3, 4)
    assert main(command) == 2
    assert "new is not empty" in capsys.readouterr().err
