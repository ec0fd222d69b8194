import numpy as np
import pytest

from artgan.evaluation.smoothness import walk_smoothness


def circle(count, radius=3.0):
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return radius * np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)


def test_a_circle_is_perfectly_smooth():
    variation, largest = walk_smoothness(circle(60))
    assert variation == pytest.approx(0, abs=1e-9)
    assert largest == pytest.approx(1)


def test_a_walk_that_jumps_is_not_smooth():
    noise = 0.01 * np.random.default_rng(0).standard_normal([60, 3])
    smooth, _ = walk_smoothness(circle(60) + noise)
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


@pytest.mark.filterwarnings("error")
def test_a_walk_on_the_spot_has_no_smoothness_and_no_warning():
    assert not np.isfinite(walk_smoothness(np.ones([9, 4]))).any()
