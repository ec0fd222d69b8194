import numpy as np
import pytest

from artgan.evaluation.apart import left_out_accuracy, told_apart


def pictures(seed, count, grain=0, size=64):
    """Pictures of soft blobs, and of some grain: [count, size, size + 32, 3] uint8."""
    draw = np.random.default_rng(seed)
    blobs = draw.uniform(0, 200, [count, size // 16, size // 16 + 2, 3])
    large = blobs.repeat(16, 1).repeat(16, 2)
    return np.uint8(large + draw.uniform(0, 1 + grain, large.shape))


@pytest.mark.parametrize("size", [64, 128])
def test_halves_of_one_set_are_not_told_apart_and_another_grain_is(size):
    real = pictures(0, 60, size=size)
    assert told_apart(real[:30], real[30:]) == pytest.approx(0.5, abs=0.2)
    assert told_apart(real[:30], pictures(1, 30, 55, size)) > 0.9
    assert told_apart(real, real // 2) > 0.9


def test_a_row_is_never_told_by_what_was_learnt_from_it():
    draw = np.random.default_rng(0)
    first, second = draw.normal(size=[20, 50]), draw.normal(size=[30, 50])
    sets, right = (first, second), []
    rows, sizes = np.concatenate(sets), np.array([20, 30])
    rows = (rows - rows.mean(0)) / rows.std(0)
    wanted = np.repeat([1, -1] / sizes, sizes)
    for out in range(50):
        rest = np.arange(50) != out
        gram = rows @ rows[rest].T / 50 + 1
        weights = np.linalg.solve(gram[rest] + np.eye(49), wanted[rest])
        right.append(gram[out] @ weights * wanted[out] > 0)
    expected = (np.mean(right[:20]) + np.mean(right[20:])) / 2
    assert left_out_accuracy(*sets) == pytest.approx(expected)


@pytest.mark.filterwarnings("error")
def test_plain_pictures_are_no_trouble():
    assert 0 <= told_apart(*np.zeros([2, 30, 32, 32, 3], np.uint8)) <= 1
