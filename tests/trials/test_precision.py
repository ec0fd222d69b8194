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
# and later only averages to a wide one. Measured with the seeds 0 to 7 on 23 November
# 2026, the largest difference of each: 0.010; 0.041 and 0.112; 0.080 and 0.072.
EARLY_BAND = 0.03  # of each loss of the first steps
LOSS_BAND = 0.15, 0.25  # of the mean losses of all steps
PICTURE_BAND = 0.3, 0.2  # of the mean and the spread of pictures in [-1, 1]


def trained(precision, seed):
    """Train the smallest network: losses [steps, 2], mean and spread of pictures."""
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


def test_bfloat16_trains_like_float32(trial_seed):
    (half, half_figures), (full, full_figures) = (
        trained(precision, trial_seed) for precision in ("bfloat16", "float32")
    )
    assert np.isfinite(half).all() and (half != full).any()
    early = np.abs(half[:EARLY] - full[:EARLY])
    assert (early < EARLY_BAND).all(), early
    overall = np.abs(half.mean(0) - full.mean(0))
    assert (overall < LOSS_BAND).all(), overall
    pictures = np.abs(half_figures - full_figures)
    assert (pictures < PICTURE_BAND).all(), pictures
    assert half_figures[1] > 0.2  # it has learnt more than a grey
