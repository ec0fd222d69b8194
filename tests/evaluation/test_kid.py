import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artgan.evaluation.kid import kernel_inception_distance, mmd2_unbiased


def rows(seed, count=60, dimensions=12, shift=0.0, scale=1.0):
    rng = np.random.default_rng(seed)
    return shift + scale * rng.standard_normal([count, dimensions])


def mmd2_by_hand(real, fake):
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
def test_mmd2_is_what_its_definition_says(seed, n, m, d, shift):
    real, fake = rows(seed, n, d), rows(seed + 1, m, d, shift)
    expected = mmd2_by_hand(real, fake)
    assert mmd2_unbiased(real, fake) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def powers(rows):
    """Every product of three of (x / sqrt(d), 1): the kernel, unfolded."""
    rows = np.pad(rows / np.sqrt(rows.shape[1]), [(0, 0), (0, 1)], constant_values=1)
    return np.einsum("ni,nj,nk->nijk", rows, rows, rows).reshape(len(rows), -1)


def test_mmd2_is_a_distance_of_unfolded_means():
    # Without any kernel: |E f(x) - E f(y)|^2, each picture's own square taken out.
    real, fake = rows(0, 40, 5), rows(1, 30, 5, shift=0.4)
    first, second = powers(real), powers(fake)
    expected = -2 * first.mean(0) @ second.mean(0)
    for group in first, second:
        total = group.sum(0)
        expected += (total @ total - (group**2).sum()) / len(group) / (len(group) - 1)
    assert mmd2_unbiased(real, fake) == pytest.approx(expected, rel=1e-9)


def test_the_deviation_is_that_over_random_subsets():
    real, fake = rows(0, 30), rows(1, 25, shift=0.3)
    rng = np.random.default_rng(7)
    expected = []
    for _ in range(4):
        chosen = [rng.choice(len(x), 10, replace=False) for x in (real, fake)]
        expected.append(mmd2_by_hand(real[chosen[0]], fake[chosen[1]]))
    kid = kernel_inception_distance(real, fake, subsets=4, subset_size=10, seed=7)
    assert kid == pytest.approx((mmd2_by_hand(real, fake), np.std(expected)))


def test_subsets_are_never_larger_than_the_smaller_set():
    value, deviation = kernel_inception_distance(rows(0, 30), rows(1, 2))
    assert np.isfinite([value, deviation]).all() and deviation > 0
    whole = kernel_inception_distance(rows(0, 5), rows(1, 5))
    assert whole[1] == pytest.approx(0, abs=1e-12)


def test_mmd2_is_unbiased():
    values = [mmd2_unbiased(rows(n, 20), rows(n + 500, 20)) for n in range(200)]
    assert min(values) < 0 < max(values)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))


def test_further_sets_have_a_larger_distance():
    real = rows(0, 200)
    shifts = 0, 0.2, 0.5, 1
    distances = [mmd2_unbiased(real, rows(1, 200, shift=shift)) for shift in shifts]
    assert distances == sorted(distances)
    assert distances[3] > 50 * abs(distances[0])
    assert mmd2_unbiased(real, rows(1, 200, scale=0.3)) > 5 * abs(distances[0])


def test_features_of_less_precision_are_compared_in_float64():
    real, fake = np.float16(rows(0, shift=30)), np.float16(rows(1, shift=30.5))
    exact = mmd2_by_hand(real[:9], fake[:9])
    kid, _ = kernel_inception_distance(real[:9], fake[:9])
    assert kid == pytest.approx(exact, rel=1e-9)
