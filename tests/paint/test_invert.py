"""The search finds what the model painted itself, and keeps to its latents."""

from dataclasses import replace

import numpy as np
from painters import wild_model

from artgan.paint.invert import CANDIDATES, middle_of, search
from artgan.paint.paint import paint, paint_latents


def test_the_picture_becomes_like_the_middle_of_the_image(tiny_config):
    flat = replace(tiny_config, latent_distribution="uniform", classes="a:3,b:2")
    model = wild_model(flat)
    painted = paint(model, [CANDIDATES + 5])[0]
    wide = np.pad(painted, [(0, 0), (40, 40), (0, 0)])
    found, distances = zip(*search(model, wide, 40), strict=True)
    assert len(distances) == 41
    assert list(distances) == sorted(distances, reverse=True)  # of the best so far
    assert distances[-1] < 0.5 * distances[0]
    near, away = (
        np.abs(picture - np.float32(painted)).mean()
        for picture in paint_latents(model, np.concatenate([found[-1], -found[-1]]))
    )
    assert near < 0.5 * away
    every = np.concatenate(found)
    assert every.shape == (41, 8) and np.abs(every).max() <= 1
    assert (every[:, 6:] >= 0).all()  # shares of classes


def test_a_picture_is_bent_as_those_that_the_model_learnt_from(tiny_config):
    model = wild_model(replace(tiny_config, stretch=1.5))
    [shown], [painted] = model.generate([3]), paint(model, [3])
    assert shown.shape == (32, 48, 3)
    wide = np.pad(shown, [(0, 0), (40, 40), (0, 0)])
    assert np.corrcoef(np.ravel(middle_of(model, wide)), painted.ravel())[0, 1] > 0.9
