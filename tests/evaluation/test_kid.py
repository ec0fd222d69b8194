import numpy as np
import pytest

from artgan.evaluation.kid import kernel_inception_distance, mmd2_unbiased


def rows(seed, count=60, dimensions=12, shift=0.0):
    draw = np.random.default_rng(seed)
    return shift + draw.standard_normal([count, dimensions])


def mmd2_by_hand(real, fake):
    """The same quantity from its definition, pair after pair."""

    def kernel(one, other):
        return (sum(a * b for a, b in zip(one, other, strict=True)) / len(one) + 1) ** 3

    def within(group):
        pairs = [(a, b) for a in group for b in group if a is not b]
        return np.mean([kernel(a, b) for a, b in pairs])

    group, other = list(map(np.float64, real)), list(map(np.float64, fake))
    across = np.mean([kernel(a, b) for a in group for b in other])
    return within(group) + within(other) - 2 * across


@pytest.mark.parametrize("seed", range(5))
def test_mmd2_is_what_its_definition_says(seed):
    n, m, d = np.random.default_rng(seed).integers(2, 9, 3)
    real, fake = rows(seed, n, d), rows(seed + 50, m, d, shift=seed - 2)
    assert mmd2_unbiased(real, fake) == pytest.approx(mmd2_by_hand(real, fake))


def test_mmd2_is_unbiased():
    values = [mmd2_unbiased(rows(n, 20), rows(n + 500, 20)) for n in range(200)]
    assert min(values) < 0 < max(values)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))


def test_kid_is_that_of_all_and_its_deviation_that_over_random_subsets():
    real, fake = np.float16(rows(0, 30, shift=9)), np.float16(rows(1, 25, shift=9.3))
    draw, expected = np.random.default_rng(0), []
    for _ in range(4):
        chosen = [x[draw.choice(len(x), 10, replace=False)] for x in (real, fake)]
        expected.append(mmd2_by_hand(*chosen))
    kid = kernel_inception_distance(real, fake, subsets=4, size=10)
    assert kid == pytest.approx((mmd2_by_hand(real, fake), np.std(expected)))


def test_further_sets_have_a_larger_distance():
    real = rows(0, 200)
    distances = [mmd2_unbiased(real, rows(1, 200, shift=s)) for s in (0, 0.2, 0.5, 1)]
    assert distances == sorted(distances) and distances[3] > 50 * abs(distances[0])
