"""Features of another program; distances by hand, and of copies and collapse."""

import hashlib
import json

import keras
import numpy as np
import pytest

from artgan.evaluation import features as module
from artgan.evaluation.features import (
    MOBILENET_SHA256,
    diversity,
    kernel_inception_distance,
    load_mobilenet,
    mmd2_unbiased,
    nearest_distances,
    pairwise_distances,
)
from artgan.system.files import shipped


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
    monkeypatch.setattr(module, "MAX_ROWS", 50)
    real = rows(0, 400)
    assert nearest_distances(real, real[300:] + 0.01).max() < 0.05
    assert np.median(nearest_distances(real, rows(1, 100))) == pytest.approx(1, abs=0.1)
    assert np.median(nearest_distances(real, rows(1, shift=5))) > 2
    assert diversity(real, np.ones([50, 12])) == pytest.approx(0, abs=1e-6)
    assert diversity(real, rows(1, 200) / 2) == pytest.approx(0.5, abs=0.1)


def test_features_are_those_of_another_program_in_every_batch_and_precision():
    squares = np.random.default_rng(0).integers(0, 256, [12, 4, 4, 3], "uint8")
    images, network = squares.repeat(8, 1).repeat(8, 2), load_mobilenet()
    features = network(images)
    assert features.shape == (12, 1280) and features.dtype == np.float32
    expected = [0, 0.00271875, 0.88304806, 0, 0.070595, 0]
    assert features[0, :6] == pytest.approx(expected, abs=0.02)
    assert features.mean() == pytest.approx(0.32095698, abs=4e-3)
    assert network(images[10:])[0] == pytest.approx(features[10], abs=1e-4)
    keras.config.set_dtype_policy("mixed_bfloat16")  # reset by a fixture
    assert load_mobilenet()(images) == pytest.approx(features, abs=1e-4)


@pytest.mark.parametrize("name", ["mobilenet-v2", "efficientnet-lite0"])
def test_what_ships_is_what_is_written_beside_it(name):
    entry = json.loads(shipped("features", "features.json").read_text("utf-8"))[name]
    data = shipped("features", entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert entry["licence"] == "Apache-2.0" and entry["source"]
    assert (entry["sha256"] == MOBILENET_SHA256) == (name == "mobilenet-v2")
    assert "Version 2.0" in shipped("features", "LICENSE").read_text("utf-8")
