import numpy as np
import pytest

from artgan.evaluation import swd
from artgan.evaluation.swd import (
    blur,
    laplacian_levels,
    random_patches,
    sliced_distance,
    sliced_wasserstein_distance,
)


def blocks(seed, count, low=0, high=256):
    """Pictures of 4 x 4 squares: [count, 32, 32, 3] uint8."""
    draw = np.random.default_rng(seed)
    return draw.integers(low, high, [count, 4, 4, 3], "uint8").repeat(8, 1).repeat(8, 2)


def test_figures_are_those_of_another_program():
    figures = sliced_wasserstein_distance(blocks(0, 12), blocks(1, 9, 64, 192))
    assert figures == pytest.approx([444.5318, 385.3080], rel=1e-4)


def test_more_of_the_same_is_nearer_than_darker_pictures():
    same = sliced_wasserstein_distance(blocks(0, 40), blocks(1, 40))
    darker = sliced_wasserstein_distance(blocks(0, 40), blocks(1, 40) // 2)
    assert max(same) < min(darker)


@pytest.mark.parametrize("shape", [(64, 64), (64, 96)])
def test_there_is_a_level_for_each_halving_and_all_sum_up(shape, monkeypatch):
    monkeypatch.setattr(swd, "CHUNK", 2)
    draw = np.random.default_rng(0)
    images = draw.integers(0, 256, [5, *shape, 3], np.uint8)
    fine, middle, x = laplacian_levels(images)
    assert x.shape == (5, shape[0] // 4, shape[1] // 4, 3)
    for level in (middle, fine):
        spread = np.zeros_like(level)
        spread[:, ::2, ::2] = 4 * x
        x = level + blur(spread)
    assert x == pytest.approx(images / 127.5 - 1, abs=1e-5)


def test_patches_come_from_their_own_picture_and_from_every_place():
    level = np.zeros([3, 12, 10, 3]) + 1000 * np.arange(3)[:, None, None, None]
    level += np.arange(120).reshape(12, 10, 1)
    patches = random_patches(level, 99, np.random.default_rng(0))
    assert patches.shape == (297, 49, 3)
    assert (patches[:, 0, 0] // 1000 == np.repeat([0, 1, 2], 99)).all()
    assert patches.min() == 0 and patches.max() == 2119


def test_the_distance_of_two_shifted_sets_is_their_shift_seen_from_everywhere():
    points = np.random.default_rng(0).normal(size=[2000, 3])
    shift = np.array([3.0, 0, 0])
    found = sliced_distance(points, points + shift, np.random.default_rng(1), 2000)
    assert found == pytest.approx(1.5, rel=0.05)  # the mean of |cos| is a half
    assert sliced_distance(points, points[::-1], np.random.default_rng(1)) < 1e-6
