"""Training in bfloat16 goes the way of training in float32, as far as chaos lets it."""

import numpy as np
import pytest
from trials.tracing import SMALLEST

from artgan.gan.config import preset
from artgan.gan.training import GAN, next_batch, train_step
from artgan.paint.grid import generate

pytestmark = pytest.mark.trial

STEPS = 300
EARLY = 3  # Steps before a rounded bit has become another picture.

# Both precisions start from the same bits; the rounding of the first steps grows until
# the runs are as different as two seeds. So the first steps are held to a narrow band,
# and later only averages to a wide one. Measured with the seeds 0 to 3 on 26 November
# 2026, the largest difference of each: 0.13 and 0.035; 0.1 and 0.022; 0.04 and 0.023.
EARLY_BAND = 0.25, 0.25, 0.1  # of the losses, relative; of the accuracy
MEAN_BAND = 0.2, 0.2, 0.1  # the same, of the means of all steps
PICTURE_BAND = 0.3, 0.2  # of the mean and the spread of pictures in [-1, 1]


def trained(precision, seed):
    """Train the smallest GAN: losses and accuracy [steps, 3]; mean and spread."""
    draw = np.random.default_rng(0)
    blocks = draw.integers(0, 256, [5, 4, 4, 3], np.uint8)
    images = blocks.repeat(8, axis=1).repeat(8, axis=2)
    settings = SMALLEST | {"precision": precision, "batch_size": 4, "seed": seed}
    gan = GAN(preset("default", **settings))
    losses = [np.array(train_step(gan, next_batch(gan, images))) for _ in range(STEPS)]
    pictures = generate(gan, 64) / 127.5 - 1
    channels = (0, 1, 2)
    figures = pictures.mean(channels).mean(), pictures.std(channels).mean()
    return np.array(losses), np.array(figures)


def sizes(losses):
    """How large the two losses are on average, and 1 for the accuracy: [3]."""
    return np.append(np.abs(losses[:, :2]).mean(0), 1)


def test_bfloat16_trains_like_float32(trial_seed):
    (half, half_figures), (full, full_figures) = (
        trained(precision, trial_seed) for precision in ("bfloat16", "float32")
    )
    assert np.isfinite(half).all() and (half != full).any()
    early = np.abs(half[:EARLY] - full[:EARLY]).max(0)
    assert (early < EARLY_BAND * sizes(full[:EARLY])).all(), early
    overall = np.abs(half.mean(0) - full.mean(0))
    assert (overall < MEAN_BAND * sizes(full)).all(), overall
    pictures = np.abs(half_figures - full_figures)
    assert (pictures < PICTURE_BAND).all(), pictures
    assert half_figures[1] > 0.1  # it has learnt more than a grey
