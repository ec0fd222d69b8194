import numpy as np
import pytest

from artgan.evaluation import nearest
from artgan.evaluation.nearest import (
    diversity,
    nearest_distances,
    pairwise_distances,
    walk_smoothness,
)


def rows(seed, count=60, dimensions=12, shift=0.0, scale=1.0):
    draw = np.random.default_rng(seed)
    return shift + scale * draw.standard_normal([count, dimensions])


def test_distances_are_euclidean():
    first, second = rows(0, 5, 3), rows(1, 4, 3)
    expected = [[np.linalg.norm(a - b) for b in second] for a in first]
    assert pairwise_distances(first, second) == pytest.approx(np.array(expected))


def test_nearest_and_diversity_by_hand():
    real = np.array([[0.0], [1.0], [3.0]])  # 1, 1 and 2 from their nearest
    fake = np.array([[0.5], [7.0], [3.25]])
    assert nearest_distances(real, fake) == pytest.approx([0.5, 4, 0.25])
    assert diversity(real, fake[:2] / 6.5) == pytest.approx(1 / 2)


def test_copies_are_found_among_all_however_many(monkeypatch):
    monkeypatch.setattr(nearest, "MAX_ROWS", 50)
    real = rows(0, 400)
    assert nearest_distances(real, real[300:] + 0.01).max() < 0.05
    assert np.median(nearest_distances(real, rows(1, 100))) == pytest.approx(1, abs=0.1)
    assert np.median(nearest_distances(real, rows(1, shift=5))) > 2


def test_diversity_is_0_for_a_collapse_and_1_for_more_of_the_same():
    real = rows(0, 200)
    assert diversity(real, np.ones([50, 12])) == pytest.approx(0, abs=1e-6)
    assert diversity(real, rows(1, 200)) == pytest.approx(1, abs=0.05)
    assert diversity(real, rows(1, 200, scale=0.5)) == pytest.approx(0.5, abs=0.1)


def test_an_even_walk_is_smooth_and_a_jump_shows_also_on_the_way_home():
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert walk_smoothness(circle) == pytest.approx((0, 1), abs=1e-9)
    line = np.array([[0.0], [1.0], [2.0], [3.0]])
    assert walk_smoothness(line) == pytest.approx((np.std([1, 1, 1, 3]) / 1.5, 3))


@pytest.mark.filterwarnings("error")
def test_where_nothing_differs_there_is_no_figure_and_no_warning():
    same = np.zeros([3, 2])
    assert not np.isfinite(nearest_distances(same, rows(0, 4, 2))).any()
    assert not np.isfinite(diversity(same, rows(0, 4, 2)))
    assert not np.isfinite(walk_smoothness(same)).any()
