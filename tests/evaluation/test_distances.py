"""Distances between features: by hand, and what they say of copies and collapse."""

import numpy as np
import pytest

from artgan.evaluation import distances
from artgan.evaluation.distances import (
    diversity,
    kernel_inception_distance,
    mmd2_unbiased,
    nearest_distances,
    pairwise_distances,
)


def rows(seed, count=60, dimensions=12, shift=0.0):
    return shift + np.random.default_rng(seed).standard_normal([count, dimensions])


def mmd2_by_hand(real, fake):
    """The same quantity from its definition, pair after pair."""

    def kernel(one, other):
        return (sum(a * b for a, b in zip(one, other, strict=True)) / len(one) + 1) ** 3

    def within(group):
        return np.mean([kernel(a, b) for a in group for b in group if a is not b])

    group, other = list(map(np.float64, real)), list(map(np.float64, fake))
    across = np.mean([kernel(a, b) for a in group for b in other])
    return within(group) + within(other) - 2 * across


@pytest.mark.parametrize("seed", range(3))
def test_mmd2_is_what_its_definition_says(seed):
    n, m, d = np.random.default_rng(seed).integers(2, 9, 3)
    real, fake = rows(seed, n, d), rows(seed + 50, m, d, shift=seed - 1)
    assert mmd2_unbiased(real, fake) == pytest.approx(mmd2_by_hand(real, fake))


def test_mmd2_is_unbiased_and_grows_with_the_distance():
    values = [mmd2_unbiased(rows(n, 20), rows(n + 500, 20)) for n in range(200)]
    assert min(values) < 0 < max(values)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))
    real = rows(0, 200)
    found = [mmd2_unbiased(real, rows(1, 200, shift=s)) for s in (0, 0.2, 0.5, 1)]
    assert found == sorted(found) and found[3] > 50 * abs(found[0])


def test_kid_is_that_of_all_and_its_deviation_that_over_random_subsets():
    real, fake = np.float16(rows(0, 30, shift=9)), np.float16(rows(1, 25, shift=9.3))
    draw, expected = np.random.default_rng(0), []
    for _ in range(4):
        chosen = [x[draw.choice(len(x), 10, replace=False)] for x in (real, fake)]
        expected.append(mmd2_by_hand(*chosen))
    kid = kernel_inception_distance(real, fake, subsets=4, size=10)
    assert kid == pytest.approx((mmd2_by_hand(real, fake), np.std(expected)))


def test_distances_nearest_and_diversity_are_as_by_hand():
    first, second = rows(0, 5, 3), rows(1, 4, 3)
    expected = [[np.linalg.norm(a - b) for b in second] for a in first]
    assert pairwise_distances(first, second) == pytest.approx(np.array(expected))
    real = np.array([[0.0], [1.0], [3.0]])  # 1, 1 and 2 from their nearest
    fake = np.array([[0.5], [7.0], [3.25]])
    assert nearest_distances(real, fake) == pytest.approx([0.5, 4, 0.25])
    assert diversity(real, fake[:2] / 6.5) == pytest.approx(1 / 2)


def test_copies_are_found_among_all_however_many(monkeypatch):
    monkeypatch.setattr(distances, "MAX_ROWS", 50)
    real = rows(0, 400)
    assert nearest_distances(real, real[300:] + 0.01).max() < 0.05
    assert np.median(nearest_distances(real, rows(1, 100))) == pytest.approx(1, abs=0.1)
    assert np.median(nearest_distances(real, rows(1, shift=5))) > 2
    assert diversity(real, np.ones([50, 12])) == pytest.approx(0, abs=1e-6)
    assert diversity(real, rows(1, 200) / 2) == pytest.approx(0.5, abs=0.1)
