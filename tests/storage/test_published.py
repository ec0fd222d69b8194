"""The weights in the repository, used as what they are published for."""

from dataclasses import replace

import numpy as np
import pytest

from artgan.gan.training import GAN
from artgan.paint.grid import generate
from artgan.runs.warm_start import warm_start
from artgan.storage.catalogue import read_catalogue
from artgan.storage.open_model import open_model
from artgan.storage.weights import NETWORKS
from artgan.system.shipped import shipped


@pytest.fixture(scope="module", params=sorted(read_catalogue(shipped())))
def model(request):
    return open_model(request.param, runs="nowhere")


def test_the_generator_paints_different_pictures(model):
    pictures = generate(model, 4).astype(float)
    assert pictures.std() > 30
    assert np.abs(pictures[0] - pictures[1]).mean() > 15


def test_they_are_a_beginning_of_which_everything_fits(model):
    # Painting is in float32, whatever a model was trained in.
    gan = GAN(replace(model.config, precision="float32"))
    text = warm_start(gan, {name: model.arrays(name) for name in NETWORKS})
    taken, layers = text.split()[0], text.split()[2]
    assert taken == layers
    painted, wanted = generate(gan, 2), generate(model, 2)
    assert np.abs(painted.astype(int) - wanted).max() <= 1
