import numpy as np
import pytest

from artgan.evaluation import evaluate as module
from artgan.evaluation.evaluate import evaluate
from artgan.evaluation.mobilenet import load_mobilenet
from artgan.system.errors import ArtganError


def blocks(seed, count, low=0, high=256, size=32):
    """Pictures of 4 x 4 squares: [count, size, size, 3] uint8."""
    squares = np.random.default_rng(seed).integers(
        low, high, [count, 4, 4, 3], np.uint8
    )
    return squares.repeat(size // 4, 1).repeat(size // 4, 2)


@pytest.fixture(scope="module")
def network():
    return load_mobilenet()


@pytest.fixture
def means(monkeypatch):
    """A network's stand-in: the mean colours of sixteen parts of a picture."""

    def look(network, images, title):
        return np.float32(images)[:, 2::8, 2::8].reshape([len(images), -1]) / 255

    monkeypatch.setattr(module, "picture_features", look)
    return "no network"


def test_figures_are_those_of_another_program(network):
    figures = evaluate(blocks(1, 9, 64, 192), blocks(0, 12), network=network).figures
    assert figures["kid"] == pytest.approx(0.348508, rel=1e-3)
    assert figures["kid_deviation"] == pytest.approx(0.035, abs=0.01)
    assert figures["nearest"] == pytest.approx(1.244762, rel=1e-3)
    assert figures["diversity"] == pytest.approx(1.067548, rel=1e-3)
    assert figures["swd"] == pytest.approx(np.mean([444.5, 385.3]), rel=0.1)
    assert set(figures) == {
        *("kid", "kid_deviation", "swd", "swd_floor"),
        *("nearest", "nearest_1st_percentile", "diversity"),
    }


def test_the_network_that_ships_is_used_by_default(monkeypatch, network):
    asked = []
    monkeypatch.setattr(module, "load_mobilenet", lambda: asked.append(1) or network)
    assert evaluate(blocks(0, 2), blocks(1, 3)).figures["kid"] is not None
    assert asked == [1]


def test_figures_of_copies(means):
    real = blocks(0, 40)
    figures = evaluate(real[:20], real, network=means).figures
    assert figures["nearest"] == pytest.approx(0, abs=1e-4)
    assert figures["nearest_1st_percentile"] == pytest.approx(0, abs=1e-4)
    assert figures["diversity"] == pytest.approx(1, abs=0.1)
    assert abs(figures["kid"]) < 0.05


def test_one_copy_shows_in_the_percentile_and_as_the_first_pair(means):
    real, painted = blocks(0, 60), blocks(1, 50)
    painted[33] = real[7]
    evaluation = evaluate(painted, real, network=means)
    assert evaluation.figures["nearest"] > 0.8
    assert evaluation.figures["nearest_1st_percentile"] < 0.6
    first = evaluation.pairs[0]
    assert (first.painted, first.real, first.mirrored) == (33, 7, False)
    assert first.distance == pytest.approx(0, abs=1e-4)


def test_a_mirrored_copy_counts_where_the_model_learnt_from_mirrored_pictures(means):
    real, painted = blocks(0, 60, size=64), blocks(1, 50, size=64)
    painted[33] = real[7, :, ::-1]
    plain = evaluate(painted, real, network=means)
    mirrored = evaluate(painted, real, True, network=means)
    first = mirrored.pairs[0]
    assert (first.painted, first.real, first.mirrored) == (33, 7, True)
    assert first.distance < 1e-4 < 0.5 < plain.pairs[0].distance


def test_figures_without_a_value_are_none(means):
    same = np.zeros([5, 32, 32, 3], np.uint8)
    figures = evaluate(blocks(0, 5), same, walk=same, network=means).figures
    names = "nearest", "diversity", "walk_variation", "walk_largest_step"
    assert [figures[name] for name in names] == [None] * 4
    assert figures["kid"] > 0


def test_the_same_pictures_give_the_same_figures(means):
    first, again = (evaluate(blocks(1, 9), blocks(0, 9), network=means) for _ in "ab")
    assert first == again


def test_all_real_pictures_are_searched_but_a_thousand_are_compared(means, monkeypatch):
    sizes = []

    def distance(real, fake):
        sizes.append((len(real), len(fake)))
        return 0.0, 0.0

    monkeypatch.setattr(module, "kernel_inception_distance", distance)
    real = blocks(0, 1300)
    evaluation = evaluate(real[[1299, 3, 1200]], real, network=means)
    assert sizes == [(1000, 3)]
    assert sorted(pair.real for pair in evaluation.pairs) == [3, 1200, 1299]


@pytest.mark.parametrize(
    ("size", "count"), [(4, 512), (128, 512), (256, 128), (2048, 2)]
)
def test_large_pictures_are_compared_by_fewer_patches(size, count, monkeypatch):
    counts = []

    def distance(real, fake):
        counts.append((len(real), len(fake)))
        return [0.0]

    monkeypatch.setattr(module, "sliced_wasserstein_distance", distance)
    monkeypatch.setattr(module, "shuffled", lambda rows, count: rows[:count])
    pictures = np.broadcast_to(np.uint8(0), [600, size, size, 3])
    module.compare_patches(pictures, pictures)
    assert counts == [(count, count), (count // 2, count // 2)]


@pytest.mark.parametrize(
    ("painted", "real", "words"),
    [
        (blocks(0, 1), blocks(0, 5), "2 painted pictures or more"),
        (blocks(0, 5), blocks(0, 0), "2 real pictures or more"),
        (blocks(0, 5) / 255, blocks(0, 5), "painted pictures are float64"),
        (blocks(0, 5)[0], blocks(0, 5), r"painted pictures are uint8 \[32, 32, 3\]"),
        (blocks(0, 5), blocks(0, 5)[..., :1], "real pictures are uint8"),
        (blocks(0, 5), blocks(0, 5, size=64), "32 pixels high.*64"),
    ],
)
def test_arrays_that_do_not_fit_are_a_sentence(painted, real, words):
    with pytest.raises(ArtganError, match=words):
        evaluate(painted, real, network="not needed")
