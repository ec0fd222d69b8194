"""Judges of pixels: one drawing in many tints, a wrong grain, wrong colours."""

import numpy as np
import pytest

from artgan.evaluation.pixels import (
    blur,
    laplacian_levels,
    left_out_accuracy,
    motif,
    sliced_wasserstein_distance,
    structure,
    told_apart,
)


def drawings(seed, count, height=64, width=64):
    """Grey squares, in another place each time: [count, height, width, 3] uint8."""
    rng = np.random.default_rng(seed)
    squares = rng.integers(0, 256, [count, 8, 8, 1], np.uint8)
    large = squares.repeat(height // 8, 1).repeat(width // 8, 2).repeat(3, 3)
    moves = rng.integers(0, height, [count, 2])
    return np.stack([np.roll(x, m, (0, 1)) for x, m in zip(large, moves, strict=True)])


def tinted(drawing, count=10):
    """One drawing in many tints and contrasts: [count, h, w, 3] uint8."""
    tints = np.random.default_rng(1).uniform(0.3, 1, [count, 1, 1, 3])
    return np.uint8(drawing * tints)


def blocks(seed, count, low=0, high=256):
    """Pictures of 4 x 4 squares: [count, 32, 32, 3] uint8."""
    draw = np.random.default_rng(seed)
    return draw.integers(low, high, [count, 4, 4, 3], "uint8").repeat(8, 1).repeat(8, 2)


def blobs(seed, count, grain=0, size=64):
    """Pictures of soft blobs, and of some grain: [count, size, size + 32, 3] uint8."""
    draw = np.random.default_rng(seed)
    colours = draw.uniform(0, 200, [count, size // 16, size // 16 + 2, 3])
    large = colours.repeat(16, 1).repeat(16, 2)
    return np.uint8(large + draw.uniform(0, 1 + grain, large.shape))


def test_structure_falls_with_each_picture_that_repeats_a_drawing():
    real, painted = drawings(0, 40), drawings(1, 20)
    figures = []
    for count in (0, 5, 10, 20):
        painted[:count] = tinted(painted[0], 20)[:count]
        figures.append(structure(real, painted))
    assert figures == sorted(figures, reverse=True)
    assert figures[::3] == pytest.approx([1, 0], abs=0.1)
    assert figures[2] == pytest.approx(1 - 90 / 380, abs=0.15)  # 10 x 9 of 20 x 19


@pytest.mark.parametrize(("height", "width"), [(32, 32), (128, 192), (96, 72)])
def test_motif_takes_any_shape(height, width):
    images = drawings(0, 9, height, width)
    assert motif(images) < 0.5 < 0.97 < motif(tinted(images[0]))


@pytest.mark.filterwarnings("error")
def test_plain_pictures_are_all_alike_and_no_trouble():
    plain = np.uint8([10, 90, 200])[:, None, None, None] * np.ones([64, 64, 3], "uint8")
    assert motif(plain) == pytest.approx(1)
    assert 0 <= told_apart(*np.zeros([2, 30, 32, 32, 3], np.uint8)) <= 1


def test_swd_is_that_of_another_program_and_larger_for_darker_pictures():
    figures = sliced_wasserstein_distance(blocks(0, 12), blocks(1, 9, 64, 192))
    assert figures == pytest.approx([444.5318, 385.3080], rel=1e-4)
    same = sliced_wasserstein_distance(blocks(0, 40), blocks(1, 40))
    darker = sliced_wasserstein_distance(blocks(0, 40), blocks(1, 40) // 2)
    assert max(same) < min(darker)


@pytest.mark.parametrize("shape", [(64, 64), (64, 96), (160, 64)])
def test_there_is_a_level_for_each_halving_and_all_sum_up(shape):
    draw = np.random.default_rng(0)
    images = draw.integers(0, 256, [5, *shape, 3], np.uint8)
    fine, middle, x = laplacian_levels(images)
    assert x.shape == (5, shape[0] // 4, shape[1] // 4, 3)
    for level in (middle, fine):
        spread = np.zeros_like(level)
        spread[:, ::2, ::2] = 4 * x
        x = level + blur(spread)
    assert x == pytest.approx(images / 127.5 - 1, abs=1e-5)


@pytest.mark.parametrize("size", [64, 128])
def test_halves_of_one_set_are_not_told_apart_and_another_grain_is(size):
    real = blobs(0, 60, size=size)
    assert told_apart(real[:30], real[30:]) == pytest.approx(0.5, abs=0.2)
    assert told_apart(real[:30], blobs(1, 30, 55, size)) > 0.9
    assert told_apart(real, real // 2) > 0.9


def test_a_row_is_never_told_by_what_was_learnt_from_it():
    draw = np.random.default_rng(0)
    first, second = draw.normal(size=[20, 50]), draw.normal(size=[30, 50])
    rows, sizes, right = np.concatenate([first, second]), np.array([20, 30]), []
    rows = (rows - rows.mean(0)) / rows.std(0)
    wanted = np.repeat([1, -1] / sizes, sizes)
    for out in range(50):
        rest = np.arange(50) != out
        gram = rows @ rows[rest].T / 50 + 1
        weights = np.linalg.solve(gram[rest] + np.eye(49), wanted[rest])
        right.append(gram[out] @ weights * wanted[out] > 0)
    expected = (np.mean(right[:20]) + np.mean(right[20:])) / 2
    assert left_out_accuracy(first, second) == pytest.approx(expected)
