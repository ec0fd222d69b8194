import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artgan.evaluation.metrics import (
    diversity_ratio,
    kernel_distance,
    nearest_ratio,
    pairwise_distances,
    squared_discrepancy,
    typical_gap,
    walk_smoothness,
)


def rows(seed, count=60, dimensions=12, shift=0.0, scale=1.0):
    draw = np.random.default_rng(seed)
    return shift + scale * draw.standard_normal([count, dimensions])


def discrepancy_by_hand(real, fake):
    """The same quantity from its definition, pair after pair."""

    def kernel(one, other):
        product = sum(float(a) * float(b) for a, b in zip(one, other, strict=True))
        return (product / len(one) + 1) ** 3

    def mean_of_pairs(group):
        values = [
            kernel(one, other)
            for i, one in enumerate(group)
            for j, other in enumerate(group)
            if i != j
        ]
        return sum(values) / len(values)

    across = [kernel(one, other) for one in real for other in fake]
    within = mean_of_pairs(real) + mean_of_pairs(fake)
    return within - 2 * sum(across) / len(across)


@settings(deadline=None, max_examples=20)
@given(
    st.integers(0, 1000),
    st.integers(2, 9),
    st.integers(2, 9),
    st.integers(1, 7),
    st.floats(-3, 3),
)
def test_the_kernel_distance_is_what_its_definition_says(seed, n, m, d, shift):
    real, fake = rows(seed, n, d), rows(seed + 1, m, d, shift)
    expected = discrepancy_by_hand(real, fake)
    assert kernel_distance(real, fake)[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def powers(rows):
    """Every product of three of (x / sqrt(d), 1): the kernel, unfolded."""
    rows = np.pad(rows / np.sqrt(rows.shape[1]), [(0, 0), (0, 1)], constant_values=1)
    return np.einsum("ni,nj,nk->nijk", rows, rows, rows).reshape(len(rows), -1)


def test_the_kernel_distance_is_a_distance_of_unfolded_means():
    # Without any kernel: |E f(x) - E f(y)|^2, each picture's own square taken out.
    real, fake = rows(0, 40, 5), rows(1, 30, 5, shift=0.4)
    first, second = powers(real), powers(fake)
    expected = -2 * first.mean(0) @ second.mean(0)
    for group in first, second:
        total = group.sum(0)
        expected += (total @ total - (group**2).sum()) / len(group) / (len(group) - 1)
    assert kernel_distance(real, fake)[0] == pytest.approx(expected, rel=1e-9)


def test_the_deviation_is_that_over_random_subsets():
    real, fake = rows(0, 30), rows(1, 25, shift=0.3)
    draw = np.random.default_rng(7)
    expected = []
    for _ in range(4):
        chosen = [draw.choice(len(x), 10, replace=False) for x in (real, fake)]
        expected.append(discrepancy_by_hand(real[chosen[0]], fake[chosen[1]]))
    value, deviation = kernel_distance(real, fake, subsets=4, subset_size=10, seed=7)
    assert deviation == pytest.approx(np.std(expected))
    assert value == pytest.approx(discrepancy_by_hand(real, fake))


def test_subsets_are_never_larger_than_the_smaller_set():
    real, fake = rows(0, 30), rows(1, 2)
    value, deviation = kernel_distance(real, fake)
    assert np.isfinite([value, deviation]).all() and deviation > 0
    assert kernel_distance(rows(0, 5), rows(1, 5))[1] == pytest.approx(0, abs=1e-12)


def test_the_kernel_distance_is_unbiased():
    values = [squared_discrepancy(rows(n, 20), rows(n + 500, 20)) for n in range(200)]
    assert min(values) < 0 < max(values)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))


def test_further_sets_have_a_larger_kernel_distance():
    real = rows(0, 200)
    distances = [
        squared_discrepancy(real, rows(1, 200, shift=shift))
        for shift in (0, 0.2, 0.5, 1)
    ]
    assert distances == sorted(distances)
    assert distances[3] > 50 * abs(distances[0])
    assert squared_discrepancy(real, rows(1, 200, scale=0.3)) > 5 * abs(distances[0])


def test_features_of_less_precision_are_compared_in_float64():
    real, fake = np.float16(rows(0, shift=30)), np.float16(rows(1, shift=30.5))
    exact = discrepancy_by_hand(real[:9], fake[:9])
    assert kernel_distance(real[:9], fake[:9])[0] == pytest.approx(exact, rel=1e-9)
    assert pairwise_distances(real, fake).dtype == np.float64


def test_distances_are_euclidean():
    first, second = rows(0, 5, 3), rows(1, 4, 3)
    expected = [[np.linalg.norm(a - b) for b in second] for a in first]
    assert pairwise_distances(first, second) == pytest.approx(np.array(expected))


def test_the_typical_gap_is_the_median_one():
    assert typical_gap([[0.0], [1.0], [3.0], [6.0], [50.0]]) == pytest.approx(2)


def test_nearest_is_0_for_copies_and_1_for_more_of_the_same():
    real = rows(0, 300)
    assert nearest_ratio(real, real[:40]) == pytest.approx(0, abs=1e-6)
    assert nearest_ratio(real, real[:40] + 0.01) < 0.05
    assert nearest_ratio(real, rows(1, 300)) == pytest.approx(1, abs=0.1)
    assert nearest_ratio(real, rows(1, 300, shift=5)) > 2


def test_nearest_by_hand():
    real, fake = [[0.0], [1.0], [3.0]], [[0.5], [7.0], [3.25]]
    assert nearest_ratio(real, fake) == pytest.approx(0.5 / 1)


def test_diversity_is_0_for_a_collapse_and_1_for_more_of_the_same():
    real = rows(0, 200)
    assert diversity_ratio(real, np.ones([50, 12])) == pytest.approx(0, abs=1e-6)
    assert diversity_ratio(real, rows(1, 200)) == pytest.approx(1, abs=0.05)
    assert diversity_ratio(real, rows(1, 200, scale=0.5)) == pytest.approx(0.5, abs=0.1)


def test_diversity_by_hand():
    real, fake = [[0.0], [1.0], [3.0]], [[0.0], [1.0]]
    assert diversity_ratio(real, fake) == pytest.approx(1 / 2)


def test_identical_real_pictures_give_no_figure_and_no_warning():
    same = np.zeros([3, 2])
    assert not np.isfinite(nearest_ratio(same, rows(0, 4, 2)))
    assert not np.isfinite(diversity_ratio(same, rows(0, 4, 2)))


def circle(count, radius=3.0):
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return radius * np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)


def test_a_circle_is_perfectly_smooth():
    variation, largest = walk_smoothness(circle(60))
    assert variation == pytest.approx(0, abs=1e-9)
    assert largest == pytest.approx(1)


def test_a_walk_that_jumps_is_not_smooth():
    smooth, _ = walk_smoothness(circle(60) + rows(0, 60, 3, scale=0.01))
    jumping = circle(60)
    jumping[30:] += [0, 0, 10]
    variation, largest = walk_smoothness(jumping)
    assert 0 < smooth < 0.2 < 1 < variation
    step = np.linalg.norm(circle(60)[1] - circle(60)[0])
    assert largest == pytest.approx(np.hypot(10, step) / step)


def test_the_step_home_counts():
    assert walk_smoothness([[0.0], [1.0], [2.0], [3.0]]) == pytest.approx(
        (np.std([1, 1, 1, 3]) / 1.5, 3)
    )


def test_a_walk_on_the_spot_has_no_smoothness_and_no_warning():
    assert not np.isfinite(walk_smoothness(np.ones([9, 4]))).any()
