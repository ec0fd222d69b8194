"""Classes: how often, how strongly, and that they are painted."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from arrays import doubles

import artgan.gan.training
from artgan.gan.classes import (
    Labelled,
    class_logits,
    class_rows,
    class_strength,
    classes_of_step,
    sample_labels,
)
from artgan.gan.devices import find_strategy, shared_step
from artgan.gan.discriminator import (
    DISCRIMINATORS,
    head,
    look_at_pictures,
    tell_classes,
)
from artgan.gan.training import GAN, next_batch, sample_latents, train_step

CLASSES = {"classes": "orange:30,blue:10", "classes_begin": 40, "classes_full": 120}


@pytest.fixture
def config(tiny_config):
    """Two classes that come in from the tenth step on, in full at the thirtieth."""
    return replace(tiny_config, **CLASSES, batch_size=4)


@pytest.mark.parametrize(("step", "strength"), [(10, 0), (15, 0.25), (10**6, 1)])
def test_their_strength_follows_from_the_step_alone(step, strength, config):
    step = tf.Variable(step, dtype=tf.int64)
    assert float(class_strength(config, step)) == pytest.approx(strength)
    rows = class_rows(config, np.array([1, 0, 1]), step)
    assert rows.numpy() == pytest.approx(strength * np.eye(2)[[1, 0, 1]])


def test_labels_are_drawn_as_often_as_pictures_have_them(config, tiny_config):
    labels = sample_labels(config, 4000, [1, 2]).numpy()
    assert labels.dtype == np.int64 and set(labels) == {0, 1}
    assert (labels == 0).mean() == pytest.approx(0.75, abs=0.03)
    assert (sample_labels(config, 4000, [1, 2]).numpy() == labels).all()
    assert (sample_labels(config, 4000, [1, 3]).numpy() != labels).any()
    assert not sample_labels(tiny_config, 9, [0, 1]).numpy().any()


def test_what_a_class_adds_to_logits_is_its_formula():
    x, rows = keras.Input([6, 5, 3]), keras.Input([2])
    network = keras.Model([x, rows], class_logits(x, rows, "head"))
    vectors = network.get_layer("head_classes").kernel
    vectors.assign(doubles(2, 3))
    x, rows = np.float32(doubles(4, 6, 5, 3)), np.float32(doubles(4, 2, seed=1))
    patches = np.lib.stride_tricks.sliding_window_view(x, (4, 4), (1, 2)).mean((4, 5))
    expected = np.einsum("nhwc,nc->nhw", patches, rows @ vectors.numpy()) / 3**0.5
    assert expected.shape == (4, 3, 2)
    found = network([x, rows])[..., 0]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_every_head_is_told_the_class(config, tiny_config):
    keras.utils.set_random_seed(1)
    build = DISCRIMINATORS["projected"][1]
    told, plain = map(build, (config, tiny_config))
    for weight in plain.weights:
        other = next(w for w in told.weights if w.path == weight.path)
        weight.assign(other)
    draw = np.random.default_rng(0)
    view = [np.float32(draw.normal(size=[2, *x.shape[1:]])) for x in plain.inputs]
    without = plain(view)
    nothing, orange = told([*view, np.zeros([2, 2])]), told([*view, np.eye(2)[[0, 0]]])
    for x, y, z in zip(without, nothing, orange, strict=True):
        assert (x.numpy() == y.numpy()).all()
        assert (np.abs(y - z).max(axis=(1, 2, 3)) > 1e-6).all()


def test_both_networks_are_told_the_labels_of_their_pictures(
    config, tiny_images, monkeypatch
):
    told, gan = [], GAN(config)

    def look(gan, images, rows, seed, really=artgan.gan.training.look):
        told.append((images, *rows))
        return really(gan, images, rows, seed)

    monkeypatch.setattr(artgan.gan.training, "look", look)
    gan.step.assign(20)
    seeds = tf.random.experimental.stateless_split(tf.constant([3, 20], tf.int64), 5)
    drawn = np.eye(2)[sample_labels(config, 4, seeds[4])] / 2  # half of their strength
    latents = tf.concat([sample_latents(config, 4, seeds[2]), np.float32(drawn)], 1)
    expected = gan.generator(latents, training=True)
    classes = classes_of_step(gan, np.array([1, 0, 0, 1]))
    train_step.python_function(gan, tiny_images[:4], *classes)
    (_, real_rows), (fakes, fake_rows) = told
    assert (real_rows.numpy() == np.eye(2)[[1, 0, 0, 1]] / 2).all()
    assert (fake_rows.numpy() == drawn).all()
    np.testing.assert_allclose(fakes, expected, atol=1e-5)


def test_a_class_is_painted_in_its_colour(tiny_config, monkeypatch):
    """By a GAN with a head for the picture alone, that saw orange and blue squares."""

    def build(config):
        images = keras.Input([*config.shape, 3])
        return tell_classes(keras.Model([images], [head(config, images, "head")]), 2)

    monkeypatch.setitem(DISCRIMINATORS, "plain", (look_at_pictures, build))
    options = {"generator_learning_rate": 1e-2, "discriminator_learning_rate": 1e-2}
    options |= {"augmentations": "", "head_channels": 16, "batch_size": 4}
    options |= {"classes": "orange:3,blue:1", "classes_begin": 0, "classes_full": 40}
    labels = np.array([0, 0, 0, 1])
    colours = np.uint8([[230, 130, 30], [30, 60, 220]])[labels]
    images = np.tile(colours[:, None, None], [1, 32, 32, 1])
    gan = GAN(replace(tiny_config, discriminator="plain", **options))
    go = shared_step(find_strategy(1))
    for _ in range(200):
        go(gan, next_batch(gan, Labelled(images, labels)))
    latents, found = sample_latents(gan.config, 8, [5, 5]), []
    for row in np.eye(2, dtype=np.float32):
        told = tf.concat([latents, np.tile(row, [8, 1])], 1)
        found.append(gan.generator_ema(told).numpy().mean((0, 1, 2)) * 127.5)
    orange, blue = found
    assert orange[0] > orange[2] + 80 and blue[2] > blue[0] + 80
