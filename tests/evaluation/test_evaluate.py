"""Comparing: figures of another program, copies, few pictures, classes, mistakes."""

import numpy as np
import pytest

import artgan
from artgan.evaluation import evaluate as module
from artgan.evaluation.evaluate import evaluate
from artgan.system.errors import ArtganError


def blocks(seed, count, low=0, high=256, size=32):
    """Pictures of 4 x 4 squares: [count, size, size, 3] uint8."""
    squares = np.random.default_rng(seed).integers(low, high, [count, 4, 4, 3], "uint8")
    return squares.repeat(size // 4, 1).repeat(size // 4, 2)


def means(images):
    """A network's stand-in: the mean colours of sixteen parts of a picture."""
    return np.float32(images)[:, 2::8, 2::8].reshape([len(images), -1]) / 255


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(module, "load_mobilenet", lambda: means)


def test_figures_are_those_of_another_program():
    painted, real = blocks(1, 39, 64, 192), blocks(0, 42)
    figures = evaluate(painted, real).figures
    assert figures["kid"] == pytest.approx(0.363056, rel=0.1)
    assert figures["nearest"] == pytest.approx(1.167713, rel=0.03)
    assert figures["diversity"] == pytest.approx(0.985675, rel=0.03)
    assert 0 < figures["kid_deviation"] < 0.1 and 200 < figures["swd"] < 600
    assert figures["swd_floor"] < figures["swd"] and 0.5 < figures["structure"] < 1.5
    assert 0 < figures["nearest_planted"] < 1


@pytest.mark.usefixtures("quick")
def test_copies_show_in_the_figures_and_in_the_pairs():
    real, painted = blocks(0, 60), blocks(1, 50)
    figures = evaluate(real[:40], real).figures
    assert figures["nearest"] == pytest.approx(0, abs=1e-4)
    assert figures["diversity"] == pytest.approx(1, abs=0.1)
    assert abs(figures["kid"]) < 0.05
    painted[33] = real[7]
    evaluation = evaluate(painted, real)
    figures, first, second = evaluation.figures, *evaluation.pairs[:2]
    assert figures["nearest"] > 0.8 and figures["nearest_1st_percentile"] < 0.6
    assert first == (33, 7, pytest.approx(0, abs=1e-4), False)
    away = np.linalg.norm(means(painted[[second.painted]]) - means(real), axis=1)
    assert second.real == away.argmin() and second.distance < figures["nearest"]


@pytest.mark.usefixtures("quick")
def test_a_mirrored_copy_counts_where_the_model_learnt_from_mirrored_pictures():
    real, painted = blocks(0, 60, size=64), blocks(1, 50, size=64)
    painted[33] = real[7, :, ::-1]
    plain = evaluate(painted, real)
    first = evaluate(painted, real, True).pairs[0]
    assert first == (33, 7, pytest.approx(0, abs=1e-4), True)
    assert plain.pairs[0].distance > 0.5 and not plain.pairs[0].mirrored


@pytest.mark.usefixtures("quick")
@pytest.mark.filterwarnings("error")
def test_figures_without_a_value_are_none():
    figures = evaluate(blocks(0, 5), np.zeros([5, 32, 32, 3], np.uint8)).figures
    names = "nearest", "diversity", "structure", "kid", "told_apart"
    assert [figures[name] for name in names] == [None] * 5


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("real", "painted"), [(2, 16), (29, 40), (40, 29)])
def test_few_pictures_have_no_kid_but_their_nearest_pairs(real, painted):
    evaluation = evaluate(blocks(1, painted), blocks(0, real))
    assert evaluation.figures["kid"] is evaluation.figures["told_apart"] is None
    assert len(evaluation.pairs) == 16 and evaluation.figures["swd"] > 0


@pytest.mark.usefixtures("quick")
def test_all_real_pictures_are_searched_and_the_same_give_the_same(monkeypatch):
    monkeypatch.setattr(module, "compare", lambda *rest: {})
    real = blocks(0, 1300)
    first, again = (evaluate(real[[1299, 3, 1200]], real) for _ in "ab")
    assert sorted(pair.real for pair in first.pairs) == [3, 1200, 1299]
    assert first == again


@pytest.mark.usefixtures("quick")
def test_within_a_class_one_motif_shows_although_the_whole_is_diverse():
    real, painted = blocks(0, 60), blocks(1, 40)
    kinds = ["guardi"] * 30 + ["canaletto"] * 29 + ["alone"]
    painted[::2] = painted[:1] // 2 + np.arange(20, dtype="uint8")[:, None, None, None]
    labels = kinds, ["guardi", "canaletto"] * 20
    found = evaluate(painted, real, labels=labels).figures["within_classes"]
    assert list(found) == ["canaletto", "guardi"]
    assert found["guardi"]["structure"] < 0.1 < 0.7 < found["canaletto"]["structure"]
    assert found["guardi"]["diversity"] < 0.4 < 0.7 < found["canaletto"]["diversity"]


@pytest.mark.parametrize(
    ("painted", "words"),
    [
        (blocks(0, 1), "2 pictures or more"),
        (blocks(0, 5, size=64), "5 of 32x32 and 5 of 64x64"),
        (blocks(0, 5) / 255, "pictures are float64"),
        (None, "pictures are"),
    ],
)
def test_what_does_not_fit_is_a_sentence(painted, words):
    with pytest.raises(ArtganError, match=words):
        artgan.evaluate(painted, blocks(0, 5))
