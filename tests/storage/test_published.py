"""The weights in the repository, used as what they are published for."""

import shutil

import numpy as np
import pytest
import tensorflow as tf

from artgan.data.dataset import Dataset
from artgan.paint.grid import generate
from artgan.runs.warm_start import open_beginning
from artgan.storage.catalogue import read_catalogue

NAMES = ("architecture-128", "flowers-256", "villas-128")


@pytest.fixture(scope="module", params=NAMES)
def gan(request, repository):
    return open_beginning(request.param, checkpoints=repository / "checkpoints")


@pytest.fixture
def villas(repository, tmp_path):
    """Eight of the bundled pictures, in [-1, 1]."""
    for path in sorted((repository / "data" / "villas").glob("*.jpg"))[::32]:
        shutil.copy(path, tmp_path)
    images = Dataset(tmp_path, 128).images[:]
    return tf.cast(images, tf.float32) / 127.5 - 1


def test_all_are_tried(repository):
    assert {*NAMES} == {*read_catalogue(repository / "checkpoints")}


def test_the_discriminator_still_knows_what_it_sees(gan, villas):
    """It redraws villas, which it can only do if each array is in its place."""
    size = gan.config.size
    _, redrawn = gan.discriminator(tf.image.resize(villas, [size, size]))
    half = tf.image.resize(villas, [size // 2, size // 2], "area")
    one_colour = tf.reduce_mean(half, [1, 2], keepdims=True)
    error, plain = (
        tf.reduce_mean(tf.abs(picture - half)) for picture in (redrawn, one_colour)
    )
    assert error < 0.65 * plain


def test_the_generator_paints_different_pictures(gan):
    pictures = generate(gan, 4).astype(float)
    assert pictures.std() > 30
    assert np.abs(pictures[0] - pictures[1]).mean() > 15
