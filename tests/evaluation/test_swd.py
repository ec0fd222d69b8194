import numpy as np
import pytest

from artgan.evaluation.swd import (
    blur,
    laplacian_levels,
    random_patches,
    sliced_distance,
    sliced_wasserstein_distance,
)


def blocks(seed, count, low=0, high=256):
    """Pictures of 4 x 4 squares: [count, 32, 32, 3] uint8."""
    squares = np.random.default_rng(seed).integers(
        low, high, [count, 4, 4, 3], np.uint8
    )
    return squares.repeat(8, 1).repeat(8, 2)


def test_figures_are_those_of_another_program():
    real, fake = blocks(0, 12), blocks(1, 9, 64, 192)
    figures = sliced_wasserstein_distance(real, fake)
    assert figures == pytest.approx([444.5318, 385.3080], rel=1e-4)
    figures = sliced_wasserstein_distance(real, fake, seed=3, count=16)
    assert figures == pytest.approx([458.2325, 413.4788], rel=1e-4)


def test_equal_sets_are_nearer_than_others():
    same = sliced_wasserstein_distance(blocks(0, 40), blocks(1, 40))
    darker = sliced_wasserstein_distance(blocks(0, 40), blocks(1, 40) // 2)
    assert max(same) < min(darker)


def test_it_is_the_same_for_the_same_seed_only():
    first, again, other = (
        sliced_wasserstein_distance(blocks(0, 4), blocks(1, 4), seed)
        for seed in (5, 5, 6)
    )
    assert first == again != other


@pytest.mark.parametrize(
    ("size", "sides"),
    [(128, [128, 64, 32, 16]), (64, [64, 32, 16]), (20, [20, 10]), (16, [16])],
)
def test_there_is_a_level_for_each_halving(size, sides):
    levels = laplacian_levels(np.zeros([2, size, size, 3], np.uint8))
    assert [level.shape for level in levels] == [(2, s, s, 3) for s in sides]


def test_the_levels_sum_up_to_the_pictures():
    images = np.random.default_rng(0).integers(0, 256, [40, 64, 64, 3], np.uint8)
    fine, middle, x = laplacian_levels(images)
    for level in (middle, fine):
        spread = np.zeros_like(level)
        spread[:, ::2, ::2] = 4 * x
        x = level + blur(spread)
    assert x == pytest.approx(images / 127.5 - 1, abs=1e-5)


def test_blurring_keeps_plain_pictures_and_spreads_a_point():
    assert blur(np.ones([1, 8, 9, 3])) == pytest.approx(1)
    point = np.zeros([1, 9, 9, 1])
    point[0, 4, 4] = 256
    weights = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])
    assert blur(point)[0, 2:7, 2:7, 0] == pytest.approx(weights)


def test_patches_come_from_their_own_picture_and_keep_their_colours():
    level = np.zeros([3, 12, 10, 3]) + np.arange(3)[:, None, None, None]
    level[..., 1] += 10
    patches = random_patches(level, 5, np.random.default_rng(0))
    assert patches.shape == (15, 49, 3)
    assert (patches[:, :, 0] == np.repeat([0, 1, 2], 5)[:, None]).all()
    assert (patches[:, :, 1] - patches[:, :, 0] == 10).all()


def test_patches_may_lie_at_every_edge():
    level = np.arange(81.0).reshape(1, 9, 9, 1)
    patches = random_patches(level, 200, np.random.default_rng(0))
    assert patches.min() == 0 and patches.max() == 80


def test_the_distance_of_two_shifted_sets_is_their_shift_seen_from_everywhere():
    points = np.random.default_rng(0).normal(size=[2000, 3])
    shift = np.array([3.0, 0, 0])
    found = sliced_distance(points, points + shift, np.random.default_rng(1), 2000)
    # The mean of |cos| over the sphere is a half.
    assert found == pytest.approx(1.5, rel=0.05)
    assert sliced_distance(points, points[::-1], np.random.default_rng(1)) < 1e-6
